// The main path of one person: account, project, photographs, shapes, export.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readFile } from 'node:fs/promises'
import { Api } from '../support/api'
import { boxOf, byId, cocoIn, expectClose, ringOf } from '../support/compare'
import { photo } from '../support/photos'
import { expect, test } from '../support/test'
import { Workbench, type Point } from '../support/workbench'

test('a newcomer signs up, creates a project and uploads a folder', async ({ page, server, watch }) => {
  watch(page)
  const email = `newcomer.${Date.now()}@example.org`
  await page.goto(`${server.url}/sign-up`)
  await page.getByLabel('Name', { exact: true }).fill('Nora Newcomer')
  await page.getByLabel('Email', { exact: true }).fill(email)
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page.getByRole('heading', { name: 'Projects', exact: true })).toBeVisible()
  await expect(page.getByText('No projects yet')).toBeVisible()

  await page.getByRole('button', { name: 'Create project' }).click()
  const dialog = page.getByRole('dialog', { name: 'New project' })
  await dialog.getByLabel('Project name').fill('Street scenes')
  await dialog.getByLabel('Add labels').fill('car, traffic light')
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await dialog.getByRole('button', { name: 'Create project' }).click()
  await expect(page.getByText('Drop photographs here')).toBeVisible()

  // A folder with a folder in it, as the file dialog hands it over.
  const folder = join(mkdtempSync(join(tmpdir(), 'visionflow-photos-')), 'street')
  mkdirSync(join(folder, 'day two'), { recursive: true })
  const photos = [photo('a car.png', 640, 480, 1), photo('b.png', 480, 640, 2), photo('ü 3.png', 320, 240, 3)]
  writeFileSync(join(folder, photos[0].name), photos[0].buffer)
  writeFileSync(join(folder, photos[1].name), photos[1].buffer)
  writeFileSync(join(folder, 'day two', photos[2].name), photos[2].buffer)

  const puts: string[] = []
  page.on('request', (request) => {
    if (request.method() === 'PUT') puts.push(request.url())
  })
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose a folder' }).click()
  await (await chooser).setFiles(folder)
  await expect(page.getByText('3 photographs uploaded')).toBeVisible({ timeout: 30_000 })
  await expect(page.getByRole('link', { name: 'a car.png' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'ü 3.png' })).toBeVisible()

  // The bytes went straight to the object store, each file by a URL of its own.
  const store = puts.filter((url) => new URL(url).port === String(server.s3Port) && url.includes('X-Amz-Signature'))
  expect(store.length).toBeGreaterThanOrEqual(3)
  expect(puts.filter((url) => new URL(url).port === String(server.port))).toEqual([])

  // What a browser did, the API shows.
  const session = await fetch(`${server.url}/auth/v1/token?grant_type=password`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: 'correct horse battery' }),
  }).then((answer) => answer.json())
  const api = new Api(server.url, session.access_token, session.user.id)
  const images = await api.images(new URL(page.url()).pathname.split('/')[2])
  expect(images.map((image) => [image.filename, image.width, image.height]).sort()).toEqual(
    [
      ['street/a car.png', 640, 480],
      ['street/b.png', 480, 640],
      ['street/day two/ü 3.png', 320, 240],
    ].sort(),
  )
})

