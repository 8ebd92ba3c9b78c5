// The worker that segments, in a page of its own: what it answers, what it refuses, and that its mask is
// the one that the same code makes natively.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Server } from 'node:http'
import { expect, test } from '@playwright/test'
import { asset, load, serve, start, type Message } from './page'

const FIXTURES = 'crates/infer/tests/fixtures'

let site: Server
let origin: string

test.beforeAll(async () => {
  ;({ site, origin } = await serve())
})

test.afterAll(() => site.close())

const COIN = { kind: 'decode', key: 'coins', width: 384, height: 303, points: [[102, 196, 1]], box: null, tolerance: 0.5 }

/** Which points of a grid a polygon's rings hold, a third of a pixel apart, by the even-odd rule. */
function raster(rings: number[][][]): Set<number> {
  const inside = new Set<number>()
  for (let row = 0; row < 303 * 3; row++) {
    const y = (row + 0.5) / 3
    const crossings = rings.flatMap((ring) =>
      ring.flatMap(([ax, ay], i) => {
        const [bx, by] = ring[(i + 1) % ring.length]
        return ay > y === by > y ? [] : [ax + ((y - ay) * (bx - ax)) / (by - ay)]
      }),
    )
    crossings.sort((a, b) => a - b)
    for (let i = 0; i + 1 < crossings.length; i += 2)
      for (let column = Math.ceil(crossings[i] * 3 - 0.5); (column + 0.5) / 3 < crossings[i + 1]; column++)
        inside.add(row * 2000 + column)
  }
  return inside
}

function overlap(a: Set<number>, b: Set<number>): number {
  const both = [...a].filter((at) => b.has(at)).length
  return both / (a.size + b.size - both)
}

const pairs = (ring: number[]) => Array.from({ length: ring.length / 2 }, (_, i) => [ring[2 * i], ring[2 * i + 1]])

for (const { name, file, build, threads } of [
  { name: 'vector instructions', file: 'infer_bg', build: 'plain', threads: 1 },
  { name: 'fused multiplication and addition', file: 'infer_relaxed_bg', build: 'relaxed', threads: 1 },
  { name: 'three threads', build: 'threads', threads: 3 },
]) {
  test(`the module with ${name} makes the mask that is made natively`, async ({ page }) => {
    test.setTimeout(180_000)
    await start(page, file ? origin : `${origin}/isolated`)
    const loaded = await load(page, origin, file && asset(file, '.wasm'), threads)
    expect(loaded.at(-1)).toMatchObject({ kind: 'loaded', build, threads })
    expect(loaded.at(-1)).not.toHaveProperty('refused', expect.anything())
    expect(loaded[0]).toMatchObject({ kind: 'progress' })
    const encoded = await page.evaluate(() => window.encode('coins', '/fixtures/coins.png'))
    expect(encoded).toMatchObject([{ kind: 'encoded', key: 'coins' }])
    const [decoded] = await page.evaluate((request) => window.ask(request), COIN)
    expect(decoded.kind).toBe('decoded')
    expect(decoded.candidates).toHaveLength(4)
    const own = decoded.candidates![0].polygons.flat().map(pairs)
    const native = JSON.parse(readFileSync(join(FIXTURES, 'coin.json'), 'utf8'))
    expect(overlap(raster(own), raster(native))).toBeGreaterThan(0.99)
  })
}

test('where the quicker module does not start, the plain one does', async ({ page }) => {
  test.setTimeout(180_000)
  await page.route(/infer_relaxed_bg/, (route) => route.fulfill({ contentType: 'application/wasm', body: 'no module' }))
  await start(page, origin)
  expect((await load(page, origin)).at(-1)).toMatchObject({ kind: 'loaded', build: 'plain' })
})

test('where threads do not start, one does, and says why', async ({ page }) => {
  test.setTimeout(180_000)
  await page.route(/infer_threads_bg/, (route) => route.fulfill({ contentType: 'application/wasm', body: 'no module' }))
  await start(page, `${origin}/isolated`)
  const loaded = (await load(page, origin, undefined, 2)).at(-1)
  expect(loaded).toMatchObject({ kind: 'loaded', build: 'relaxed', threads: 1, refused: expect.stringContaining('WebAssembly') })
})

