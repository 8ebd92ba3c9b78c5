// The smart polygon with its real model: a click, what may be meant, refining, everything; and that
// no pixel leaves the page.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Request } from '@playwright/test'
import type { Annotation } from '../support/api'
import { expect, test, type Visitor } from '../support/test'
import type { Point } from '../support/workbench'

// The model is loaded and looks at a photograph; on a slow machine that takes its time.
test.setTimeout(240_000)
const MODEL_MS = 120_000

/** The cup of the demo's photograph, drawn by hand. */
const CUP: Point[] = [
  [173, 100], [176, 80], [186, 59], [204, 41], [227.5, 27.5], [255, 20.5], [282.5, 18], [312.5, 20], [340, 27.5], [367.5, 42.5],
  [387.5, 60], [400, 77.5], [407, 97.5], [408.5, 120], [405, 142.5], [400, 165], [392.5, 185], [387.5, 200], [380, 220], [370, 237.5],
  [352.5, 257.5], [332.5, 272.5], [310, 281.5], [285, 284], [265, 282.5], [247.5, 294], [235, 303], [220, 307.5], [205, 300],
  [196.5, 287.5], [199, 272.5], [207.5, 255], [217.5, 237.5], [211, 231], [200, 215], [187.5, 192.5], [179, 167.5], [174, 140],
]
const ON_THE_CUP: Point[] = [[285, 140], [270, 235]]

function coffee(name = 'coffee.png') {
  const buffer = readFileSync(join(process.cwd(), 'server/demo/photos/coffee.png'))
  return { name, mimeType: 'image/png', buffer, width: 600, height: 400 }
}

/** Whether a point lies inside rings, by the even-odd rule. */
function inside([x, y]: Point, rings: Point[][]): boolean {
  let odd = false
  for (const ring of rings) {
    ring.forEach(([ax, ay], i) => {
      const [bx, by] = ring[(i + 1) % ring.length]!
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd
    })
  }
  return odd
}

function iou(a: Point[][], b: Point[][]): number {
  let [both, either] = [0, 0]
  for (let y = 0.5; y < 400; y++) {
    for (let x = 0.5; x < 600; x++) {
      const [inA, inB] = [inside([x, y], a), inside([x, y], b)]
      if (inA && inB) both++
      if (inA || inB) either++
    }
  }
  return both / either
}

function rings(row: Annotation): Point[][] {
  const flat = (row.data as unknown as { rings: number[][] }).rings
  return flat.map((ring) => ring.filter((_, i) => i % 2 === 0).map((x, i) => [x, ring[2 * i + 1]!]))
}

/** A person with the photograph open and the tool taken, and every request that the page made. */
async function desk(ada: Visitor, name: string) {
  const requests: Request[] = []
  ada.page.on('request', (request) => requests.push(request))
  const { project } = await ada.api.createProject(name, ['cup', 'other'])
  const image = await ada.api.upload(project.id, coffee())
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

  await workbench.click(ON_THE_CUP[0]!)
  const accept = page.getByRole('button', { name: 'Accept', exact: true })
  await expect(accept).toBeVisible()
  const alternatives = page.getByRole('group', { name: 'What may be meant' })
  await expect(alternatives.getByRole('status')).toContainText('1 of', { timeout: MODEL_MS })
  await page.keyboard.press('Tab')
  await expect(alternatives.getByRole('status')).toContainText('2 of')
  await page.keyboard.down('Shift')
  await workbench.click(ON_THE_CUP[1]!)
  await page.keyboard.up('Shift')
  await expect(d.model).toContainText('Ready', { timeout: MODEL_MS })
  await page.keyboard.press('Enter')
  await workbench.count(1)
  await workbench.saved()
  const [cup] = await d.rows()
  expect(cup!.source).toBe('model:MobileSAM')
  const overlap = iou(rings(cup!), [CUP])
  console.log(`cup: IoU ${overlap.toFixed(3)}`)
  expect(overlap).toBeGreaterThan(0.85)

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
  for (const point of ON_THE_CUP) await workbench.click(point)
  await page.keyboard.press('Enter')
  await expect.poll(async () => iou(rings((await d.rows())[0]!), [CUP]), { timeout: MODEL_MS }).toBeGreaterThan(0.85)
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
