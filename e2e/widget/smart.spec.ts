// The smart tool in the npm package, with the model's files that it brings.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { serve } from '../support/tiles.mjs'
import { CAR, ONTOLOGY, expect, mount, test, toPage } from './support/test'

test.setTimeout(240_000)
const MODEL_MS = 120_000
const coffee = readFileSync(join(process.cwd(), 'server/demo/photos/coffee.png'))

test.beforeEach(({}, info) => test.skip(info.project.name !== 'webgl2', 'the model does not draw'))

test('a click finds the cup in any page, and destroy ends the worker', async ({ blank }) => {
  const source = await serve((path: string) => (path === '/coffee.png' ? coffee : undefined), { '.png': 'image/png' })
  await mount(blank, { src: `${source.origin}/coffee.png`, ontology: ONTOLOGY, label: CAR })
  expect(await blank.evaluate(() => window.annotator.assist.phase)).toBe('idle')
  await blank.evaluate(() => (window.annotator.tool = 'smart'))
  await expect.poll(() => blank.evaluate(() => window.annotator.assist.phase), { timeout: MODEL_MS }).toBe('ready')
  const [x, y] = await toPage(blank, [285, 140])
  await blank.mouse.click(x!, y!)
  await expect.poll(() => blank.evaluate(() => window.annotator.assist.alternatives), { timeout: MODEL_MS }).toBeGreaterThan(1)
  await blank.getByRole('button', { name: 'Accept', exact: true }).click()
  const made = await blank.evaluate(() => window.annotator.annotations)
  expect(made.map((annotation) => [annotation.label, annotation.source, annotation.shape.type])).toEqual([[CAR, 'model:MobileSAM', 'polygon']])
  expect(blank.workers()).toHaveLength(1)
  await blank.evaluate(() => window.annotator.destroy())
  await expect.poll(() => blank.workers().length).toBe(0)
  await source.stop()
})

test('without a model there is no button for it', async ({ blank }) => {
  await mount(blank, { ontology: ONTOLOGY, assist: false })
  expect(await blank.evaluate(() => window.annotator.assist.phase)).toBe('off')
  await expect(blank.getByRole('button', { name: 'Magic wand', exact: true })).toBeVisible()
  await expect(blank.getByRole('button', { name: 'Smart polygon', exact: true })).toBeHidden()
})
