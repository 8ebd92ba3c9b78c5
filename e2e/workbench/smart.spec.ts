// The smart polygon with its real model: a click, what may be meant, refining, everything; and that
// no pixel leaves the page.
import type { Request } from '@playwright/test'
import type { Annotation } from '../support/api'
import { COIN, CUP, DOG, iou, ringsOf, type Subject } from '../support/outlines'
import { expect, test, type Visitor } from '../support/test'

// The model is loaded and looks at a photograph; on a slow machine that takes its time.
test.setTimeout(240_000)
const MODEL_MS = 120_000

const ringsIn = (row: Annotation) => ringsOf((row.data as unknown as { rings: number[][] }).rings)
const overlap = (row: Annotation, { photo, outline }: Subject) => iou(photo, ringsIn(row), [outline])

/** A person with the photograph open and the tool taken, and every request that the page made. */
async function desk(ada: Visitor, name: string, photo = CUP.photo) {
  const requests: Request[] = []
  ada.page.on('request', (request) => requests.push(request))
  const { project } = await ada.api.createProject(name, ['cup', 'other'])
  const image = await ada.api.upload(project.id, photo)
  await ada.workbench.annotate(project.id, image.id)
  const model = ada.page.getByRole('status', { name: 'Model', exact: true })
  return { ...ada, project, image, model, requests, rows: () => ada.api.annotations(image.id) }
}

test.beforeEach(({}, info) => test.skip(info.project.name !== 'webgl2', 'the model does not draw'))

test('a click finds the cup, and no pixel leaves the page', async ({ person }) => {
  const d = await desk(await person('Ada'), 'Smart')
  const { workbench, page } = d
  const models = () => d.requests.filter((request) => /onnx/.test(request.url()))
  expect(models(), 'nothing is loaded before it is used').toHaveLength(0)
  await workbench.press('Smart polygon')
  await expect(d.model).toContainText('Ready', { timeout: MODEL_MS })
  expect(models().length).toBeGreaterThan(0)
  const before = d.requests.length

  await workbench.click(CUP.clicks[0]![0])
  const accept = page.getByRole('button', { name: 'Accept', exact: true })
  await expect(accept).toBeVisible()
  const alternatives = page.getByRole('group', { name: 'What may be meant' })
  await expect(alternatives.getByRole('status')).toContainText('1 of', { timeout: MODEL_MS })
  await page.keyboard.press('Tab')
  await expect(alternatives.getByRole('status')).toContainText('2 of')
  await page.keyboard.down('Shift')
  await workbench.click(CUP.clicks[1]![0])
  await page.keyboard.up('Shift')
  await expect(d.model).toContainText('Ready', { timeout: MODEL_MS })
  await page.keyboard.press('Enter')
  await workbench.count(1)
  await workbench.saved()
  const [cup] = await d.rows()
  expect(cup!.source).toBe('model:MobileSAM')
  expect(overlap(cup!, CUP)).toBeGreaterThan(0.85)

  await test.step('what it sends', async () => {
    const sent = d.requests.slice(before).filter((request) => request.method() !== 'GET')
    const large = sent.filter((request) => (request.postDataBuffer()?.length ?? 0) > 20_000)
    expect(large.map((request) => request.url()), 'the photograph is 460 KB').toEqual([])
  })
  await test.step('undo takes the prompts back one by one, then the shape', async () => {
    await page.keyboard.press('Control+z')
    await workbench.count(0)
    await workbench.click([60, 60])
    await expect(accept).toBeVisible()
    await page.keyboard.press('Control+z')
    await expect(accept).toBeHidden()
  })
})

