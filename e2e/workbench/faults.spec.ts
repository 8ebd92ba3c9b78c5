// Two people on one photograph: a server that dies, a network that goes, a role and a photograph taken away.
import { boxOf, byId, expectClose } from '../support/compare'
import { expect, onlyOn, test } from '../support/test'
import { two } from '../support/two'
import { Workbench } from '../support/workbench'

onlyOn('webgpu', 'what is kept does not draw')

test('the server is killed while both draw; after its restart both have everything', async ({ person, server }) => {
  // Its own waits are longer than a test's usual ones.
  test.setTimeout(240_000)
  const { ada, ben, image } = await two(person)
  await ada.workbench.drawBox([20, 20], [80, 80])
  await ben.workbench.drawBox([100, 20], [160, 80])
  await Promise.all([ada.workbench.saved(), ben.workbench.saved()])

  // Both have a gesture open when the server dies, end it without a server, and go on.
  await ada.workbench.choose('Box')
  await ada.workbench.moveTo([20, 120])
  await ada.page.mouse.down()
  await ada.workbench.moveTo([60, 150])
  await server.kill()
  await ada.workbench.moveTo([80, 180])
  await ada.page.mouse.up()
  await ben.workbench.drawBox([100, 120], [160, 180])
  await ada.workbench.drawBox([20, 220], [80, 280])
  await ben.workbench.drawBox([100, 220], [160, 280])
  await expect(ada.workbench.saveState).toContainText('2 edits kept here')
  await expect(ben.workbench.saveState).toContainText('2 edits kept here')

  await server.up()
  await Promise.all([
    ada.workbench.until('Ada has all six', ({ annotations }) => annotations === 6, 60_000),
    ben.workbench.until('Ben has all six', ({ annotations }) => annotations === 6, 60_000),
  ])
  await Promise.all([ada.workbench.saved(), ben.workbench.saved()])
  const rows = await ada.api.annotations(image.id)
  expect(rows.map((row) => Math.round(boxOf(row)[1] / 100)).sort()).toEqual([0, 0, 1, 1, 2, 2])

  // Killed once more without warning: what was acknowledged is there.
  await server.kill()
  await server.up()
  expect(byId(await ada.api.annotations(image.id))).toEqual(byId(rows))
})

