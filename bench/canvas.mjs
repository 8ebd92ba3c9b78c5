// The engine against Konva, Fabric.js and PixiJS in one Chromium each: loading, panning, zooming,
// clicking, dragging, memory; how the engine's frames grow with what is not in view; and the
// document's budget. One line of JSON for each page; called by `cargo xtask bench`.
// A gesture lasts 5 seconds at most, and two frames at least: what is slow is measured with fewer.
//
//   VISIONFLOW_ENGINE_DIR     the engine's JavaScript module
//   VISIONFLOW_BENCH_MODULES  a directory whose node_modules hold konva, fabric and pixi.js
//   VISIONFLOW_CHROMIUM       the browser
//
//   VISIONFLOW_BENCH_ROUNDS   how often ours and PixiJS are measured up to 10,000 shapes, 3 unless told
//   VISIONFLOW_BENCH_LIMIT_S  how long a page may take, 300 seconds unless told
//
// `node bench/canvas.mjs growth` runs one part alone: shapes, growth, document; numbers among the
// arguments are how many shapes to measure with.
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
const isNumber = (argument) => /^\d+$/.test(argument)
const only = process.argv.slice(2).filter((argument) => !isNumber(argument))
const counts = process.argv.slice(2).filter(isNumber).map(Number)
const COUNTS = counts.length > 0 ? counts : [1_000, 10_000, 100_000]
const ROUNDS = Number(process.env.VISIONFLOW_BENCH_ROUNDS ?? 3)
const LIMIT_S = Number(process.env.VISIONFLOW_BENCH_LIMIT_S ?? 300)
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
    for (const count of COUNTS) {
      const query = `kind=${kind}&n=${count}`
      const drawn = []
      // Taken in turns, so that what else the machine does falls on all of them.
      for (let round = 0; round < (count > 10_000 ? 1 : ROUNDS); round++) {
        drawn.push(await measured('webgpu', `engine.html?${query}&backend=webgpu`))
        drawn.push(await measured('webgpu', `pixi.html?${query}&backend=webgpu`))
        drawn.push(await measured('webgl2', `engine.html?${query}&backend=webgl2`))
        drawn.push(await measured('webgl2', `pixi.html?${query}&backend=webgl`))
      }
      for (const result of merged(drawn)) print('shapes', result)
      print('shapes', await measured('webgpu', `konva.html?${query}`))
      print('shapes', await measured('webgpu', `fabric.html?${query}`))
    }
  }
}
if (wanted('growth')) {
  for (const backend of ['webgpu', 'webgl2']) {
    let first
    for (const count of [10, 10_000, 100_000, 1_000_000]) {
      const result = await measured(backend, `growth.html?kind=grid&n=${count}&frames=120&backend=${backend}`)
      if (count === 10_000) first = result
      const factor = first && result && result.pan.p50 / first.pan.p50
      print('growth', result && { ...result, pan_factor: factor })
    }
  }
}
if (wanted('document')) {
  for (const kind of ['boxes', 'polygons']) {
    for (const count of COUNTS) {
      print('document', await measured('webgpu', `engine.html?newcomer=1&kind=${kind}&n=${count}&backend=webgpu`))
    }
  }
}
server.close()

/** A browser of its own for every page, so that memory is that page's; nothing where it failed. */
async function measured(backend, page) {
  const browser = await chromium.launch({
    executablePath: VISIONFLOW_CHROMIUM,
    args: ['--no-sandbox', '--disable-background-timer-throttling', '--disable-renderer-backgrounding', ...flags[backend]],
  })
  try {
    return { page, ...(await watch(browser, page)) }
  } catch (error) {
    // One library that fails leaves the others' figures.
    process.stderr.write(`  ${page}: ${error.message}\n`)
    process.exitCode = 1
    return undefined
  } finally {
    await browser.close()
  }
}

/** The page's figures and memory; those that it had come to where it takes longer than the limit. */
async function watch(browser, page) {
  const begun = performance.now()
  const tab = await browser.newPage({ viewport: { width: 1280, height: 720 } })
  const lines = []
  let reached = {}
  tab.on('console', (message) => {
    const [, figures] = message.text().match(/^progress (.*)$/) ?? []
    if (figures) reached = JSON.parse(figures)
    else lines.push(message.text())
  })
  await tab.goto(`${origin}/bench/canvas/${page}`)
  const result = await within(LIMIT_S, async () => {
    await tab.waitForFunction('window.__result !== undefined', null, { timeout: 0 })
    const found = await tab.evaluate('window.__result')
    if (found.error) throw new Error(`${found.error}\n${lines.join('\n')}`)
    // What a library has thrown away is not what it holds.
    const session = await tab.context().newCDPSession(tab)
    await session.send('HeapProfiler.collectGarbage')
    return { ...found, ...(await memory(browser)) }
  })
  process.stderr.write(`  ${page}: ${((performance.now() - begun) / 1000).toFixed(1)} s\n`)
  const stopped = { library: page.split('.')[0], ...reached, note: `stopped after ${LIMIT_S} s` }
  return result ?? stopped
}

/** What `work` results in; nothing where that takes longer. */
async function within(seconds, work) {
  let timer
  const end = new Promise((resolve) => (timer = setTimeout(resolve, seconds * 1000)))
  const done = work()
  // Of a page that is closed meanwhile nobody wants to hear.
  done.catch(() => {})
  const result = await Promise.race([done, end])
  clearTimeout(timer)
  return result
}

/** One result for each library and what it draws with: the middle of each figure over the rounds. */
function merged(results) {
  const groups = {}
  for (const result of results.filter(Boolean)) (groups[result.page] ??= []).push(result)
  return Object.values(groups).map(middle)
}

function middle(values) {
  const [first] = values
  if (typeof first === 'number') return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
  if (typeof first !== 'object' || first === null) return first
  const keys = Object.keys(first).filter((key) => values.every((value) => value[key] !== undefined))
  return Object.fromEntries(keys.map((key) => [key, middle(values.map((value) => value[key]))]))
}

function print(part, result) {
  if (result) console.log(JSON.stringify({ bench: 'canvas', part, ...result }))
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
