// Photographs of any size: time to the first pixels, to the whole view and to the middle at full size;
// bytes sent, bytes of tiles, and the most that the browser's processes held above what they held
// before. The plain files of 500 megapixels are made as they are read. One line of JSON for each source.
//
//   VISIONFLOW_ENGINE_DIR    the engine's JavaScript module
//   VISIONFLOW_CHROMIUM      the browser
//   VISIONFLOW_BENCH_IMAGES  a directory of further files to open (plain JPEG, PNG, TIFF), optional
import { createReadStream, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import http from 'node:http'
import { extname, join, normalize } from 'node:path'
import { deflateSync } from 'node:zlib'
import { jpeg, png, strip, STRIP, tiff, WIDTH } from './images/plain.mjs'
import { watchMemory } from './images/memory.mjs'
import { chromium } from 'playwright-core'
import { deepZoom, iiif, serve } from '../e2e/support/tiles.mjs'

const { VISIONFLOW_ENGINE_DIR, VISIONFLOW_CHROMIUM, VISIONFLOW_BENCH_IMAGES } = process.env
const folders = { bench: 'bench', engine: VISIONFLOW_ENGINE_DIR ?? 'dist/engine' }
const types = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' }
const SIDE = 40_000

const site = http.createServer((request, response) => {
  const [, folder, ...rest] = normalize(new URL(request.url, 'http://x').pathname).split('/')
  const path = folders[folder] && join(folders[folder], ...rest)
  if (!path || !existsSync(path)) return response.writeHead(404).end()
  response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' })
  createReadStream(path).pipe(response)
})
await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve))

const browser = await chromium.launch({
  executablePath: VISIONFLOW_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--enable-unsafe-webgpu', '--enable-features=Vulkan', '--use-angle=vulkan', '--use-vulkan=swiftshader'],
})
const extra = VISIONFLOW_BENCH_IMAGES ? readdirSync(VISIONFLOW_BENCH_IMAGES).map((name) => `/${name}`) : []
const files = new Map(extra.map((name) => [name, onDisk(join(VISIONFLOW_BENCH_IMAGES, name))]))
files.set('/cog.tif', cloudTiff(SIDE, 512))
await plainFiles()
const answer = (path, origin) => files.get(path) ?? deepZoom(path, SIDE, SIDE) ?? iiif(path, origin, SIDE, SIDE, 512)
const source = await serve(answer, { '.tif': 'image/tiff', '.jpg': 'image/jpeg', '.png': 'image/png' })

const all = ['/cog.tif', '/zoom.dzi', '/iiif/page/info.json', '/plain.jpg', '/plain.png', '/plain.tif', ...extra]
const chosen = process.argv.slice(2)
for (const path of all.filter((path) => !chosen.length || chosen.includes(path.slice(1)))) {
  const tab = await browser.newPage({ viewport: { width: 1280, height: 720 } })
  await tab.goto(`http://127.0.0.1:${site.address().port}/bench/images/page.html`)
  await tab.waitForFunction('window.__ready', null, { timeout: 60_000 })
  const before = source.counts.sent
  const memory = watchMemory()
  const result = await tab.evaluate((url) => window.__page.open(url), source.origin + path)
  const size = result.image.join(' × ')
  const decoder_bytes = await tab.workers()[0]?.evaluate('self.decoderMemory.buffer.byteLength')
  const line = { bench: 'images', source: path.slice(1), size, first_ms: result.first, complete_ms: result.complete, close_ms: result.close }
  const file_bytes = files.get(path)?.size ?? files.get(path)?.length
  console.log(JSON.stringify({ ...line, file_bytes, sent_bytes: source.counts.sent - before, tile_bytes: result.tile_bytes, decoder_bytes, ...memory.stop() }))
  await tab.close()
}
await browser.close()
site.close()
await source.stop()

