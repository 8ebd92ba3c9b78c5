// Label assist with a model of one's own: from the registry's page over the browser's run to what
// people decide about its suggestions.
import { readFileSync } from 'node:fs'
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { detector, squares, type Square } from '../support/onnx'
import { CUP, iou, ringsOf } from '../support/outlines'
import { expect, onlyOn, test, type Visitor } from '../support/test'

test.setTimeout(240_000)
// The inference module is fetched and compiled first; on a slow machine that takes its time.
const MODEL_MS = 90_000

const SEEN: Square[] = [
  { cell: [1, 1], colour: 'red', sure: 0.95 },
  { cell: [4, 1], colour: 'red', sure: 0.6 },
  { cell: [1, 4], colour: 'red', sure: 0.4 },
  { cell: [4, 4], colour: 'blue', sure: 0.9 },
  { cell: [6, 6], colour: 'blue', sure: 0.5 },
]

onlyOn('webgl2', 'models do not draw')

function file(buffer: Buffer, name = 'squares.onnx') {
  return { name, mimeType: 'application/octet-stream', buffer }
}

async function pick(page: Page, ...files: ReturnType<typeof file>[]) {
  const dialog = page.getByRole('dialog', { name: 'Add model' })
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), dialog.getByRole('button', { name: 'Choose ONNX files' }).click()])
  await chooser.setFiles(files)
  return dialog
}

/** A project with the detector in it, which the server has checked. */
async function registered(ada: Visitor, name: string, labels = ['red', 'sky']) {
  const made = await ada.api.createProject(name, labels)
  const { page } = ada
  await page.goto(`/projects/${made.project.id}/models`)
  await page.getByRole('button', { name: 'Add model' }).click()
  const dialog = await pick(page, file(detector()))
  await expect(dialog.getByText(/It ran once in/)).toBeVisible({ timeout: MODEL_MS })
  await dialog.getByRole('button', { name: 'Create its label' }).click()
  await dialog.getByRole('button', { name: 'Add this model' }).click()
  await expect(dialog).toBeHidden({ timeout: MODEL_MS })
  await expect(page.getByRole('status', { name: 'State of squares' })).toHaveText('Nothing proposed yet', { timeout: MODEL_MS })
  return made
}

const suggestions = (page: Page) => page.getByRole('region', { name: 'Suggestions' })

/** What the panel counts of each class: '3', or '2 of 3' where some are not sure enough; '' for none. */
async function counted(page: Page, red: string, blue: string, timeout?: number) {
  for (const [name, count] of [['red', red], ['blue', blue]] as const) {
    const row = suggestions(page).getByRole('listitem').filter({ hasText: name })
    if (count) await expect(row).toHaveText(new RegExp(`^${name}${count}(?!\\d| of)`), { timeout })
    else await expect(row).toHaveCount(0)
  }
}