test('somebody signs out and in again', async ({ person }) => {
  const { page, workbench, ...ada } = await person('Ada')
  await ada.api.createProject('Harbour', ['car'])
  const projects = page.getByRole('heading', { name: 'Projects', exact: true })
  await page.goto('/projects')
  await expect(projects).toBeVisible()
  await page.getByRole('button', { name: 'Account' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/sign-in/)
  await workbench.signIn({ ...ada, password: 'incorrect horse' })
  await expect(page.getByRole('alert')).toBeVisible()
  await workbench.signIn(ada)
  await expect(projects).toBeVisible()
  await expect(page.getByRole('link', { name: 'Harbour' })).toBeVisible()
})

test('a box and a polygon drawn with the mouse are exactly these after a reload, over REST and in the export', async ({ person }) => {
  const ada = await person('Ada')
  const { project, labels } = await ada.api.createProject('Shapes', ['car', 'person'])
  const image = await ada.api.upload(project.id, photo('shapes.png', 640, 480, 4))
  const { workbench, page } = ada
  await workbench.annotate(project.id, image.id)

  const box = await workbench.drawBox([100, 80], [260, 200])
  await expect(workbench.objects).toHaveCount(1)
  // The label chosen now would also be given to what is selected.
  await workbench.choose('Select')
  await workbench.click([40, 400])
  await workbench.until('nothing is selected', (state) => state.selection.length === 0)
  await page.getByRole('listbox', { name: 'Labels' }).getByRole('option', { name: 'person' }).click()
  const corners: Point[] = [[320, 120], [460, 100], [520, 260], [400, 330], [300, 240]]
  const ring = await workbench.drawPolygon(corners)
  await expect(workbench.objects).toHaveCount(2)
  await workbench.saved()

  const rows = await ada.api.annotations(image.id)
  expect(rows).toHaveLength(2)
  const boxRow = rows.find((row) => row.data.type === 'box')
  const ringRow = rows.find((row) => row.data.type === 'polygon')
  // The engine may have seen the mouse at a fraction of a pixel from where Playwright put it.
  expectClose(boxOf(boxRow), box, 0.6)
  expectClose(ringOf(ringRow), ring, 0.6)
  expect(boxRow?.label_id).toBe(labels[0].id)

  await page.reload()
  await workbench.opened()
  await expect(workbench.objects).toHaveCount(2)
  expect(byId(await ada.api.annotations(image.id))).toEqual(byId(rows))

  // The export as a person gets it: from the dialog.
  await page.goto(`/projects/${project.id}`)
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Export dataset' })
  await dialog.getByText('COCO', { exact: true }).first().click()
  await dialog.getByRole('button', { name: 'Export', exact: true }).click()
  const download = page.waitForEvent('download', { timeout: 60_000 })
  await dialog.getByRole('button', { name: 'Download' }).click({ timeout: 30_000 })
  const zip = await readFile(await (await download).path())
  const coco = await cocoIn(new Uint8Array(zip))
  expect(coco.images.map((entry) => [entry.file_name.split('/').pop(), entry.width, entry.height])).toEqual([['shapes.png', 640, 480]])
  const name = (id: number) => coco.categories.find((category) => category.id === id)?.name
  const cocoBox = coco.annotations.find((entry) => name(entry.category_id) === boxRow?.class_name)
  expectClose(cocoBox?.bbox ?? [], boxOf(boxRow))
  const cocoRing = coco.annotations.find((entry) => name(entry.category_id) === ringRow?.class_name)
  expectClose(cocoRing?.segmentation[0] ?? [], ringOf(ringRow))
})

test('undo, redo, Escape and delete leave exactly what they say', async ({ person }) => {
  const ada = await person('Ada')
  const { project } = await ada.api.createProject('Undo', ['car'])
  const image = await ada.api.upload(project.id, photo('undo.png', 640, 480, 5))
  const { workbench, page } = ada
  await workbench.annotate(project.id, image.id)

  await workbench.drawBox([100, 100], [200, 200])
  await workbench.drawBox([300, 100], [400, 200])
  await expect(workbench.objects).toHaveCount(2)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(workbench.objects).toHaveCount(1)
  await page.getByRole('button', { name: 'Redo' }).click()
  await expect(workbench.objects).toHaveCount(2)

  // A gesture that is given up changes nothing, however far it went.
  await workbench.choose('Polygon')
  await workbench.click([120, 300])
  await workbench.click([220, 300])
  await page.keyboard.press('Escape')
  await workbench.choose('Box')
  await workbench.moveTo([420, 300])
  await page.mouse.down()
  await workbench.moveTo([500, 400])
  await page.keyboard.press('Escape')
  await page.mouse.up()
  await workbench.saved()
  expect(await ada.api.annotations(image.id)).toHaveLength(2)

  await workbench.choose('Select')
  await workbench.click([150, 150])
  await workbench.until('one is selected', (state) => state.selection.length === 1)
  await page.keyboard.press('Delete')
  await expect(workbench.objects).toHaveCount(1)
  await workbench.saved()
  const left = await ada.api.annotations(image.id)
  expect(left).toHaveLength(1)
  expectClose(boxOf(left[0]), [300, 100, 100, 100], 1.5)
})

test('the wheel zooms to the pointer', async ({ person }) => {
  const ada = await person('Ada')
  const { project } = await ada.api.createProject('Zoom', ['car'])
  const image = await ada.api.upload(project.id, photo('zoom.png', 640, 480, 6))
  const { workbench, page } = ada
  await workbench.annotate(project.id, image.id)
  const [x, y] = await workbench.toScreen([200, 150])
  await page.mouse.move(x, y)
  const before = (await workbench.engine())!.camera.scale
  const under = await workbench.toImage([x, y])
  await page.mouse.wheel(0, -300)
  await workbench.until('it has zoomed in', (state) => state.camera.scale > before)
  // What lies under the pointer stays there.
  await workbench.until('the camera rests', resting())
  expectClose(await workbench.toImage([x, y]), under, 0.5)
})

/** True once two looks in a row saw the same camera. */
function resting(): (state: { camera: { scale: number } }) => boolean {
  let last = 0
  return ({ camera }) => {
    const same = camera.scale === last
    last = camera.scale
    return same
  }
}

test('the workbench starts on the backend of this run', async ({ person }, info) => {
  const ada = await person('Ada')
  const { project } = await ada.api.createProject('Backend', ['car'])
  const image = await ada.api.upload(project.id, photo('backend.png', 320, 240, 7))
  await new Workbench(ada.page).annotate(project.id, image.id)
  expect((await ada.workbench.engine())?.backend).toBe(info.project.name)
})
