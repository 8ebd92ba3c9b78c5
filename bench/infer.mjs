// Segment Anything in the browser: our worker and onnxruntime-web, each on one thread and on all, same models,
// one run. One line of JSON for each: the shortest of several turns, for another program's work only ever
// adds; `encode_cpu_ms` is what all threads of the page's process spent, which the others' work does not change,
// `cold_ms` of ours the first mask after a cold open (`infer/cold.mjs`).
//
//   node bench/infer.mjs [turns]      5 unless told
//
//   VISIONFLOW_ENGINE_DIR     what `cargo xtask web --engine` built
//   VISIONFLOW_BENCH_MODULES  a directory with onnxruntime-web installed
//   VISIONFLOW_CHROMIUM       the browser
import { createReadStream, existsSync } from 'node:fs'
import http from 'node:http'
import { availableParallelism } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { firstMask } from './infer/cold.mjs'
import { chromium } from 'playwright-core'

const { VISIONFLOW_ENGINE_DIR = 'dist/engine', VISIONFLOW_BENCH_MODULES = 'node_modules', VISIONFLOW_CHROMIUM } = process.env
const modules = existsSync(join(VISIONFLOW_BENCH_MODULES, 'node_modules')) ? join(VISIONFLOW_BENCH_MODULES, 'node_modules') : VISIONFLOW_BENCH_MODULES
const folders = { bench: 'bench', engine: VISIONFLOW_ENGINE_DIR, ort: join(modules, 'onnxruntime-web/dist'), fixtures: 'crates/infer/tests/fixtures' }
const turns = Number(process.argv[2] ?? 5)
// Without these a page has no memory that threads share.
const isolated = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }
const types = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm', '.png': 'image/png' }