test('a thread that dies ends the worker, which waits for it in vain', async ({ page }) => {
  test.setTimeout(180_000)
  await page.route(/infer_helper/, async (route) => {
    const response = await route.fetch()
    const script = await response.text()
    expect(script).toContain(' help()')
    await route.fulfill({ response, body: script.replace(' help()', ' throw new Error()') })
  })
  await start(page, `${origin}/isolated`)
  const ended = page.evaluate(async () => {
    const lock = await window.alive()
    // Whoever gets it learns that the worker has let go.
    return navigator.locks.request(lock, () => true)
  })
  void load(page, origin, undefined, 2).catch(() => undefined)
  expect(await ended).toBe(true)
})

test('a trap is answered and ends a worker with threads', async ({ page }) => {
  test.setTimeout(180_000)
  await page.route(/infer_threads-\w+\.js/, async (route) => {
    const response = await route.fetch()
    const script = await response.text()
    expect(script).toContain('encode_step() {')
    const body = script.replace('encode_step() {', "encode_step() { throw new WebAssembly.RuntimeError('unreachable');")
    await route.fulfill({ response, body })
  })
  await start(page, `${origin}/isolated`)
  expect((await load(page, origin, undefined, 2)).at(-1)).toMatchObject({ kind: 'loaded', threads: 2 })
  const encoded = await page.evaluate(() => window.encode('coins', '/fixtures/coins.png'))
  expect(encoded).toMatchObject([{ kind: 'error', code: 'request', message: 'unreachable' }])
  expect(await page.evaluate(async () => navigator.locks.request(await window.alive(), () => true))).toBe(true)
})

test('one worker answers in turn, newest prompt first, and goes on after what it refuses', async ({ page }) => {
  test.setTimeout(180_000)
  await start(page, origin)
  const early = await page.evaluate((request) => window.ask(request), COIN)
  expect(early).toMatchObject([{ kind: 'error', code: 'not_loaded' }])
  const wrong = await page.evaluate((encoder) => window.ask({ kind: 'load', encoder, decoder: encoder }), `${origin}/empty.onnx`)
  expect(wrong.at(-1)).toMatchObject({ kind: 'error', code: 'checksum' })
  const missing = await page.evaluate(() => window.ask({ kind: 'load', encoder: '/none', decoder: '/none' }))
  expect(missing.at(-1)).toMatchObject({ kind: 'error', code: 'fetch' })
  const unchecked = await page.evaluate(() =>
    window.ask({ kind: 'load', encoder: '/empty.onnx', decoder: '/empty.onnx', encoder_sha256: '', decoder_sha256: '' }),
  )
  expect(unchecked.at(-1)).toMatchObject({ kind: 'error', code: 'model', message: expect.stringContaining('ONNX') })

  expect((await load(page, origin)).at(-1)).toMatchObject({ kind: 'loaded' })
  const stranger = await page.evaluate((request) => window.ask({ ...request, key: 'none' }), COIN)
  expect(stranger).toMatchObject([{ kind: 'error', code: 'no_embedding' }])
  await page.evaluate(() => window.encode('coins', '/fixtures/coins.png'))

  // Prompts that come while another photograph is encoded.
  const order = await page.evaluate(async (request) => {
    const finished: string[] = []
    const note = (name: string) => (answers: Message[]) => {
      const last = answers.at(-1)!
      finished.push(`${name} ${last.code ?? last.kind}`)
    }
    const encoding = window.encode('again', '/fixtures/coins.png').then(note('encode'))
    await new Promise((resolve) => setTimeout(resolve, 300))
    const prompts = ['first', 'second', 'third'].map((name) => window.ask(request).then(note(name)))
    await Promise.all([encoding, ...prompts])
    return finished
  }, COIN)
  expect(order).toHaveLength(4)
  expect(order).toContain('third decoded')
  expect(order.indexOf('encode encoded')).toBe(3)
  expect(order.filter((line) => line.endsWith('replaced')).length).toBeGreaterThanOrEqual(1)

  // A search tells what it finds as it goes, is dropped in the middle, and the photograph is still known.
  const found = await page.evaluate(async ({ key, width, height, tolerance }) => {
    const searching = window.ask({ kind: 'everything', key, width, height, tolerance }, [], (answers) => {
      if (answers.length === 4) window.cancel(window.latest())
    })
    return searching
  }, COIN)
  expect(found.at(-1)).toMatchObject({ kind: 'error', code: 'cancelled' })
  expect(found.slice(0, 4).map((answer) => answer.kind)).toEqual(['found', 'found', 'found', 'found'])
  expect(found.slice(0, 4).every((answer) => answer.candidates!.length > 0)).toBe(true)
  const [decoded] = await page.evaluate((request) => window.ask(request), COIN)
  expect(decoded.kind).toBe('decoded')
})
