// The engine against Konva in one Chromium, panning over boxes, and the document's budget.
// One line of JSON for each page; called by `cargo xtask bench`.
//
//   VISIONFLOW_ENGINE_DIR     the engine's JavaScript module
//   VISIONFLOW_BENCH_MODULES  a directory whose node_modules hold konva
//   VISIONFLOW_CHROMIUM       the browser
import { createReadStream, existsSync } from 'node:fs'
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

for (const backend of ['webgpu', 'webgl2']) {
  const browser = await chromium.launch({
    executablePath: VISIONFLOW_CHROMIUM,
    args: ['--no-sandbox', '--disable-background-timer-throttling', '--disable-renderer-backgrounding', ...flags[backend]],
  })
  for (const count of [1_000, 5_000, 10_000, 100_000]) {
    // On a software renderer the slowest runs take many seconds a frame; the middle of a few says enough.
    const frames = count > 10_000 ? 4 : count > 1_000 ? 20 : 60
    for (const page of [`engine.html?n=${count}&frames=${frames}&backend=${backend}`, `konva.html?n=${count}&frames=${frames}`]) {
      console.log(JSON.stringify({ bench: 'canvas', flags: backend, ...(await measure(browser, page)) }))
    }
  }
  await browser.close()
}
server.close()

async function measure(browser, page) {
  const begun = performance.now()
  const tab = await browser.newPage({ viewport: { width: 1280, height: 720 } })
  const lines = []
  tab.on('console', (message) => lines.push(message.text()))
  await tab.goto(`${origin}/bench/canvas/${page}`)
  await tab.waitForFunction('window.__result !== undefined', null, { timeout: 300_000 })
  const result = await tab.evaluate('window.__result')
  await tab.close()
  process.stderr.write(`  ${page}: ${((performance.now() - begun) / 1000).toFixed(1)} s\n`)
  if (result.error) throw new Error(`${page}: ${result.error}\n${lines.join('\n')}`)
  return result
}