test('a model is looked at before it is sent, and its classes become labels', async ({ person }) => {
  const ada = await person('Ada')
  const { page } = ada
  const { project } = await ada.api.createProject('Registry', ['red', 'sky'])
  const sent: string[] = []
  page.on('request', (request) => request.method() !== 'GET' && sent.push(`${request.method()} ${request.url()}`))
  await page.goto(`/projects/${project.id}/models`)
  await expect(page.getByText('MobileSAM')).toBeVisible()
  await expect(page.getByText('No models of your own yet')).toBeVisible()
  await page.getByRole('button', { name: 'Add model' }).click()

  await test.step('weights of PyTorch and other files are refused with a reason', async () => {
    const dialog = await pick(page, file(Buffer.from('PK\u0003\u0004 weights'), 'best.pt'))
    await expect(dialog.getByRole('alert')).toContainText('“best.pt” is no ONNX file. Weights of PyTorch are programs')
    await pick(page, file(Buffer.from('a shopping list'), 'list.onnx'))
    await expect(dialog.getByRole('alert')).toContainText('not an ONNX model', { timeout: MODEL_MS })
    await dialog.getByRole('button', { name: 'Choose another' }).click()
  })

  await test.step('an operator that nobody knows is named', async () => {
    const dialog = await pick(page, file(detector(['red', 'blue'], 'Frobnicate'), 'odd.onnx'))
    await expect(dialog.getByRole('alert')).toBeVisible({ timeout: MODEL_MS })
    await expect(dialog).toContainText('Frobnicate')
    await expect(dialog.getByRole('button', { name: 'Add this model' })).toBeDisabled()
    await dialog.getByRole('button', { name: 'Choose another' }).click()
  })
  expect(sent.filter((request) => !request.includes('/auth/')), 'nothing was sent so far').toEqual([])

  const dialog = await pick(page, file(detector()))
  await expect(dialog.getByText(/It ran once in/)).toBeVisible({ timeout: MODEL_MS })
  await expect(dialog).toContainText('yolov8-detect')
  await expect(dialog.getByText('1 of 2 classes become labels')).toBeVisible()
  const red = dialog.getByRole('combobox', { name: 'Label of red' })
  await expect(red.locator('option:checked')).toHaveText('red')
  const blue = dialog.getByRole('combobox', { name: 'Label of blue' })
  await expect(blue.locator('option:checked')).toHaveText('Ignore')
  await blue.selectOption({ label: 'sky' })
  await expect(dialog.getByText('2 of 2 classes become labels')).toBeVisible()
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Squares')
  await dialog.getByRole('button', { name: 'Add this model' }).click()
  await expect(dialog).toBeHidden({ timeout: MODEL_MS })
  const state = page.getByRole('status', { name: 'State of Squares' })
  await expect(state).toHaveText('Nothing proposed yet', { timeout: MODEL_MS })

  await test.step('thresholds and classes are changed later', async () => {
    await page.getByRole('button', { name: 'Classes and thresholds of Squares' }).click()
    await page.getByRole('combobox', { name: 'Label of blue' }).selectOption({ label: 'Create label “blue”' })
    await page.getByRole('slider', { name: 'Least confidence' }).fill('0.3')
    await page.getByRole('button', { name: 'Save model' }).click()
    await expect(page.getByText('Squares saved.')).toBeVisible()
    await expect(page.getByRole('combobox', { name: 'Label of blue' }).locator('option:checked')).toHaveText('blue')
    const { labels } = await ada.api.get<{ labels: { name: string }[] }>(`/api/v1/projects/${project.id}/ontology`)
    expect(labels.map((label) => label.name)).toEqual(['red', 'sky', 'blue'])
  })
  await page.getByRole('button', { name: 'Report of Squares' }).click()
  await expect(page.getByText('Operators')).toBeVisible()
  await page.getByRole('button', { name: 'Archive Squares' }).click()
  await expect(page.getByText('Squares archived. What it proposed stays.')).toBeVisible()
  await expect(state).toBeHidden()
})

test('of several ways to read a file one is chosen, tried, and kept', async ({ person }) => {
  const ada = await person('Ada')
  const { page } = ada
  const { project } = await ada.api.createProject('Readings', ['red'])
  await page.goto(`/projects/${project.id}/models`)
  await page.getByRole('button', { name: 'Add model' }).click()
  const dialog = await pick(page, file(readFileSync('crates/infer/tests/fixtures/layouts/classifier.onnx'), 'looks.onnx'))
  const ran = dialog.getByText(/It ran once in/)
  await expect(ran).toBeVisible({ timeout: MODEL_MS })
  await expect(dialog).toContainText('Tags photographs')
  const reading = dialog.getByRole('combobox', { name: 'Read as' })
  await expect(reading.locator('option:checked')).toContainText('classifier, from ')
  await reading.selectOption({ label: 'embedder, from embedding' })
  await expect(dialog.getByText('Compares')).toBeVisible({ timeout: MODEL_MS })
  await expect(ran).toBeVisible()
  await expect(reading.locator('option:checked')).toHaveText('embedder, from embedding')
  await dialog.getByRole('button', { name: 'Add this model' }).click()
  await expect(dialog).toBeHidden({ timeout: MODEL_MS })
  type Kept = { status: string; spec: { layout: string; outputs: string[] } }
  const kept = async () => (await ada.api.get<{ items: Kept[] }>(`/api/v1/projects/${project.id}/models`)).items[0]!
  await expect.poll(async () => (await kept()).status, { timeout: MODEL_MS }).toBe('ready')
  expect((await kept()).spec).toMatchObject({ layout: 'embedder', outputs: ['embedding'] })
})

