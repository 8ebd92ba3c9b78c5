// Pictures in tiles made in code (TIFF, Deep Zoom, IIIF), and a server that answers ranges.
// Their quarters are red, green, blue and yellow, so that a test sees which part it looks at.
import http from 'node:http'
import { pipeline, Readable } from 'node:stream'
import { crc32, deflateSync } from 'node:zlib'

/** Bytes that are sent at once. */
const PART = 1 << 22

export const QUARTERS = { red: [200, 40, 40], green: [40, 160, 60], blue: [50, 80, 200], yellow: [220, 200, 60] }

/** The colour of a pixel of a picture of this size; a light texture keeps tiles from being alike. */
export function colorAt(x, y, width, height) {
  const names = ['red', 'green', 'blue', 'yellow']
  const base = QUARTERS[names[(x * 2 >= width ? 1 : 0) + (y * 2 >= height ? 2 : 0)]]
  const shade = ((x >> 3) + (y >> 3)) % 2 === 0 ? 0 : 10
  return base.map((value) => value - shade)
}

/** A TIFF in deflated tiles with halved overviews, little-endian. `deep` makes it 16-bit grey. */
export function tiledTiff(width, height, { tile = 256, deep = false, orientation = 1 } = {}) {
  const parts = [Buffer.alloc(8)]
  let at = 8
  const put = (bytes) => {
    const start = at
    parts.push(bytes)
    at += bytes.length
    if (at % 2) {
      parts.push(Buffer.alloc(1))
      at += 1
    }
    return start
  }
  const pages = []
  for (let [w, h, level] = [width, height, 0]; ; [w, h, level] = [Math.ceil(w / 2), Math.ceil(h / 2), level + 1]) {
    pages.push({ w, h, level, tiles: tilesOf(w, h, tile, deep).map((bytes) => ({ at: put(deflateSync(bytes)), len: undefined })) })
    if (Math.max(w, h) <= tile) break
  }
  // The lengths follow from where the parts lie.
  const sizes = new Map()
  let place = 8
  for (const part of parts.slice(1)) {
    sizes.set(place, part.length)
    place += part.length
  }
  const out = Buffer.concat(parts)
  let pointer = 4
  const tail = []
  let end = out.length
  const write = (bytes) => {
    const start = end
    tail.push(bytes)
    end += bytes.length
    return start
  }
  const patches = []
  for (const page of pages) {
    const offsets = page.tiles.map((t) => t.at)
    const lengths = offsets.map((offset) => sizes.get(offset))
    const list = (values) => write(Buffer.concat(values.map((value) => u32(value))))
    const samples = deep ? 1 : 3
    const bits = deep ? [16] : [8, 8, 8]
    const tags = [
      [254, 4, [page.level > 0 ? 1 : 0]],
      [256, 4, [page.w]],
      [257, 4, [page.h]],
      [258, 3, bits],
      [259, 3, [8]],
      [262, 3, [deep ? 1 : 2]],
      [274, 3, [orientation]],
      [277, 3, [samples]],
      [322, 4, [tile]],
      [323, 4, [tile]],
      [324, 4, offsets],
      [325, 4, lengths],
    ]
    const entries = tags.map(([tag, kind, values]) => {
      const size = kind === 3 ? 2 : 4
      const entry = Buffer.alloc(12)
      entry.writeUInt16LE(tag, 0)
      entry.writeUInt16LE(kind, 2)
      entry.writeUInt32LE(values.length, 4)
      if (values.length * size <= 4) {
        values.forEach((value, i) => (size === 2 ? entry.writeUInt16LE(value, 8 + 2 * i) : entry.writeUInt32LE(value, 8)))
      } else if (size === 2) {
        entry.writeUInt32LE(write(Buffer.concat([...values.map((v) => u16(v)), Buffer.alloc(2)])), 8)
      } else {
        entry.writeUInt32LE(list(values), 8)
      }
      return entry
    })
    const directory = write(Buffer.concat([u16(entries.length), ...entries, u32(0)]))
    patches.push([pointer, directory])
    pointer = directory + 2 + 12 * entries.length
  }
  const whole = Buffer.concat([out, ...tail])
  whole.write('II', 0)
  whole.writeUInt16LE(42, 2)
  for (const [where, value] of patches) whole.writeUInt32LE(value, where)
  return whole
}

function tilesOf(width, height, tile, deep) {
  const tiles = []
  for (let row = 0; row * tile < height; row++) {
    for (let col = 0; col * tile < width; col++) {
      const bytes = Buffer.alloc(tile * tile * (deep ? 2 : 3))
      for (let y = 0; y < tile; y++) {
        for (let x = 0; x < tile; x++) {
          const [px, py] = [Math.min(col * tile + x, width - 1), Math.min(row * tile + y, height - 1)]
          const at = y * tile + x
          // A narrow part of the range, as microscopes and scanners write.
          if (deep) bytes.writeUInt16LE(1000 + Math.floor((px / width) * 2000), at * 2)
          else bytes.set(colorAt(px, py, width, height), at * 3)
        }
      }
      tiles.push(bytes)
    }
  }
  return tiles
}