/** JPEG, PNG and TIFF of 500 megapixels; the browser writes the strip that the JPEG is made of. */
async function plainFiles() {
  const tab = await browser.newPage()
  const one = await tab.evaluate(async ([code, width, height]) => {
    const rgb = new Function(`return ${code}`)()(width, height)
    const canvas = new OffscreenCanvas(width, height)
    const context = canvas.getContext('2d')
    const data = context.createImageData(width, height)
    for (let at = 0; at < width * height; at++) data.data.set([rgb[3 * at], rgb[3 * at + 1], rgb[3 * at + 2], 255], 4 * at)
    context.putImageData(data, 0, 0)
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })
    const reader = new FileReader()
    const read = new Promise((resolve) => (reader.onload = resolve))
    reader.readAsDataURL(blob)
    await read
    return reader.result.split(',')[1]
  }, [strip.toString(), WIDTH, STRIP])
  await tab.close()
  const rgb = strip(WIDTH, STRIP)
  files.set('/plain.jpg', jpeg(Buffer.from(one, 'base64')))
  files.set('/plain.png', png(rgb))
  files.set('/plain.tif', tiff(rgb))
}

/** A cloud-optimised TIFF whose tiles share a few contents, so that it is small. */
function cloudTiff(side, tile) {
  const kinds = Array.from({ length: 16 }, (_, kind) => {
    const bytes = Buffer.alloc(tile * tile * 3)
    for (let at = 0; at < tile * tile; at++) {
      const [x, y] = [at % tile, Math.floor(at / tile)]
      bytes.set([(x + kind * 15) & 255, (y * 2 + kind * 40) & 255, ((x ^ y) + kind) & 255], at * 3)
    }
    return deflateSync(bytes)
  })
  const levels = []
  for (let s = side; ; s = Math.ceil(s / 2)) {
    levels.push(s)
    if (s <= tile) break
  }
  // Directories first, then the lists of tiles, then the tiles: one read opens the file.
  const TAGS = 12
  const head = 8 + levels.length * (2 + 12 * TAGS + 4 + 8)
  const lists = levels.map((s) => Math.ceil(s / tile) ** 2 * 4)
  const listStart = []
  let at = head
  for (const bytes of lists) {
    listStart.push(at)
    at += 2 * bytes
  }
  const places = kinds.map((bytes) => {
    const start = at
    at += bytes.length + (bytes.length % 2)
    return start
  })
  const out = Buffer.alloc(at)
  out.write('II', 0)
  out.writeUInt16LE(42, 2)
  out.writeUInt32LE(8, 4)
  kinds.forEach((bytes, i) => bytes.copy(out, places[i]))
  levels.forEach((s, n) => {
    const start = 8 + n * (2 + 12 * TAGS + 4 + 8)
    const bits = start + 2 + 12 * TAGS + 4
    for (let i = 0; i < 3; i++) out.writeUInt16LE(8, bits + 2 * i)
    const count = lists[n] / 4
    for (let i = 0; i < count; i++) {
      const kind = (i * 7 + n) % kinds.length
      out.writeUInt32LE(places[kind], listStart[n] + 4 * i)
      out.writeUInt32LE(kinds[kind].length, listStart[n] + lists[n] + 4 * i)
    }
    const one = count === 1
    const offsets = one ? out.readUInt32LE(listStart[n]) : listStart[n]
    const lengths = one ? out.readUInt32LE(listStart[n] + lists[n]) : listStart[n] + lists[n]
    const tags = [[254, 4, 1, n > 0 ? 1 : 0], [256, 4, 1, s], [257, 4, 1, s], [258, 3, 3, bits], [259, 3, 1, 8], [262, 3, 1, 2], [277, 3, 1, 3], [284, 3, 1, 1], [322, 4, 1, tile], [323, 4, 1, tile], [324, 4, count, offsets], [325, 4, count, lengths]]
    out.writeUInt16LE(TAGS, start)
    tags.forEach(([tag, kind, number, value], i) => {
      const entry = start + 2 + 12 * i
      out.writeUInt16LE(tag, entry)
      out.writeUInt16LE(kind, entry + 2)
      out.writeUInt32LE(number, entry + 4)
      out.writeUInt32LE(value, entry + 8)
    })
    const next = n + 1 < levels.length ? 8 + (n + 1) * (2 + 12 * TAGS + 4 + 8) : 0
    out.writeUInt32LE(next, start + 2 + 12 * TAGS)
  })
  return out
}

function onDisk(path) {
  const file = openSync(path, 'r')
  const read = (start, end) => {
    const bytes = Buffer.alloc(end - start)
    readSync(file, bytes, 0, bytes.length, start)
    return bytes
  }
  return { size: statSync(path).size, read }
}