test('a registered pair answers the prompts of the smart tool in its own name', async ({ person }) => {
  // Two models of 22 MB go up, are checked by the server, and come down.
  test.slow()
  const ada = await person('Ada')
  const { page, workbench } = ada
  const { project } = await ada.api.createProject('Pair', ['cup'])
  const image = await ada.api.upload(project.id, CUP.photo)
  await page.goto(`/projects/${project.id}/models`)
  await page.getByRole('button', { name: 'Add model' }).click()
  const part = (name: string) => file(readFileSync(join('models/mobile-sam', `mobile_sam_${name}.onnx`)), `mine_${name}.onnx`)
  const dialog = await pick(page, part('decoder'), part('encoder'))
  await expect(dialog.getByText(/It ran once in/)).toBeVisible({ timeout: MODEL_MS })
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Our eyes')
  await dialog.getByRole('button', { name: 'Add this model' }).click()
  await expect(dialog).toBeHidden({ timeout: MODEL_MS })
  await expect
    .poll(async () => (await ada.api.get<{ items: { status: string }[] }>(`/api/v1/projects/${project.id}/models`)).items[0]!.status, { timeout: MODEL_MS })
    .toBe('ready')

  await workbench.annotate(project.id, image.id)
  await workbench.press('Smart polygon')
  const choice = page.getByRole('combobox', { name: 'Model that answers' })
  await expect(choice.locator('option:checked')).toHaveText('MobileSAM (built in)')
  // The files are those of the built-in model, which the browser may have by their sums: how many of
  // them are fetched says nothing.
  await choice.selectOption({ label: 'Our eyes' })
  await expect(choice.locator('option:checked')).toHaveText('Our eyes')
  const model = page.getByRole('status', { name: 'Model', exact: true })
  await expect(model).toContainText('Ready', { timeout: MODEL_MS })
  for (const [point] of CUP.clicks) await workbench.click(point)
  const alternatives = page.getByRole('group', { name: 'What may be meant' })
  await expect(alternatives.getByRole('status')).toContainText('1 of', { timeout: MODEL_MS })
  await page.keyboard.press('Enter')
  await workbench.until('it is accepted', (state) => state.annotations === 1)
  await workbench.saved()
  const [cup] = await ada.api.annotations(image.id)
  expect(cup!.source).toBe('model:Our eyes')
  const { rings } = cup!.data as unknown as { rings: number[][] }
  expect(iou(CUP.photo, ringsOf(rings), [CUP.outline])).toBeGreaterThan(0.85)
  await page.reload()
  await workbench.opened()
  await workbench.press('Smart polygon')
  await expect(choice.locator('option:checked'), 'the browser remembers it').toHaveText('Our eyes')
})