/** One part of a picture made smaller by `factor`, as PNG. */
export function pngTile(width, height, x, y, w, h, factor) {
  const rows = Buffer.alloc(h * (1 + w * 3))
  for (let row = 0; row < h; row++) {
    for (let col = 0; col < w; col++) {
      rows.set(colorAt((x + col) * factor, (y + row) * factor, width, height), row * (1 + w * 3) + 1 + col * 3)
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(w, 0)
  header.writeUInt32BE(h, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

/** What a Deep Zoom source answers below `/zoom`: the descriptor, or a tile cut on demand. */
export function deepZoom(path, width, height, tile = 254, overlap = 1) {
  if (path === '/zoom.dzi') {
    const size = `<Size Width="${width}" Height="${height}"/>`
    return Buffer.from(`<?xml version="1.0"?><Image xmlns="http://schemas.microsoft.com/deepzoom/2008" Format="png" Overlap="${overlap}" TileSize="${tile}">${size}</Image>`)
  }
  const match = /^\/zoom_files\/(\d+)\/(\d+)_(\d+)\.png$/.exec(path)
  if (!match) return undefined
  const [level, col, row] = match.slice(1).map(Number)
  const factor = 2 ** (Math.ceil(Math.log2(Math.max(width, height))) - level)
  const [w, h] = [Math.ceil(width / factor), Math.ceil(height / factor)]
  const [x, y] = [Math.max(col * tile - overlap, 0), Math.max(row * tile - overlap, 0)]
  const [right, bottom] = [Math.min((col + 1) * tile + overlap, w), Math.min((row + 1) * tile + overlap, h)]
  return right > x && bottom > y ? pngTile(width, height, x, y, right - x, bottom - y, factor) : undefined
}

/** What a IIIF server answers below `/iiif/page`: `info.json`, or a region cut on demand. */
export function iiif(path, origin, width, height, tile = 256) {
  if (path === '/iiif/page/info.json') {
    const tiles = [{ width: tile, scaleFactors: [1, 2, 4, 8] }]
    return Buffer.from(JSON.stringify({ '@context': 'http://iiif.io/api/image/3/context.json', id: `${origin}/iiif/page`, type: 'ImageService3', width, height, tiles }))
  }
  const match = /^\/iiif\/page\/(full|[\d,]+)\/(max|[\d,]+)\/0\/default\.jpg$/.exec(path)
  if (!match) return undefined
  const [x, y, w, h] = match[1] === 'full' ? [0, 0, width, height] : match[1].split(',').map(Number)
  const [outWidth, outHeight] = match[2] === 'max' ? [w, h] : match[2].split(',').map(Number)
  const factor = Math.round(w / outWidth)
  return pngTile(width, height, Math.floor(x / factor), Math.floor(y / factor), outWidth, outHeight, factor)
}

/**
 * Serves `answer(path, origin)` to any page, by range where it is asked for; `sent` counts bytes.
 * An answer is a Buffer, `{ size, read(start, end) }`, or undefined.
 */
export async function serve(answer, types = {}) {
  const counts = { sent: 0, requests: 0 }
  const server = http.createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://x').pathname)
    const found = answer(path, origin)
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-headers', 'range')
    response.setHeader('access-control-expose-headers', 'content-range')
    response.setHeader('cross-origin-resource-policy', 'cross-origin')
    if (request.method === 'OPTIONS') return response.writeHead(204).end()
    if (!found) return response.writeHead(404).end()
    counts.requests += 1
    const size = Buffer.isBuffer(found) ? found.length : found.size
    const read = (start, end) => (Buffer.isBuffer(found) ? found.subarray(start, end) : found.read(start, end))
    const extension = path.slice(path.lastIndexOf('.'))
    const headers = { 'content-type': types[extension] ?? 'application/octet-stream', 'accept-ranges': 'bytes' }
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '')
    const [start, end] = range ? [Number(range[1]), Math.min(Number(range[2]) + 1, size)] : [0, size]
    if (range) headers['content-range'] = `bytes ${start}-${end - 1}/${size}`
    headers['content-length'] = String(end - start)
    response.writeHead(range ? 206 : 200, headers)
    // In parts: a file may be larger than memory, and whoever asked may hang up.
    const parts = function* () {
      for (let at = start; at < end; at += PART) {
        const part = read(at, Math.min(at + PART, end))
        counts.sent += part.length
        yield part
      }
    }
    pipeline(Readable.from(parts()), response, () => {})
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${server.address().port}`
  const stop = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { origin, counts, stop }
}

function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(checksum(body), body.length + 4)
  return framed
}

/** CRC-32. */
export function checksum(bytes) {
  if (typeof crc32 === 'function') return crc32(bytes)
  let value = ~0
  for (const byte of bytes) {
    value ^= byte
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0)
  }
  return ~value >>> 0
}

function u16(value) {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

function u32(value) {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
