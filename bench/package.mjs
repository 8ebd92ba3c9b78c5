// The npm package's size, and what a page fetches when. One line of JSON for each moment; called by
// `cargo xtask bench`.
//
//   VISIONFLOW_EXAMPLES_DIR  the examples as they were built from the packed package
//   VISIONFLOW_TARBALL       the packed package
//   VISIONFLOW_CHROMIUM      the browser
import { existsSync, readFileSync, statSync } from 'node:fs'
import http from 'node:http'
import { extname, join, normalize } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { chromium } from 'playwright-core'

const { VISIONFLOW_EXAMPLES_DIR, VISIONFLOW_TARBALL, VISIONFLOW_CHROMIUM } = process.env
const root = join(VISIONFLOW_EXAMPLES_DIR ?? 'dist/package/examples', 'plain')
const types = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm', '.png': 'image/png' }

const fetched = []
const server = http.createServer((request, response) => {
  const path = normalize(new URL(request.url, 'http://x').pathname)
  if (path === '/') return response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><body>')
  const file = join(root, path)
  if (!existsSync(file)) return response.writeHead(404).end()
  const body = readFileSync(file)
  response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(body)
  if (!path.endsWith('.png')) fetched.push({ path, body })
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))

const browser = await chromium.launch({
  executablePath: VISIONFLOW_CHROMIUM,
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
})
const page = await browser.newPage()
await page.goto(`http://127.0.0.1:${server.address().port}/`)
report({ moment: 'tarball of the package', files: 1, bytes: statSync(VISIONFLOW_TARBALL).size, wire: statSync(VISIONFLOW_TARBALL).size })
await step('import of the package', async () => {
  window.package = await import(new URL('/node_modules/@visionflow/annotator/dist/index.js', location.href).href)
})
await step('first annotator', async () => {
  const place = document.createElement('div')
  place.style.height = '400px'
  document.body.append(place)
  window.annotator = await window.package.mount(place, { src: '/photo.png' })
})
await step('first use of COCO', async () => window.annotator.toCoco({ width: 10, height: 10 }))
await step('second annotator', async () => {
  await window.package.mount(document.body)
})
await browser.close()
server.close()

async function step(moment, act) {
  fetched.length = 0
  await page.evaluate(act)
  const bytes = fetched.reduce((sum, { body }) => sum + body.length, 0)
  const wire = fetched.reduce((sum, { body }) => sum + compressed(body), 0)
  report({ moment, files: fetched.length, bytes, wire })
}

function compressed(body) {
  if (body.length === 0) return 0
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: body.length }
  return brotliCompressSync(body, { params }).length
}

function report(line) {
  console.log(JSON.stringify({ bench: 'package', ...line }))
}
