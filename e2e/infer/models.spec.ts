// Registered models in the worker: every layout finds what onnxruntime finds, and what goes wrong with one
// leaves Segment Anything alive.
import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { expect, test, type Page } from '@playwright/test'
import { asset, load, serve, start, type Message } from './page'

type Result = { class: number; score: number; box?: number[]; area?: number }
type Case = { task: string; layout: string; kind: string; results: Result[]; embedding?: number[] }
const CASES: Record<string, Case> = JSON.parse(
  readFileSync('crates/infer/tests/fixtures/layouts/expected.json', 'utf8'),
)
const [WIDTH, HEIGHT] = [96, 48]

let site: Server
let origin: string

test.beforeAll(async () => {
  ;({ site, origin } = await serve())
})

test.afterAll(() => site.close())

/** As `layouts.py` paints it. */
function painted(): number[] {
  const pixels = Array.from({ length: WIDTH * HEIGHT }, () => [40, 40, 40, 255])
  const square = (top: number, bottom: number, left: number, right: number, colour: number[]) => {
    for (let y = top; y < bottom; y++)
      for (let x = left; x < right; x++) pixels[y * WIDTH + x] = [...colour, 255]
  }
  square(6, 22, 10, 34, [250, 20, 20])
  square(20, 44, 50, 66, [20, 240, 20])
  square(4, 16, 70, 92, [20, 20, 245])
  square(30, 44, 8, 20, [20, 20, 245])
  return pixels.flat()
}

const inspect = async (page: Page, files: string[]) =>
  (await page.evaluate((files) => window.ask({ kind: 'inspect', files }), files)).at(-1)!

const load_model = async (page: Page, model: string, url: string, spec: unknown, sha256 = '') =>
  (await page.evaluate((request) => window.ask({ kind: 'load_model', ...request }), { model, files: [{ url, sha256 }], spec })).at(-1)!

const run = (page: Page, model: string) =>
  page.evaluate(
    async ({ model, width, height, pixels }) => {
      const rgba = new Uint8Array(pixels).buffer
      const sides = { width, height, scaled_width: width, scaled_height: height }
      const answer = (await window.ask({ kind: 'run', model, ...sides, rgba }, [rgba])).at(-1)!
      return { ...answer, vector: answer.embedding && Array.from(answer.embedding) }
    },
    { model, width: WIDTH, height: HEIGHT, pixels: painted() },
  )

const area = (rings: number[][]) => {
  const ring = (flat: number[]) => {
    let twice = 0
    for (let i = 0; i < flat.length; i += 2) {
      const [x, y] = [flat[(i + 2) % flat.length], flat[(i + 3) % flat.length]]
      twice += flat[i] * y - x * flat[i + 1]
    }
    return twice / 2
  }
  return Math.abs(rings.reduce((sum, flat) => sum + ring(flat), 0))
}

const CLICK = { kind: 'decode', key: 'coins', width: 384, height: 303, points: [[102, 196, 1]], box: null, tolerance: 0.5 }

test('every layout is recognised and finds what onnxruntime finds', async ({ page }) => {
  test.setTimeout(180_000)
  await start(page, origin)
  for (const [name, expected] of Object.entries(CASES)) {
    const url = `${origin}/layouts/${name}.onnx`
    const { report } = await inspect(page, [url])
    expect(report, name).toMatchObject({ ok: true, task: expected.task, layout: expected.layout, missing: [] })
    const loaded = await load_model(page, name, url, report!.spec, report!.sha256[0])
    expect(loaded, name).toMatchObject({ kind: 'model_loaded', model: name })
    const { detections } = await run(page, name)
    expect(detections, name).toHaveLength(expected.results.length)
    expected.results.forEach((result, index) => {
      const own = detections![index]
      expect(own.class, `${name} ${index}`).toBe(result.class)
      expect(Math.abs(own.score - result.score), `${name} ${index}`).toBeLessThan(0.02)
      if (result.box && own.shape.box) {
        const [x0, y0, x1, y1] = result.box
        const apart = [x0, y0, x1 - x0, y1 - y0].map((side, i) => Math.abs(side - own.shape.box![i]))
        expect(Math.max(...apart), `${name} ${index}`).toBeLessThan(0.5)
      }
      if (result.area)
        expect(Math.abs(area(own.shape.rings!) - result.area), `${name} ${index}`).toBeLessThan(6 + result.area * 0.06)
    })
  }
  // Only the last few are kept.
  expect(await run(page, Object.keys(CASES)[0])).toMatchObject({ kind: 'error', code: 'not_loaded' })
  // The classifier as an embedder.
  const url = `${origin}/layouts/classifier.onnx`
  const { report } = await inspect(page, [url])
  const spec = report!.alternatives.find(({ task, outputs }) => task === 'embedder' && outputs[0] === 'embedding')
  await load_model(page, 'vectors', url, spec)
  const { vector } = await run(page, 'vectors')
  CASES.classifier.embedding!.forEach((value, i) => expect(vector![i]).toBeCloseTo(value, 2))
})

