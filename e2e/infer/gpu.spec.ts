// The worker with a graphics device, which is software here and admitted for the test: the embedding that
// compute shaders make is the module's own, and a device that computes wrongly or is lost is gone without.
// The model is a small one of the same kind, since software takes minutes for the bundled one.
import type { Server } from 'node:http'
import { expect, test, type Page } from '@playwright/test'
import { serve, start } from './page'

let site: Server
let origin: string

test.beforeAll(async () => {
  ;({ site, origin } = await serve())
})

test.afterAll(() => site.close())

const load = (page: Page, gpu?: string) =>
  page.evaluate(
    (gpu) =>
      window.ask({
        kind: 'load',
        encoder: `${location.origin}/layouts/sam-encoder.onnx`,
        decoder: `${location.origin}/layouts/sam-decoder.onnx`,
        encoder_sha256: '',
        decoder_sha256: '',
        gpu,
      }),
    gpu,
  )

const encode = async (page: Page, key: string) =>
  (await page.evaluate((key) => window.encode(key, '/fixtures/coins.png'), key)).at(-1)!

/** An embedding's numbers, out of half precision. */
const embedding = (page: Page, key: string) =>
  page.evaluate(async (key) => {
    const [{ f16 }] = await window.ask({ kind: 'embedding_of', key })
    return Array.from(new Uint16Array(f16!), (half) => {
      const [sign, power, part] = [half >> 15 ? -1 : 1, (half >> 10) & 31, half & 1023]
      return sign * (power ? 2 ** (power - 15) * (1 + part / 1024) : 2 ** -14 * (part / 1024))
    })
  }, key)

test('WebGPU sees what the module sees, and a device that is lost is gone without', async ({ page }) => {
  test.setTimeout(240_000)
  // Takes the device away when a request is cancelled that there never was.
  const lose = `
    const open = GPUAdapter.prototype.requestDevice
    GPUAdapter.prototype.requestDevice = async function (...given) { return (self.device = await open.apply(this, given)) }
    self.addEventListener('message', ({ data }) => data.kind === 'cancel' && data.of === -1 && self.device.destroy())`
  await start(page, origin, lose)
  expect((await load(page, 'software')).at(-1)).toMatchObject({ kind: 'loaded' })
  expect(await encode(page, 'first')).toMatchObject({ kind: 'encoded', by: 'wasm' })
  const told = await page.evaluate(() => window.about_gpu())
  expect(told).toMatchObject({ kind: 'gpu', is_used: true })
  expect(told.seconds).toBeGreaterThan(0)
  expect(told.cpu_seconds).toBeGreaterThan(0)
  expect(told.apart).toBeLessThan(1e-3)

  expect(await encode(page, 'second')).toMatchObject({ kind: 'encoded', by: 'gpu' })
  const [own, other] = [await embedding(page, 'first'), await embedding(page, 'second')]
  const square = (sum: number, value: number) => sum + value * value
  const apart = own.map((value, at) => value - other[at]).reduce(square, 0)
  expect(Math.sqrt(apart / own.reduce(square, 0))).toBeLessThan(1e-3)

  await page.evaluate(() => window.cancel(-1))
  expect(await encode(page, 'third')).toMatchObject({ kind: 'encoded', by: 'wasm' })
  expect((await page.evaluate(() => window.about_gpu())).message).toContain('lost')
  expect(await encode(page, 'fourth')).toMatchObject({ kind: 'encoded', by: 'wasm' })
})

test('a device that computes something else is not used, in so many words', async ({ page }) => {
  test.setTimeout(240_000)
  await start(page, origin, 'GPUQueue.prototype.writeBuffer = () => {}')
  await load(page, 'software')
  expect(await encode(page, 'first')).toMatchObject({ kind: 'encoded', by: 'wasm' })
  expect((await page.evaluate(() => window.about_gpu())).message).toContain('something else')
  expect(await encode(page, 'second')).toMatchObject({ kind: 'encoded', by: 'wasm' })
})

test('software is no graphics device unless a test says so', async ({ page }) => {
  test.setTimeout(120_000)
  await start(page, origin)
  await load(page)
  expect(await encode(page, 'first')).toMatchObject({ kind: 'encoded', by: 'wasm' })
  const told = page.evaluate(() => Promise.race([window.about_gpu(), new Promise((done) => setTimeout(done, 5000))]))
  expect(await told).toBeUndefined()
})