test('a model by address is fetched by the browser, and one that may not be read is said so', async ({ person }) => {
  const ada = await person('Ada')
  const { page } = ada
  const { project } = await ada.api.createProject('Address', ['red', 'blue'])
  const { server, url } = await host(detector())
  await page.goto(`/projects/${project.id}/models`)
  await page.getByRole('button', { name: 'Add model' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add model' })
  const address = dialog.getByRole('textbox', { name: 'Address of an ONNX file' })
  await address.fill(`${url}/closed.onnx`)
  await address.press('Enter')
  await expect(dialog.getByRole('alert')).toContainText('“closed” could not be fetched', { timeout: MODEL_MS })
  await address.fill(`${url}/open.onnx`)
  await address.press('Enter')
  await expect(dialog.getByText(/It ran once in/)).toBeVisible({ timeout: MODEL_MS })
  await dialog.getByRole('button', { name: 'Add this model' }).click()
  await expect(page.getByRole('status', { name: 'State of open' })).toHaveText('Nothing proposed yet')
  server.close()
})

/** Serves a model; `/closed.onnx` without leave for other pages. */
async function host(model: Buffer): Promise<{ server: HttpServer; url: string }> {
  const server = createServer((request, answer) => {
    if (!request.url?.includes('closed')) answer.setHeader('access-control-allow-origin', '*')
    answer.end(model)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

test('suggestions are accepted by class, by confidence and one by one, each undoable', async ({ person }) => {
  const ada = await person('Ada')
  const { page, workbench } = ada
  const { project } = await registered(ada, 'Deciding')
  const image = await ada.api.upload(project.id, squares('squares.png', SEEN))
  await workbench.annotate(project.id, image.id)
  const panel = suggestions(page)
  await panel.getByRole('button', { name: 'Run model' }).click()
  await counted(page, '3', '2', MODEL_MS)
  expect(await ada.api.annotations(image.id), 'nobody accepted anything').toEqual([])

  await test.step('by class, and back', async () => {
    await panel.getByRole('button', { name: 'Accept all of blue' }).click()
    await workbench.count(2)
    await counted(page, '3', '')
    await page.keyboard.press('Control+z')
    await workbench.count(0)
    await counted(page, '3', '2')
  })
  await test.step('by confidence', async () => {
    const slider = panel.getByRole('slider', { name: 'At least' })
    await slider.fill('0.55')
    await counted(page, '2 of 3', '1 of 2')
    await panel.getByRole('button', { name: 'Accept these 3' }).click()
    await workbench.count(3)
    await slider.fill('0')
    await counted(page, '1', '1')
  })
  await test.step('what is left is rejected, and once more after an undo', async () => {
    await panel.getByRole('button', { name: 'Reject all of red' }).click()
    await counted(page, '', '1')
    await page.keyboard.press('Control+z')
    await counted(page, '1', '1')
    await panel.getByRole('button', { name: 'Reject all 2' }).click()
    await counted(page, '', '')
  })
  await workbench.saved()
  const rows = await ada.api.annotations(image.id)
  expect(rows.map((row) => [row.class_name, row.source]).sort()).toEqual([
    ['blue', 'model:squares'],
    ['red', 'model:squares'],
    ['red', 'model:squares'],
  ])
  await test.step('what became of them can be read', async () => {
    await page.goto(`/projects/${project.id}/models`)
    const state = page.getByRole('status', { name: 'State of squares' })
    await expect(state).toHaveText('60 % accepted of what was decided, 5 proposed')
    await page.getByRole('button', { name: 'Acceptance of squares' }).click()
    const row = page.getByRole('row', { name: /^red/ })
    await expect(row.getByRole('cell')).toHaveText(['3', '2', '0', '1', '0', '0', '67 %'])
  })
})

test('thumbnails say how many suggestions wait, and the gallery lists those alone', async ({ person }) => {
  const ada = await person('Ada')
  const { page, workbench } = ada
  const { project } = await registered(ada, 'Waiting')
  const image = await ada.api.upload(project.id, squares('squares.png', SEEN))
  await ada.api.upload(project.id, squares('empty.png', []))
  await workbench.annotate(project.id, image.id)
  await suggestions(page).getByRole('button', { name: 'Run model' }).click()
  await counted(page, '3', '2', MODEL_MS)
  const strip = page.getByRole('navigation', { name: 'Filmstrip' })
  await expect(strip.getByTitle('5 suggestions to decide about')).toHaveText('5')
  await suggestions(page).getByRole('button', { name: 'Accept all of blue' }).click()
  await expect(strip.getByTitle('3 suggestions to decide about')).toHaveText('3')
  await workbench.saved()
  // The rows are written a moment after the edit is durable.
  await expect.poll(async () => (await ada.api.get<{ pending_suggestions: number }>(`/api/v1/images/${image.id}`)).pending_suggestions).toBe(3)

  await page.goto(`/projects/${project.id}`)
  await expect(page.getByTitle('3 suggestions to decide about')).toHaveText('3')
  const photographs = page.getByRole('link', { name: /\.png$/ })
  await expect(photographs).toHaveCount(2)
  const filter = page.getByRole('button', { name: 'With suggestions' })
  await filter.click()
  await expect(photographs).toHaveCount(1)
  await expect(photographs).toContainText('squares.png')
  await workbench.annotate(project.id, image.id)
  await suggestions(page).getByRole('button', { name: 'Reject all 3' }).click()
  await expect(strip.getByTitle(/to decide about/)).toHaveCount(0)
  await workbench.saved()
  await expect.poll(async () => (await ada.api.get<{ pending_suggestions: number }>(`/api/v1/images/${image.id}`)).pending_suggestions).toBe(0)
  await page.goto(`/projects/${project.id}`)
  await filter.click()
  await expect(page.getByText('Nothing to decide about')).toBeVisible()
})

test('the keyboard alone runs a model and decides', async ({ person }) => {
  const ada = await person('Ada')
  const { page, workbench } = ada
  const { project } = await registered(ada, 'Keyboard')
  const image = await ada.api.upload(project.id, squares('squares.png', SEEN))
  await workbench.annotate(project.id, image.id)
  // The key means something once the project's models are known.
  await expect(suggestions(page).getByRole('button', { name: 'Run model' })).toBeVisible()
  await workbench.canvas.focus()
  await page.keyboard.press('Shift+M')
  await counted(page, '3', '2', MODEL_MS)
  // The surest first: red 0.95, blue 0.9, red 0.6, …
  await page.keyboard.press('o')
  await page.keyboard.press('y')
  await counted(page, '2', '2')
  await page.keyboard.press('Shift+Y')
  await counted(page, '2', '1')
  await page.keyboard.press('Alt+y')
  await counted(page, '', '1')
  await workbench.count(3)
  await page.keyboard.press('Control+z')
  await counted(page, '2', '1')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('Reject all suggestions')
  await page.keyboard.press('Enter')
  await counted(page, '', '')
  await workbench.count(1)
})

for (const place of ['In this browser', 'On the server'] as const) {
  test(`a model runs over selected photographs: ${place.toLowerCase()}`, async ({ person }) => {
    const ada = await person('Ada')
    const { page } = ada
    const { project } = await registered(ada, place)
    const images = []
    for (let i = 1; i <= 3; i++) images.push(await ada.api.upload(project.id, squares(`squares ${i}.png`, SEEN.slice(0, i + 1))))
    await page.goto(`/projects/${project.id}`)
    await page.getByRole('checkbox', { name: 'Select squares 1.png' }).check({ force: true })
    await page.getByRole('checkbox', { name: 'Select squares 3.png' }).click({ force: true, modifiers: ['Shift'] })
    await expect(page.getByText('3 selected')).toBeVisible()
    await page.getByRole('button', { name: 'Run model' }).click()
    const dialog = page.getByRole('dialog', { name: 'Run a model over 3 photographs' })
    await dialog.getByRole('radio', { name: place }).check()
    await dialog.getByRole('button', { name: 'Run', exact: true }).click()
    const panel = page.getByRole('region', { name: 'Model run' })
    await expect(panel.getByRole('status').first()).toHaveText('squares: 9 proposed in 3 photographs', { timeout: MODEL_MS })
    // The thumbnails follow, without a reload.
    for (let i = 1; i <= 3; i++) await expect(page.getByTitle(`${i + 1} suggestions to decide about`)).toBeVisible()
    for (const [i, image] of images.entries()) {
      const list = await ada.api.get<unknown[] | { items: unknown[] }>(`/api/v1/images/${image.id}/suggestions`)
      expect(Array.isArray(list) ? list : list.items).toHaveLength(i + 2)
    }
    await panel.getByRole('button', { name: 'Close model run' }).click()
    await expect(panel).toBeHidden()
  })
}