test('what goes wrong with a model leaves Segment Anything alive', async ({ page }) => {
  test.setTimeout(180_000)
  await start(page, origin)
  expect((await load(page, origin)).at(-1)).toMatchObject({ kind: 'loaded' })
  await page.evaluate(() => window.encode('coins', '/fixtures/coins.png'))

  expect(await inspect(page, ['/huge.onnx'])).toMatchObject({ code: 'too_large', message: expect.stringContaining('2048 MB') })
  expect(await inspect(page, ['/none.onnx'])).toMatchObject({ code: 'fetch' })
  const failing = async (file: string) => {
    const { report } = await inspect(page, [file])
    expect(report!.ok, file).toBe(false)
    return report!.message
  }
  expect(await failing('/empty.onnx')).toContain('not an ONNX model')
  expect(await failing('/layouts/not-a-number.onnx')).toContain('not a number')
  const decoder = origin + asset('mobile_sam_decoder', '.onnx')
  expect(await failing(decoder)).toContain('register both files together')

  const damaged = await page.evaluate(async () => {
    const whole = await (await fetch('/layouts/yolov8-detect.onnx')).arrayBuffer()
    const text = new TextDecoder('latin1').decode(whole)
    const strange = whole.slice(0)
    new Uint8Array(strange).set(new TextEncoder().encode('Sigmund'), text.indexOf('Sigmoid'))
    const ask = (file: ArrayBuffer) => window.ask({ kind: 'inspect', files: [file] })
    return [...(await ask(strange)), ...(await ask(whole.slice(0, 600)))]
  })
  expect(damaged[0].report).toMatchObject({ ok: false, missing: ['Sigmund'], task: 'detector' })
  expect(damaged[1].report).toMatchObject({ ok: false, message: expect.stringContaining('cut off') })

  const url = `${origin}/layouts/yolov8-detect.onnx`
  const { report } = await inspect(page, [url])
  expect(await load_model(page, 'a', url, report!.spec, 'f'.repeat(64))).toMatchObject({ code: 'checksum' })
  expect(await load_model(page, 'a', url, { ...report!.spec, limit: 0 })).toMatchObject({ code: 'model', message: expect.stringContaining('limit') })
  expect(await load_model(page, 'a', url, { task: 'detector' })).toMatchObject({ code: 'model' })
  expect(await run(page, 'a')).toMatchObject({ code: 'not_loaded' })
  expect(await load_model(page, 'a', url, report!.spec)).toMatchObject({ kind: 'model_loaded' })
  const short = await page.evaluate(() =>
    window.ask({ kind: 'run', model: 'a', width: 9, height: 9, scaled_width: 9, scaled_height: 9, rgba: new ArrayBuffer(5) }),
  )
  expect(short.at(-1)).toMatchObject({ code: 'model', message: expect.stringContaining('5 bytes') })
  expect(await run(page, 'a')).toMatchObject({ kind: 'ran' })

  // A model that reads beyond an end brings its module down, and with it the other registered models.
  const stopped = await page.evaluate(async () => {
    const bytes = new Uint8Array(await (await fetch('/layouts/yolov10-detect.onnx')).arrayBuffer())
    const indices = [3, 0, 0, 0, 0, 0, 0, 0, 6]
    const at = bytes.findIndex((_, i) => indices.every((value, j) => bytes[i + j] === value))
    if (at < 0) throw new Error('the indices are not there')
    bytes[at + 2] = 99
    return window.ask({ kind: 'inspect', files: [bytes.buffer] })
  })
  expect(stopped).toMatchObject([{ kind: 'error', code: 'stopped' }])
  expect(await run(page, 'a')).toMatchObject({ code: 'not_loaded' })
  expect(await load_model(page, 'a', url, report!.spec)).toMatchObject({ kind: 'model_loaded' })
  expect(await run(page, 'a')).toMatchObject({ kind: 'ran' })

  // An embedding goes out as halves and comes back under another key.
  const masks = await page.evaluate(async (click) => {
    const [own] = await window.ask(click)
    const [{ f16 }] = await window.ask({ kind: 'embedding_of', key: 'coins' })
    const bytes = f16!.byteLength
    const [kept] = await window.ask({ kind: 'embedding', key: 'again', f16 }, [f16!])
    const [again] = await window.ask({ ...click, key: 'again' })
    const [wrong] = await window.ask({ kind: 'embedding', key: 'wrong', f16: new ArrayBuffer(12) })
    const [none] = await window.ask({ kind: 'embedding_of', key: 'none' })
    return { own, bytes, kept, again, wrong, none }
  }, CLICK)
  expect(masks.bytes).toBe(256 * 64 * 64 * 2)
  expect(masks.kept).toMatchObject({ kind: 'encoded', key: 'again' })
  expect(masks.own.candidates).toEqual(masks.again.candidates)
  expect(masks.wrong).toMatchObject({ kind: 'error', code: 'request' })
  expect(masks.none).toMatchObject({ code: 'no_embedding' })
})

