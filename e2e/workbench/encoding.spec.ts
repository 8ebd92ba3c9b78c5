// Who encodes a photograph for the smart polygon, with the real model: this device, which is measured,
// or the server, where a person wants that or the device is no match for it.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { COIN, CUP } from '../support/outlines'
import { large, looking, MODEL_MS, outline, overlap, smartDesk } from '../support/smart'
import { expect, onlyOn, test } from '../support/test'

test.setTimeout(240_000)
const ENCODER = createHash('sha256').update(readFileSync('models/mobile-sam/mobile_sam_encoder.onnx')).digest('hex')
const SPEEDS = 'visionflow.encode-speeds'

const measures = (page: Page) => page.getByRole('note', { name: 'Encoding', exact: true })
const choice = (page: Page) => page.getByRole('combobox', { name: 'Who encodes photographs' })
const kept = (page: Page) => page.evaluate((at) => JSON.parse(localStorage.getItem(at) ?? '{}'), SPEEDS)

onlyOn('webgl2', 'the model does not draw')

test('the first photograph is measured here, and remembered', async ({ person }) => {
  const d = await smartDesk(await person('Ada'), 'Measured')
  const { page, workbench } = d
  await workbench.press('Smart polygon')
  await expect(d.model).toContainText('Ready', { timeout: MODEL_MS })
  // Threads are for pages that are cross-origin isolated, as these are.
  const cores = await page.evaluate(() => navigator.hardwareConcurrency)
  const how = cores > 1 ? / on \d threads, relaxed SIMD\./ : /, (relaxed|plain) SIMD\./
  await expect(measures(page)).toContainText(new RegExp(`^Encoded here in \\d+\\.\\d s${how.source}`))
  const speeds = await kept(page)
  expect(Object.keys(speeds)).toEqual([expect.stringMatching(new RegExp(`^(threads|relaxed|plain)/${ENCODER}$`))])
  expect(Object.values(speeds)).toEqual([{ here: expect.any(Number), gpu: null, elsewhere: null, fails_here: false }])
  expect(d.requests.filter((request) => request.url().endsWith('/embedding'))).toEqual([])
})

for (const subject of [CUP, COIN]) {
  test(`the server encodes, and a ${subject.name} takes ${subject.clicks.length} click(s)`, async ({ person }) => {
    const d = await smartDesk(await person('Ada'), 'Elsewhere', subject.photo)
    const { page, workbench } = d
    await workbench.press('Smart polygon')
    await choice(page).selectOption({ label: 'Server encodes' })
    await expect(d.model).toContainText('Ready', { timeout: MODEL_MS })
    await expect(measures(page)).toHaveText(/^Encoded by the server in \d+\.\d s\.$/)
    const found = await outline(d, subject)
    expect(found.source).toBe('model:MobileSAM')
    expect(overlap(found, subject)).toBeGreaterThan(0.85)
    expect(large(d.requests), 'the server has the photograph already').toEqual([])

    await test.step('which is kept for the next visit', async () => {
      await page.reload()
      await workbench.opened()
      await workbench.press('Smart polygon')
      await expect(choice(page)).toHaveValue('elsewhere')
      await expect(measures(page)).toHaveText('Encoded by the server before.', { timeout: MODEL_MS })
    })
  })
}

test('a device that was slow leaves it to the server, and says so', async ({ person }) => {
  const ada = await person('Ada')
  const slow = Object.fromEntries(['threads', 'relaxed', 'plain'].map((build) => [`${build}/${ENCODER}`, { here: 30 }]))
  await ada.page.addInitScript(([at, text]) => localStorage.setItem(at!, text!), [SPEEDS, JSON.stringify(slow)])
  const d = await smartDesk(ada, 'Slow')
  const { page, workbench } = d
  await workbench.press('Smart polygon')
  await expect(d.model).toContainText('Ready', { timeout: MODEL_MS })
  await expect(measures(page)).toHaveText(/^Encoded by the server in \d+\.\d s\. This device takes 30\.0 s, so the server encodes\.$/)
  await choice(page).selectOption({ label: 'Encode here' })
  await expect(measures(page)).toHaveText(/^Encoded by the server in \d+\.\d s\.$/)
})

test('a device whose worker dies over a photograph leaves it to the server', async ({ person }) => {
  const d = await smartDesk(await person('Ada'), 'Dying')
  const { page, workbench } = d
  await workbench.press('Smart polygon')
  const killed: unknown[] = []
  // Its threads are workers too.
  const alive = () => page.workers().filter((worker) => worker.url().includes('infer_worker') && !killed.includes(worker))
  for (let turn = 0; turn < 2; turn++) {
    await expect.poll(() => alive().length, { timeout: MODEL_MS }).toBe(1)
    await looking(d.model)
    const [worker] = alive()
    killed.push(worker)
    await worker.evaluate(() => self.close())
  }
  await expect(d.model).toContainText('Ready', { timeout: MODEL_MS })
  await expect(measures(page)).toHaveText(/^Encoded by the server in \d+\.\d s\. This device could not, so the server encodes\.$/)
  expect(Object.values(await kept(page))).toEqual([expect.objectContaining({ fails_here: true })])
})
