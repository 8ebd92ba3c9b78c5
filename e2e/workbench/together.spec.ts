// Two people on one photograph: presence, ghosts, edits, following.
import { expect, test, type Visitor } from '../support/test'
import { two } from '../support/two'

test('two people see each other’s cursor, half-drawn shape and saved shapes', async ({ person }) => {
  const { ada, ben, image } = await two(person)
  await expect(ada.page.getByRole('list', { name: 'Also here' }).getByRole('listitem')).toHaveCount(1)
  await expect(ben.page.getByRole('list', { name: 'Also here' }).getByRole('listitem')).toHaveCount(1)

  // The cursor arrives where it is.
  const [x, y] = await ada.workbench.moveTo([150, 120])
  await ben.workbench.until('Ben sees Ada’s cursor', ({ peers }) => {
    const cursor = peers.find((peer) => peer.presence.user.name === 'Ada')?.presence.cursor
    return !!cursor && Math.hypot(cursor.x - x, cursor.y - y) < 2
  })

  // A ghost while the gesture goes on, a saved shape when it ends.
  await ada.workbench.choose('Box')
  await ada.workbench.moveTo([100, 100])
  await ada.page.mouse.down()
  await ada.workbench.moveTo([180, 160])
  await ada.workbench.moveTo([240, 200])
  await ben.workbench.until('Ben sees Ada’s ghost', ({ peers, annotations }) => {
    return annotations === 0 && peers.some((peer) => (peer.presence.preview?.length ?? 0) > 0)
  })
  await ada.page.mouse.up()
  await ben.workbench.until('the ghost became a shape', ({ peers, annotations }) => {
    return annotations === 1 && peers.every((peer) => (peer.presence.preview?.length ?? 0) === 0)
  })
  await expect(ben.workbench.objects).toHaveCount(1)

  // And the other way round.
  await ben.workbench.drawBox([300, 200], [400, 300])
  await expect(ada.workbench.objects).toHaveCount(2)
  await Promise.all([ada.workbench.saved(), ben.workbench.saved()])
  expect(await ada.api.annotations(image.id)).toHaveLength(2)

  // Painting and erasing show as outlines while they last.
  for (const [tool, all] of [['Brush', 3], ['Eraser', 3]] as const) {
    await ada.workbench.choose(tool)
    await ada.workbench.moveTo([100, 300])
    await ada.page.mouse.down()
    await ada.workbench.moveTo([160, 320])
    await ben.workbench.until(`Ben sees what Ada’s ${tool} does`, ({ peers }) => {
      const previews = peers.flatMap((peer) => (peer.presence.preview ?? []) as { shape: { type: string } }[])
      return previews.some((preview) => preview.shape.type === 'polygon')
    })
    await ada.workbench.moveTo(tool === 'Brush' ? [220, 320] : [165, 322])
    await ada.page.mouse.up()
    await expect(ben.workbench.objects).toHaveCount(all)
  }
  await ada.page.keyboard.press('Control+z')
  await ada.page.keyboard.press('Control+z')
  await expect(ben.workbench.objects).toHaveCount(2)
  await Promise.all([ada.workbench.saved(), ben.workbench.saved()])

  // A write over REST is live for both.
  const label = (await ada.api.annotations(image.id))[0].label_id
  await ada.api.annotate(image.id, label, { type: 'box', box: [10, 10, 20, 20] })
  await expect(ada.workbench.objects).toHaveCount(3)
  await expect(ben.workbench.objects).toHaveCount(3)

  await ben.context.close()
  await expect(ada.page.getByRole('list', { name: 'Also here' }).getByRole('listitem')).toHaveCount(0)
})

test('the gallery shows who is at which photograph, and leads there', async ({ person }) => {
  const { ada, ben, project, image } = await two(person)
  await ben.page.goto(`/projects/${project.id}`)
  await expect(ben.page.locator('.tile').getByRole('img', { name: 'Ada' })).toBeVisible()
  const here = ben.page.getByRole('list', { name: 'Who is at work in this project' })
  await here.getByRole('button', { name: 'Ada is here' }).click()
  await ben.page.getByRole('menuitem', { name: 'together.png' }).click()
  await expect(ben.page).toHaveURL(new RegExp(image.id))
  await expect(ada.page.getByRole('list', { name: 'Also here' }).getByRole('listitem')).toHaveCount(1)

  await ben.page.goto(`/projects/${project.id}`)
  await expect(here.getByRole('listitem')).toHaveCount(1)
  await ada.context.close()
  await expect(here.getByRole('listitem')).toHaveCount(0)
})

test('following somebody shows what they see, until one looks around oneself', async ({ person }) => {
  const { ada, ben } = await two(person)
  const center = async ({ workbench }: Visitor) => {
    const state = await workbench.engine()
    if (!state) throw new Error('there is no engine')
    const { camera } = state
    return [(camera.width / 2 - camera.x) / camera.scale, (camera.height / 2 - camera.y) / camera.scale]
  }
  const apart = async () => {
    const [a, b] = [await center(ada), await center(ben)]
    return Math.hypot(a[0] - b[0], a[1] - b[1])
  }
  /** Twice as large, about a point that has to be in view. */
  const wheel = async ({ workbench, page }: Visitor, at: [number, number]) => {
    const { scale } = (await workbench.engine())!.camera
    await workbench.moveTo(at)
    await page.keyboard.down('Control')
    await page.mouse.wheel(0, -240)
    await page.keyboard.up('Control')
    await workbench.until('it is larger', (state) => state.camera.scale > scale * 1.5)
  }
  await wheel(ada, [200, 150])
  await expect.poll(apart).toBeGreaterThan(30)

  await ben.page.getByRole('button', { name: 'Ada is here' }).click()
  await ben.page.getByRole('menuitemradio', { name: 'Follow' }).click()
  await expect.poll(apart).toBeLessThan(2)
  // Where Ada goes, Ben goes.
  await wheel(ada, [300, 240])
  await expect.poll(apart).toBeLessThan(2)
  // Ben looks elsewhere: Ada's next steps are her own.
  await ben.workbench.moveTo([300, 220])
  await ben.page.mouse.wheel(0, 300)
  await ben.page.getByRole('button', { name: 'Ada is here' }).click()
  await expect(ben.page.getByRole('menuitemradio', { name: 'Follow' })).toHaveAttribute('aria-checked', 'false')
  await ben.page.keyboard.press('Escape')
  await ada.page.keyboard.press('Shift+1')
  await wheel(ada, [500, 80])
  await expect.poll(apart).toBeGreaterThan(30)

  // A look once, which leaves Ben where it led.
  await ben.page.getByRole('button', { name: 'Ada is here' }).click()
  await ben.page.getByRole('menuitem', { name: 'Go to where they are' }).click()
  await expect.poll(apart).toBeLessThan(2)
})