test('what is like one coin is found, also for another photograph', async ({ page }) => {
  test.setTimeout(180_000)
  await start(page, origin)
  await load(page, origin)
  await page.evaluate(() => window.encode('coins', '/fixtures/coins.png'))
  const ring = Array.from({ length: 24 }, (_, i) => (i * Math.PI) / 12).flatMap((a) => [102 + 23 * Math.cos(a), 196 + 22 * Math.sin(a)])
  const request = { kind: 'similar', key: 'coins', width: 384, height: 303, shape: [ring], tolerance: 1 }
  const similar = (more: object, enough: number) =>
    page.evaluate(
      ([request, enough]) =>
        window.ask(request as object, [], (answers) => {
          if (answers.length === enough) window.cancel(window.latest())
        }),
      [{ ...request, ...more }, enough] as const,
    )
  const found = await similar({}, 12)
  expect(found.at(-1)).toMatchObject({ code: 'cancelled' })
  for (const { candidates } of found.slice(0, 12)) {
    expect(candidates![0].score).toBeGreaterThan(0.5)
    const size = area(candidates![0].polygons[0].map((ring) => ring.flat()))
    // The smallest coin covers 900 pixels, the largest 3200.
    expect(size).toBeGreaterThan(800)
    expect(size).toBeLessThan(4000)
  }
  const elsewhere = await page.evaluate(async (request) => {
    const [{ f16 }] = await window.ask({ kind: 'embedding_of', key: 'coins' })
    await window.ask({ kind: 'embedding', key: 'other', f16 })
    return window.ask({ ...request, key: 'other', from: 'coins' }, [], (answers) => {
      if (answers.length === 2) window.cancel(window.latest())
    })
  }, request)
  expect(elsewhere[0].kind).toBe('found')
  expect((await similar({ from: 'nobody' }, 1)).at(-1)).toMatchObject({ code: 'no_embedding' })
  expect((await similar({ shape: [[900, 900, 950, 900, 950, 950]] }, 1)).at(-1)).toMatchObject({ code: 'request' })
})

test('a storage that is absent, closed or full is no error, and a new worker needs the same messages', async ({ page }) => {
  const url = `${origin}/layouts/yolov8-detect.onnx`
  const full = `const open = caches.open.bind(caches); caches.open = async (name) => { const cache = await open(name); cache.put = async () => { throw new DOMException('full', 'QuotaExceededError') }; return cache }`
  const closed = `caches.open = async () => { throw new DOMException('closed', 'SecurityError') }`
  const absent = `Object.defineProperty(self, 'caches', { value: undefined })`
  const answers: Message[] = []
  for (const before of [full, closed, absent]) {
    await start(page, origin, before)
    const { report } = await inspect(page, [url])
    const loaded = await load_model(page, 'a', url, report!.spec, report!.sha256[0])
    expect(loaded, before).toMatchObject({ kind: 'model_loaded' })
    answers.push(await run(page, 'a'))
  }
  expect(answers[0].detections).not.toHaveLength(0)
  expect(answers[1].detections).toEqual(answers[0].detections)
  expect(answers[2].detections).toEqual(answers[0].detections)
})
