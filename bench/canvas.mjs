// The engine against Konva, Fabric.js and PixiJS in one Chromium each: loading, panning, zooming,
// clicking, dragging, memory; how the engine's frames grow with what is not in view; and the
// document's budget. One line of JSON for each page; called by `cargo xtask bench`.
//
//   VISIONFLOW_ENGINE_DIR     the engine's JavaScript module
//   VISIONFLOW_BENCH_MODULES  a directory whose node_modules hold konva, fabric and pixi.js
//   VISIONFLOW_CHROMIUM       the browser
//
// `node bench/canvas.mjs growth` runs one part alone: shapes, growth, document.
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import http from 'node:http'
import { extname, join, normalize } from 'node:path'
import { chromium } from 'playwright-core'

const { VISIONFLOW_ENGINE_DIR, VISIONFLOW_BENCH_MODULES, VISIONFLOW_CHROMIUM } = process.env
const folders = { bench: 'bench', engine: VISIONFLOW_ENGINE_DIR ?? 'dist/engine', peers: join(VISIONFLOW_BENCH_MODULES, 'node_modules') }
const types = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' }
const flags = {
  webgpu: ['--enable-unsafe-webgpu', '--enable-features=Vulkan', '--use-angle=vulkan', '--use-vulkan=swiftshader'],
  webgl2: ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
}
const only = process.argv.slice(2)
const wanted = (part) => only.length === 0 || only.includes(part)

const server = http.createServer((request, response) => {
  const [, folder, ...rest] = normalize(new URL(request.url, 'http://x').pathname).split('/')
  const path = folders[folder] && join(folders[folder], ...rest)
  if (!path || !existsSync(path)) return response.writeHead(404).end()
  // Isolated, so that the clock is fine enough to measure with.
  response.writeHead(200, {
    'content-type': types[extname(path)] ?? 'application/octet-stream',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  })
  createReadStream(path).pipe(response)
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const origin = `http://127.0.0.1:${server.address().port}`

if (wanted('shapes')) {
  for (const kind of ['boxes', 'polygons']) {
    for (const count of [1_000, 10_000, 100_000]) {
      // On a software renderer the slowest runs take many seconds a frame; the middle of a few says enough.
      const frames = count > 10_000 ? 2 : count > 1_000 ? 10 : 40
      const query = `kind=${kind}&n=${count}&frames=${frames}`
      const few = Math.max(frames, 8)
      await report('shapes', 'webgpu', `engine.html?kind=${kind}&n=${count}&frames=${few}&backend=webgpu`)
      await report('shapes', 'webgl2', `engine.html?kind=${kind}&n=${count}&frames=${few}&backend=webgl2`)
      await report('shapes', 'webgpu', `pixi.html?kind=${kind}&n=${count}&frames=${few}&backend=webgpu`)
      await report('shapes', 'webgl2', `pixi.html?kind=${kind}&n=${count}&frames=${few}&backend=webgl`)
      await report('shapes', 'webgpu', `konva.html?${query}`)
      await report('shapes', 'webgpu', `fabric.html?${query}`)
    }
  }
}
if (wanted('growth')) {
  for (const count of [10_000, 100_000, 1_000_000]) {
    await report('growth', 'webgpu', `growth.html?kind=grid&n=${count}&frames=120&backend=webgpu`)
  }
}
if (wanted('document')) {
  for (const kind of ['boxes', 'polygons']) {
    for (const count of [1_000, 10_000, 100_000]) {
      await report('document', 'webgpu', `engine.html?newcomer=1&kind=${kind}&n=${count}&backend=webgpu`)
    }
  }
}
server.close()

/** A browser of its own for every page, so that memory is that page's. */
async function report(part, backend, page) {
  const browser = await chromium.launch({
    executablePath: VISIONFLOW_CHROMIUM,
    args: ['--no-sandbox', '--disable-background-timer-throttling', '--disable-renderer-backgrounding', ...flags[backend]],
  })
  try {
    const result = await measure(browser, page)
    console.log(JSON.stringify({ bench: 'canvas', part, flags: backend, ...result, ...(await memory(browser)) }))
  } catch (error) {
    // One library that fails leaves the others' figures.
    process.stderr.write(`  ${page}: ${error.message}\n`)
    process.exitCode = 1
  } finally {
    await browser.close()
  }
}

async function measure(browser, page) {
  const begun = performance.now()
  const tab = await browser.newPage({ viewport: { width: 1280, height: 720 } })
  const lines = []
  tab.on('console', (message) => lines.push(message.text()))
  await tab.goto(`${origin}/bench/canvas/${page}`)
  await tab.waitForFunction('window.__result !== undefined', null, { timeout: 900_000 })
  const result = await tab.evaluate('window.__result')
  process.stderr.write(`  ${page}: ${((performance.now() - begun) / 1000).toFixed(1)} s\n`)
  if (result.error) throw new Error(`${result.error}\n${lines.join('\n')}`)
  return result
}

/** What the page's process and the one that draws hold in memory, on Linux. */
async function memory(browser) {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const resident = (type) => {
    const sizes = processInfo.filter((process) => process.type === type).map(({ id }) => rss(id))
    return Math.max(...sizes, 0)
  }
  return { page_rss_bytes: resident('renderer'), gpu_rss_bytes: resident('GPU') }
}

function rss(pid) {
  try {
    const line = readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+) kB/)
    return line ? Number(line[1]) * 1024 : 0
  } catch {
    return 0
  }
}
