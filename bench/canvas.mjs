// The engine against Konva in one Chromium, panning over boxes, and the document's budget.
// Called by `cargo xtask bench`; prints Markdown.
import { createReadStream, existsSync } from 'node:fs'
import http from 'node:http'
import { extname, join, normalize } from 'node:path'
import { chromium } from 'playwright-core'

const { VISIONFLOW_ENGINE_DIR, VISIONFLOW_PEERS_DIR, VISIONFLOW_CHROMIUM } = process.env
const folders = { bench: 'bench', engine: VISIONFLOW_ENGINE_DIR ?? 'dist/engine', peers: join(VISIONFLOW_PEERS_DIR, 'node_modules') }
const types = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' }
const flags = {
  webgpu: ['--enable-unsafe-webgpu', '--enable-features=Vulkan', '--use-angle=vulkan', '--use-vulkan=swiftshader'],
  webgl2: ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
}

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

const rows = []
for (const backend of ['webgpu', 'webgl2']) {
  const browser = await chromium.launch({
    executablePath: VISIONFLOW_CHROMIUM,
    args: ['--no-sandbox', '--disable-background-timer-throttling', '--disable-renderer-backgrounding', ...flags[backend]],
  })
  for (const count of [1_000, 5_000, 10_000, 100_000]) {
    // Konva's slowest runs take seconds a frame; the middle of a few says enough.
    const frames = count > 10_000 ? 12 : 60
    rows.push(await measure(browser, `engine.html?n=${count}&frames=${frames}&backend=${backend}`))
    rows.push({ ...(await measure(browser, `konva.html?n=${count}&frames=${frames}`)), flags: backend })
  }
  await browser.close()
}
server.close()

const ms = (value) => value.toFixed(value < 10 ? 2 : 0)
console.log('## Engine and Konva, panning over boxes\n')
console.log('Milliseconds of main-thread time a frame (p50, p95); the frame interval is the software renderer’s.\n')
console.log('| boxes | library | drawn by | main thread p50 | p95 | frame interval p50 |')
console.log('|---|---|---|---|---|---|')
for (const row of rows) {
  const by = row.flags ? `canvas 2D (flags of ${row.flags})` : row.backend
  console.log(`| ${row.count} | ${row.library} | ${by} | ${ms(row.work.p50)} | ${ms(row.work.p95)} | ${ms(row.frame.p50)} |`)
}
console.log('\n## The document of one item\n')
console.log('A newcomer takes in an update with all boxes: the time until they are in the scene, and the size of the whole wasm memory, photograph’s share included.\n')
console.log('| boxes | update, MB | load, ms | memory before, MB | after, MB |')
console.log('|---|---|---|---|---|')
const mb = (bytes) => (bytes / 1e6).toFixed(1)
for (const row of rows.filter((row) => row.backend === 'webgpu' && row.library === 'visionflow')) {
  console.log(`| ${row.count} | ${mb(row.update_bytes)} | ${ms(row.load_ms)} | ${mb(row.memory_empty_bytes)} | ${mb(row.memory_bytes)} |`)
}

async function measure(browser, page) {
  process.stderr.write(`  ${page}\n`)
  const tab = await browser.newPage({ viewport: { width: 1280, height: 720 } })
  const lines = []
  tab.on('console', (message) => lines.push(message.text()))
  await tab.goto(`${origin}/bench/canvas/${page}`)
  await tab.waitForFunction('window.__result !== undefined', null, { timeout: 300_000 })
  const result = await tab.evaluate('window.__result')
  await tab.close()
  if (result.error) throw new Error(`${page}: ${result.error}\n${lines.join('\n')}`)
  return result
}