const site = http.createServer((request, response) => {
  const [, folder, ...rest] = normalize(new URL(request.url, 'http://x').pathname).split('/')
  if (!folder) return response.writeHead(200, { 'content-type': 'text/html', ...isolated }).end('<!doctype html>')
  const path = folders[folder] && join(folders[folder], ...rest)
  if (!path || !existsSync(path)) return response.writeHead(404).end()
  response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream', ...isolated })
  createReadStream(path).pipe(response)
})
await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve))
const browser = await chromium.launch({ executablePath: VISIONFLOW_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
const page = await browser.newPage()
const origin = `http://127.0.0.1:${site.address().port}`
await page.goto(`${origin}/`)

const devtools = await page.context().newCDPSession(page)
await devtools.send('Performance.enable')
const cpu = async () => {
  const { metrics } = await devtools.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'ProcessTime').value * 1000
}

await page.evaluate(async () => {
  const bitmap = await createImageBitmap(await (await fetch('/fixtures/coins.png')).blob())
  const canvas = new OffscreenCanvas(1024, 808)
  const context = canvas.getContext('2d')
  context.drawImage(bitmap, 0, 0, 1024, 808)
  const pixels = context.getImageData(0, 0, 1024, 808).data

  async function ours({ wasm, threads }) {
    const worker = new Worker('/engine/infer_worker.js', { type: 'module' })
    let last = 0
    let memory = 0
    const ask = (request, transfer = []) =>
      new Promise((resolve, reject) => {
        const id = ++last
        const start = performance.now()
        worker.onmessage = ({ data }) => {
          if (data.kind === 'error') reject(new Error(data.message))
          else if (data.id === id && data.kind !== 'progress') {
            memory = data.memory ?? memory
            resolve(performance.now() - start)
          }
        }
        worker.postMessage({ id, ...request }, transfer)
      })
    const load = await ask({ kind: 'load', encoder: '/engine/mobile_sam_encoder.onnx', decoder: '/engine/mobile_sam_decoder.onnx', wasm, threads })
    let key = 0
    return {
      load,
      memory: () => memory,
      encode: () => {
        const rgba = pixels.slice().buffer
        return ask({ kind: 'encode', key: String(++key), width: 1024, height: 808, rgba }, [rgba])
      },
      decode: (x) => ask({ kind: 'decode', key: String(key), width: 1024, height: 808, points: [[x, 523, 1]], box: null, tolerance: 1 }),
    }
  }

  // What a module has taken, for onnxruntime-web does not say.
  const memories = []
  const OwnMemory = WebAssembly.Memory
  WebAssembly.Memory = class extends OwnMemory {
    constructor(descriptor) {
      super(descriptor)
      memories.push(this)
    }
  }
  const instantiate = WebAssembly.instantiate
  WebAssembly.instantiate = async (...given) => {
    const result = await instantiate.apply(WebAssembly, given)
    const exports = Object.values((result.instance ?? result).exports)
    memories.push(...exports.filter((value) => value instanceof OwnMemory && !memories.includes(value)))
    return result
  }
  WebAssembly.instantiateStreaming = async (response, imports) =>
    WebAssembly.instantiate(await (await response).arrayBuffer(), imports)

  async function peer(threads) {
    // A copy for each number of threads.
    const ort = await import(`/ort/ort.wasm.min.mjs?${threads}`)
    const before = memories.length
    ort.env.wasm.numThreads = threads
    ort.env.wasm.wasmPaths = '/ort/'
    const start = performance.now()
    const [encoder, decoder] = await Promise.all(
      ['encoder', 'decoder'].map((name) => ort.InferenceSession.create(`/engine/mobile_sam_${name}.onnx`, { executionProviders: ['wasm'] })),
    )
    const load = performance.now() - start
    const image = new Float32Array(3 * 1024 * 1024)
    for (let i = 0; i < 808 * 1024; i++) for (let c = 0; c < 3; c++) image[c * 1048576 + i] = (pixels[i * 4 + c] - 115) / 58
    let embedding
    const timed = async (work) => {
      const start = performance.now()
      await work()
      return performance.now() - start
    }
    const own = memories.slice(before)
    return {
      load,
      memory: () => own.reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
      encode: () =>
        timed(async () => {
          embedding = (await encoder.run({ image: new ort.Tensor('float32', image, [1, 3, 1024, 1024]) })).image_embeddings
        }),
      decode: (x) =>
        timed(() =>
          decoder.run({
            image_embeddings: embedding,
            point_coords: new ort.Tensor('float32', [x, 523, 0, 0], [1, 2, 2]),
            point_labels: new ort.Tensor('float32', [1, -1], [1, 2]),
            mask_input: new ort.Tensor('float32', new Float32Array(65536), [1, 1, 256, 256]),
            has_mask_input: new ort.Tensor('float32', [0], [1]),
          }),
        ),
    }
  }

  const make = { ours, peer }
  const runners = {}
  window.load = async (runner, [kind, option]) => {
    runners[runner] = await make[kind](option)
    return { load_ms: runners[runner].load, loaded: runners[runner].memory() }
  }
  window.encode = (runner) => runners[runner].encode()
  window.decode = (runner, x) => runners[runner].decode(x)
  window.memory = (runner) => runners[runner].memory()
})

const runners = {
  'visionflow, plain vectors': ['ours', { wasm: '/engine/infer_bg.wasm' }],
  'visionflow, relaxed vectors': ['ours', { wasm: '/engine/infer_relaxed_bg.wasm' }],
  [`visionflow, ${availableParallelism()} threads`]: ['ours', { threads: availableParallelism() }],
  'onnxruntime-web': ['peer', 1],
  [`onnxruntime-web, ${availableParallelism()} threads`]: ['peer', availableParallelism()],
}
const rows = []
for (const [runner, how] of Object.entries(runners)) {
  const { load_ms, loaded } = await page.evaluate(([runner, how]) => window.load(runner, how), [runner, how])
  rows.push({ runner, load_ms, loaded, encode: [], encode_cpu: [], decode: [], cold: [] })
}
// They take turns, so that the machine's load falls on all alike.
for (let turn = 0; turn < turns; turn++)
  for (const row of rows) {
    const before = await cpu()
    row.encode.push(await page.evaluate((runner) => window.encode(runner), row.runner))
    row.encode_cpu.push((await cpu()) - before)
    const [kind, option] = runners[row.runner]
    if (kind === 'ours') row.cold.push(await firstMask(browser, origin, option.wasm))
    for (let i = 0; i < 4; i++) row.decode.push(await page.evaluate(([runner, x]) => window.decode(runner, x), [row.runner, 270 + i]))
  }
for (const { runner, load_ms, loaded, encode, encode_cpu, decode, cold } of rows) {
  const least = (all) => (all.length ? Math.round(Math.min(...all)) : undefined)
  const mb = (bytes) => Math.round(bytes / 1e6)
  const memory = await page.evaluate((runner) => window.memory(runner), runner)
  const times = { load_ms: Math.round(load_ms), encode_ms: least(encode), encode_cpu_ms: least(encode_cpu), decode_ms: least(decode), cold_ms: least(cold) }
  console.log(JSON.stringify({ bench: 'infer', runner, ...times, loaded_mb: mb(loaded), memory_mb: mb(memory) }))
}
await browser.close()
site.close()
