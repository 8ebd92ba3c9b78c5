// The smart polygon with its real model: a click, what may be meant, refining, everything; and that
// no pixel leaves the page.
import { COIN, CUP, DOG } from '../support/outlines'
import { large, looking, MODEL_MS, outline, overlap, smartDesk } from '../support/smart'
import { expect, onlyOn, test } from '../support/test'

test.setTimeout(240_000)

onlyOn('webgl2', 'the model does not draw')

test('a click finds the cup, and no pixel leaves the page', async ({ person }) => {
  const d = await smartDesk(await person('Ada'), 'Smart')
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
  await expect(d.alternatives).toContainText('1 of', { timeout: MODEL_MS })
  await page.keyboard.press('Tab')
  await expect(d.alternatives).toContainText('2 of')
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
    expect(large(d.requests.slice(before)), 'the photograph is 460 KB').toEqual([])
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
    const d = await smartDesk(await person('Ada'), subject.name, subject.photo)
    await d.workbench.press('Smart polygon')
    await expect(d.model).toContainText('Ready', { timeout: MODEL_MS })
    expect(overlap(await outline(d, subject), subject)).toBeGreaterThan(0.85)
  })
}

test('what is selected is refined, and keeps its id', async ({ person }) => {
  const d = await smartDesk(await person('Ada'), 'Refining')
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
  const d = await smartDesk(await person('Ada'), 'Everything')
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
  const d = await smartDesk(ada, 'No model')
  await d.workbench.press('Smart polygon')
  const alert = d.page.getByRole('alert').filter({ hasText: 'The model does not work' })
  await expect(alert).toBeVisible({ timeout: MODEL_MS })
  await ada.page.unroute(/mobile_sam_decoder.*onnx/)
  await d.page.getByRole('button', { name: 'Try again' }).click()
  await expect(d.model).toContainText('Ready', { timeout: MODEL_MS })
})

test('a worker that was killed is replaced, and the click is answered', async ({ person }) => {
  const d = await smartDesk(await person('Ada'), 'Killed')
  const { page, workbench } = d
  await workbench.press('Smart polygon')
  await looking(d.model)
  // Its threads are workers too.
  const worker = page.workers().find((worker) => worker.url().includes('infer_worker'))!
  await worker.evaluate(() => self.close())
  await expect.poll(() => page.workers().includes(worker)).toBe(false)
  await expect(d.model).toContainText('Ready', { timeout: MODEL_MS })
  await workbench.click(CUP.clicks[0]![0])
  await expect(d.alternatives).toContainText('1 of', { timeout: MODEL_MS })
  await workbench.count(0)
})