for (const subject of [DOG, COIN]) {
  test(`a ${subject.name} takes two clicks at most`, async ({ person }) => {
    const d = await desk(await person('Ada'), subject.name, subject.photo)
    const { workbench, page } = d
    await workbench.press('Smart polygon')
    await expect(d.model).toContainText('Ready', { timeout: MODEL_MS })
    const alternatives = page.getByRole('group', { name: 'What may be meant' })
    for (const [point, isPart] of subject.clicks) {
      if (!isPart) await page.keyboard.down('Alt')
      await workbench.click(point)
      await page.keyboard.up('Alt')
      await expect(alternatives.getByRole('status')).toContainText('1 of', { timeout: MODEL_MS })
    }
    await page.keyboard.press('Enter')
    await workbench.until('it is accepted', (state) => state.annotations === 1)
    await workbench.saved()
    const [row] = await d.rows()
    expect(overlap(row!, subject)).toBeGreaterThan(0.85)
  })
}

test('what is selected is refined, and keeps its id', async ({ person }) => {
  const d = await desk(await person('Ada'), 'Refining')
  const { workbench, page } = d
  const labels = await d.api.get<{ labels: { id: string }[] }>(`/api/v1/projects/${d.project.id}/ontology`)
  const rough = { type: 'polygon', rings: [[170, 20, 410, 20, 410, 310, 170, 310]] } as const
  const { id } = await d.api.annotate(d.image.id, labels.labels[0]!.id, rough as never)
  await workbench.count(1)
  await workbench.press('Select')
  await workbench.click([285, 140])
  await workbench.selected(1)
  await workbench.press('Smart polygon')
  await expect(d.model).toContainText('Ready', { timeout: MODEL_MS })
  for (const [point] of CUP.clicks) await workbench.click(point)
  await page.keyboard.press('Enter')
  await expect.poll(async () => overlap((await d.rows())[0]!, CUP), { timeout: MODEL_MS }).toBeGreaterThan(0.85)
  const rows = await d.rows()
  expect(rows.map((row) => [row.id, row.source])).toEqual([[id, 'manual']])
})

test('everything is proposed and accepted at once', async ({ person }) => {
  const d = await desk(await person('Ada'), 'Everything')
  const { page, workbench } = d
  await workbench.press('Smart polygon')
  await expect(d.model).toContainText('Ready', { timeout: MODEL_MS })
  await page.getByRole('button', { name: 'Segment everything' }).click()
  const all = page.getByRole('button', { name: 'Accept all' })
  await expect(all).toBeEnabled({ timeout: MODEL_MS })
  await all.click()
  await workbench.until('something was found', (state) => state.annotations > 0)
  await page.keyboard.press('Control+z')
  await workbench.count(0)
})

test('a model that cannot be had is said and tried again', async ({ person }) => {
  const ada = await person('Ada')
  await ada.page.route(/mobile_sam_decoder.*onnx/, (route) => route.abort())
  const d = await desk(ada, 'No model')
  await d.workbench.press('Smart polygon')
  const alert = d.page.getByRole('alert').filter({ hasText: 'The model does not work' })
  await expect(alert).toBeVisible({ timeout: MODEL_MS })
  await ada.page.unroute(/mobile_sam_decoder.*onnx/)
  await d.page.getByRole('button', { name: 'Try again' }).click()
  await expect(d.model).toContainText('Ready', { timeout: MODEL_MS })
})

test('a worker that was killed is replaced, and the click is answered', async ({ person }) => {
  const d = await desk(await person('Ada'), 'Killed')
  const { page, workbench } = d
  await workbench.press('Smart polygon')
  await expect(d.model).toContainText('Looking', { timeout: MODEL_MS })
  const [worker] = page.workers()
  await worker!.evaluate(() => self.close())
  await expect(d.model).toContainText('Ready', { timeout: MODEL_MS })
  expect(page.workers(), 'another one').not.toContain(worker)
  await workbench.click(CUP.clicks[0]![0])
  const alternatives = page.getByRole('group', { name: 'What may be meant' })
  await expect(alternatives.getByRole('status')).toContainText('1 of', { timeout: MODEL_MS })
  await workbench.count(0)
})