test('offline edits survive a reload and merge', async ({ person }) => {
  const { ada, ben, image } = await two(person)
  await ada.workbench.drawBox([20, 20], [80, 80])
  await ada.workbench.saved()
  await expect(ben.workbench.objects).toHaveCount(1)

  // Ada's socket goes and stays away; the pages themselves can still be loaded.
  await ada.page.routeWebSocket(/\/v1\/ws\/rooms\//, (socket) => socket.close())
  await ada.page.reload()
  await expect(ada.workbench.canvas).toBeVisible()
  await ada.workbench.until('the photograph shows', (state) => state.image_ready, 40_000)
  await ada.workbench.until('Ada can edit', (state) => state.can_edit)
  await ada.workbench.drawBox([200, 20], [260, 80])
  await ada.workbench.drawBox([300, 20], [360, 80])
  await expect(ada.workbench.saveState).toContainText('2 edits kept here')
  await ben.workbench.drawBox([20, 300], [80, 360])
  await ben.workbench.saved()

  // The tab goes too: the edits wait in the browser.
  await ada.page.close()
  expect(await ben.api.annotations(image.id)).toHaveLength(2)
  const page = await ada.context.newPage()
  const again = new Workbench(page)
  await again.annotate((await ada.api.get<{ project_id: string }>(`/api/v1/images/${image.id}`)).project_id, image.id)
  await again.until('Ada has all four', ({ annotations }) => annotations === 4)
  await ben.workbench.until('Ben has all four', ({ annotations }) => annotations === 4)
  await again.saved()
  const rows = await ben.api.annotations(image.id)
  expect(rows).toHaveLength(4)
  const tops = rows.map((row) => boxOf(row).slice(0, 2)).sort((a, b) => a[0] - b[0] || a[1] - b[1])
  expectClose(tops.flat(), [20, 20, 20, 300, 200, 20, 300, 20], 1.5)
})

test('an edit that the server refuses goes; those after it are made again beside what others did meanwhile', async ({ person }) => {
  const { ada, ben, labels, image } = await two(person)
  await ada.workbench.drawBox([50, 50], [150, 150])
  await ada.workbench.saved()
  const [box] = await ada.api.annotations(image.id)
  const other = labels.find(({ id }) => id !== box.label_id)?.id

  // From here on Ada's edits wait on their way, and those of others do not reach her.
  const isUpdate = (message: string | Buffer) => typeof message !== 'string' && message[0] === 0 && message[1] === 2
  let held: (string | Buffer)[] | undefined
  let release = () => {}
  await ada.page.routeWebSocket(/\/v1\/ws\/rooms\//, (socket) => {
    const server = socket.connectToServer()
    socket.onMessage((message) => (held && isUpdate(message) ? held.push(message) : server.send(message)))
    server.onMessage((message) => held && isUpdate(message) || socket.send(message))
    release = () => {
      // The first of them arrives broken.
      const [, ...rest] = held ?? []
      held = undefined
      server.send(Buffer.from([0, 2, 3, 255, 255, 255]))
      rest.forEach((message) => server.send(message))
    }
  })
  await ada.page.reload()
  await ada.workbench.opened()
  await ada.workbench.count(1)
  await ada.workbench.saved()
  held = []
  await ada.workbench.drawBox([300, 50], [400, 150])
  await expect.poll(() => held?.length).toBe(1)
  await ada.workbench.choose('Select')
  await ada.workbench.drag([50, 100], [70, 130])
  await expect.poll(() => held?.length).toBe(2)
  await ben.api.call('PATCH', `/api/v1/annotations/${box.id}`, { label_id: other })
  release()

  await expect(ada.page.getByText('The server refused an edit')).toBeVisible()
  await ada.workbench.count(1)
  await ada.workbench.saved()
  const [row, ...others] = await ada.api.annotations(image.id)
  expect(others).toEqual([])
  expect(row.label_id).toBe(other)
  expectClose(boxOf(row), [70, 80, 100, 100], 1.5)
})

test('a member without a role watches, and is told so', async ({ person }) => {
  const { ada, ben, project, image } = await two(person)
  await ada.workbench.drawBox([50, 50], [150, 150])
  await ada.workbench.saved()
  // Ben stays in the workspace but loses his role, while his page is open.
  await ada.api.call('DELETE', `/api/v1/projects/${project.id}/members/${ben.api.userId}`)
  await expect(ben.workbench.saveState).toHaveText('View only')
  await expect(ben.workbench.tool('Box')).toBeDisabled()

  const seen = (await ben.workbench.engine())?.annotations
  await ada.workbench.drawBox([200, 50], [300, 150])
  await ben.workbench.until('Ben watches on', ({ annotations }) => annotations === (seen ?? 0) + 1)
  // Neither the keyboard nor the API lets him write.
  await ben.workbench.click([100, 100])
  await ben.page.keyboard.press('Delete')
  const refused = await ben.api
    .annotate(image.id, (await ada.api.annotations(image.id))[0].label_id, { type: 'box', box: [1, 1, 5, 5] })
    .then(() => 'accepted', (error) => error.status)
  expect(refused).toBe(403)
  expect(await ada.api.annotations(image.id)).toHaveLength(2)
})

test('a photograph deleted while someone has it open says so, and comes back', async ({ person }) => {
  const { ada, ben, image } = await two(person)
  await ada.workbench.drawBox([50, 50], [150, 150])
  await ada.workbench.saved()
  await ada.api.call('DELETE', `/api/v1/images/${image.id}`)
  await expect(ben.page.getByText('Someone deleted this photograph')).toBeVisible()
  await ada.api.call('POST', `/api/v1/images/${image.id}/restore`)
  await expect(ben.page.getByText('Someone deleted this photograph')).toBeHidden()
  await ben.workbench.drawBox([200, 50], [300, 150])
  await ben.workbench.saved()
  expect(await ada.api.annotations(image.id)).toHaveLength(2)
})
