// The smart tool in the npm package, with the model's files that it brings.
import { COIN, CUP, DOG, iou, ringsOf } from '../support/outlines'
import { serve } from '../support/tiles.mjs'
import { CAR, ONTOLOGY, expect, mount, test, toPage } from './support/test'

test.setTimeout(240_000)
const MODEL_MS = 120_000

test.beforeEach(({}, info) => test.skip(info.project.name !== 'widget-webgl2', 'the model does not draw'))

for (const subject of [CUP, DOG, COIN]) {
  test(`a ${subject.name} is found in any page, without a server`, async ({ blank }) => {
    const { photo, clicks, outline } = subject
    const source = await serve((path: string) => (path === '/photograph' ? photo.buffer : undefined), { '': photo.mimeType })
    const sent: string[] = []
    blank.on('request', (request) => request.method() !== 'GET' && sent.push(request.url()))
    // Another one, in which nobody uses the tool, loads no model.
    await mount(blank, { src: `${source.origin}/photograph`, ontology: ONTOLOGY, label: CAR }, '200px')
    await mount(blank, { src: `${source.origin}/photograph`, ontology: ONTOLOGY, label: CAR })
    expect(await blank.evaluate(() => window.annotator.assist.phase)).toBe('idle')
    await blank.evaluate(() => (window.annotator.tool = 'smart'))
    await expect.poll(() => blank.evaluate(() => window.annotator.assist.phase), { timeout: MODEL_MS }).toBe('ready')
    for (const [point, isPart] of clicks) {
      const [x, y] = await toPage(blank, point)
      await blank.keyboard[isPart ? 'up' : 'down']('Alt')
      await blank.mouse.click(x, y)
      await expect.poll(() => blank.evaluate(() => window.annotator.assist.alternatives), { timeout: MODEL_MS }).toBeGreaterThan(1)
    }
    await blank.keyboard.up('Alt')
    // What is accepted before the answer is there waits for it.
    await blank.getByRole('button', { name: 'Accept', exact: true }).last().click()
    await expect.poll(() => blank.evaluate(() => window.annotator.annotations.length), { timeout: MODEL_MS }).toBe(1)
    const made = await blank.evaluate(() => window.annotator.annotations)
    expect(made.map((annotation) => [annotation.label, annotation.source, annotation.shape.type])).toEqual([[CAR, 'model:MobileSAM', 'polygon']])
    const { rings } = made[0]!.shape as { rings: number[][] }
    expect(iou(photo, ringsOf(rings), [outline])).toBeGreaterThan(0.85)
    expect(sent, 'nothing leaves the page').toEqual([])
    expect(blank.workers()).toHaveLength(1)
    expect(await blank.evaluate(() => window.annotators[0]!.assist.phase)).toBe('idle')
    await blank.evaluate(() => window.annotators.forEach((annotator) => annotator.destroy()))
    await expect.poll(() => blank.workers().length).toBe(0)
    await source.stop()
  })
}

test('without a model there is no button for it', async ({ blank }) => {
  await mount(blank, { ontology: ONTOLOGY, assist: false })
  expect(await blank.evaluate(() => window.annotator.assist.phase)).toBe('off')
  await expect(blank.getByRole('button', { name: 'Magic wand', exact: true })).toBeVisible()
  await expect(blank.getByRole('button', { name: 'Smart polygon', exact: true })).toBeHidden()
})
