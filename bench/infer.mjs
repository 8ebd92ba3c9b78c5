// Segment Anything in the browser: our worker beside onnxruntime-web on one thread, same models, one run.
// One line of JSON for each.
//
//   VISIONFLOW_ENGINE_DIR     what `cargo xtask web --engine` built
//   VISIONFLOW_BENCH_MODULES  a directory with onnxruntime-web installed
//   VISIONFLOW_CHROMIUM       the browser
import { createReadStream, existsSync } from 'node:fs'
import http from 'node:http'
import { extname, join, normalize } from 'node:path'
import { chromium } from 'playwright-core'

const { VISIONFLOW_ENGINE_DIR = 'dist/engine', VISIONFLOW_BENCH_MODULES = 'node_modules', VISIONFLOW_CHROMIUM } = process.env
const modules = existsSync(join(VISIONFLOW_BENCH_MODULES, 'node_modules')) ? join(VISIONFLOW_BENCH_MODULES, 'node_modules') : VISIONFLOW_BENCH_MODULES
const folders = { engine: VISIONFLOW_ENGINE_DIR, ort: join(modules, 'onnxruntime-web/dist'), fixtures: 'crates/infer/tests/fixtures' }
const types = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm', '.png': 'image/png' }

const site = http.createServer((request, response) => {
  const [, folder, ...rest] = normalize(new URL(request.url, 'http://x').pathname).split('/')
  if (!folder) return response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>')
  const path = folders[folder] && join(folders[folder], ...rest)
  if (!path || !existsSync(path)) return response.writeHead(404).end()
  response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' })
  createReadStream(path).pipe(response)
})
await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve))
const browser = await chromium.launch({ executablePath: VISIONFLOW_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
const page = await browser.newPage()
await page.goto(`http://127.0.0.1:${site.address().port}/`)

// They take turns, so that the machine's load falls on all alike.
await page.evaluate(async () => {
  const middle = (all) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]
  const bitmap = await createImageBitmap(await (await fetch('/fixtures/coins.png')).blob())
  const canvas = new OffscreenCanvas(1024, 808)
  const context = canvas.getContext('2d')
  context.drawImage(bitmap, 0, 0, 1024, 808)
  const pixels = context.getImageData(0, 0, 1024, 808).data

  async function ours(wasm) {
    const worker = new Worker('/engine/infer_worker.js', { type: 'module' })
    let last = 0
    const ask = (request, transfer = []) =>
      new Promise((resolve, reject) => {
        const id = ++last
        const start = performance.now()
        worker.onmessage = ({ data }) => {
          if (data.kind === 'error') reject(new Error(data.message))
          else if (data.id === id && data.kind !== 'progress') resolve(performance.now() - start)
        }
        worker.postMessage({ id, ...request }, transfer)
      })
    const load = await ask({ kind: 'load', encoder: '/engine/mobile_sam_encoder.onnx', decoder: '/engine/mobile_sam_decoder.onnx', wasm })
    let key = 0
    return {
      load,
      encode: () => {
        const rgba = pixels.slice().buffer
        return ask({ kind: 'encode', key: String(++key), width: 1024, height: 808, rgba }, [rgba])
      },
      decode: (x) => ask({ kind: 'decode', key: String(key), width: 1024, height: 808, points: [[x, 523, 1]], box: null, tolerance: 1 }),
    }
  }

  async function peer() {
    const ort = await import('/ort/ort.wasm.min.mjs')
    ort.env.wasm.numThreads = 1
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
    return {
      load,
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

  window.measure = async () => {
    const runners = { 'visionflow, plain vectors': await ours('/engine/infer_bg.wasm'), 'visionflow, relaxed vectors': await ours('/engine/infer_relaxed_bg.wasm'), 'onnxruntime-web': await peer() }
    const times = Object.keys(runners).map((runner) => ({ runner, encode: [], decode: [] }))
    for (let round = 0; round < 3; round++)
      for (const row of times) {
        row.encode.push(await runners[row.runner].encode())
        for (let i = 0; i < 4; i++) row.decode.push(await runners[row.runner].decode(270 + i))
      }
    // The first round warms up.
    return times.map(({ runner, encode, decode }) => ({
      runner,
      load_ms: Math.round(runners[runner].load),
      encode_ms: Math.round(middle(encode.slice(1))),
      decode_ms: Math.round(middle(decode.slice(4))),
    }))
  }
})
for (const row of await page.evaluate(() => window.measure())) console.log(JSON.stringify({ bench: 'infer', ...row }))
await browser.close()
site.close()
