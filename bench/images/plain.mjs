// Plain files of 500 megapixels, made of one strip again and again, so that nothing lies on a disk:
// each is `{ size, read(start, end) }`.
import { constants, deflateRawSync } from 'node:zlib'
import { checksum } from '../../e2e/support/tiles.mjs'

export const [WIDTH, STRIP] = [22_400, 720]
const TIMES = 31
const HEIGHT = STRIP * TIMES

/** Soft shapes with a little noise, as a camera's; RGB of one strip. The page runs it too. */
export function strip(width, height) {
  const rgb = new Uint8Array(width * height * 3)
  const wave = (length, period, size) => Float32Array.from({ length }, (_, at) => size * Math.sin((at / period) * 2 * Math.PI))
  const [x1, x2, y1, y2] = [wave(width, 1600, 50), wave(width, 97, 12), wave(height, 720, 40), wave(height, 45, 10)]
  let noise = 1
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      noise = (Math.imul(noise, 1_664_525) + 1_013_904_223) >>> 0
      const light = 128 + (x1[x] * y1[y]) / 50 + x2[x] + y2[y] + (noise >>> 30)
      rgb[at] = light
      rgb[at + 1] = light * 0.9 + 8
      rgb[at + 2] = 230 - light * 0.7
    }
  }
  return rgb
}

/** A file of a head, the same middle so often, and a tail; the middle may depend on its number. */
function repeated(head, middle, tail, ends = () => Buffer.alloc(0)) {
  const period = middle.length + ends(0).length
  const size = head.length + period * TIMES + tail.length
  const parts = []
  const add = (start, bytes) => parts.push({ start, bytes })
  add(0, head)
  for (let n = 0; n < TIMES; n++) {
    add(head.length + n * period, middle)
    add(head.length + n * period + middle.length, ends(n))
  }
  add(size - tail.length, tail)
  const read = (start, end) => {
    const out = Buffer.alloc(end - start)
    for (const part of parts) {
      const [low, high] = [Math.max(start, part.start), Math.min(end, part.start + part.bytes.length)]
      if (low < high) part.bytes.copy(out, low - start, low - part.start, high - part.start)
    }
    return out
  }
  return { size, read }
}

/** From the bytes of one strip as a browser wrote it: the strips become restart intervals. */
export function jpeg(one) {
  const sof = one.indexOf(Buffer.from([0xff, 0xc0]))
  const sos = one.indexOf(Buffer.from([0xff, 0xda]))
  const scan = sos + 2 + one.readUInt16BE(sos + 2)
  const head = Buffer.from(one.subarray(0, scan))
  head.writeUInt16BE(HEIGHT, sof + 5)
  const [across, down] = [head[sof + 11] >> 4, head[sof + 11] & 15]
  const interval = Buffer.from([0xff, 0xdd, 0, 4, 0, 0])
  interval.writeUInt16BE(Math.ceil(WIDTH / (8 * across)) * Math.ceil(STRIP / (8 * down)), 4)
  const whole = Buffer.concat([head.subarray(0, sos), interval, head.subarray(sos)])
  // Between the strips a restart marker, after the last one the end.
  return repeated(whole, one.subarray(scan, one.length - 2), Buffer.alloc(0), (n) => Buffer.from([0xff, n === TIMES - 1 ? 0xd9 : 0xd0 + (n % 8)]))
}

/** The first row of a strip looks to its left only, the others to all sides (Paeth). */
export function png(rgb) {
  const row = WIDTH * 3
  const raw = Buffer.alloc(STRIP * (row + 1))
  for (let y = 0; y < STRIP; y++) {
    const at = y * (row + 1)
    raw[at] = y === 0 ? 1 : 4
    for (let x = 0; x < row; x++) {
      const left = x < 3 ? 0 : rgb[y * row + x - 3]
      const up = y === 0 ? 0 : rgb[(y - 1) * row + x]
      const corner = x < 3 || y === 0 ? 0 : rgb[(y - 1) * row + x - 3]
      const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)]
      raw[at + 1 + x] = rgb[y * row + x] - (y === 0 || (a <= b && a <= c) ? left : b <= c ? up : corner)
    }
  }
  const packed = deflateRawSync(raw, { level: 1, finishFlush: constants.Z_FULL_FLUSH })
  const header = Buffer.alloc(13)
  header.writeUInt32BE(WIDTH, 0)
  header.writeUInt32BE(HEIGHT, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const end = Buffer.alloc(4)
  end.writeUInt32BE(adler32(raw, TIMES))
  const head = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', Buffer.from([0x78, 0x01]))])
  // An empty last block, and the checksum of all strips.
  const tail = Buffer.concat([chunk('IDAT', Buffer.concat([Buffer.from([3, 0]), end])), chunk('IEND', Buffer.alloc(0))])
  return repeated(head, chunk('IDAT', packed), tail)
}

/** Uncompressed strips of 16 rows. */
export function tiff(rgb) {
  const rows = 16
  const count = HEIGHT / rows
  const bytes = rows * WIDTH * 3
  const TAGS = 10
  const lists = 8 + 2 + 12 * TAGS + 4 + 6
  const head = Buffer.alloc(lists + 8 * count)
  head.write('II*\0', 'latin1')
  head.writeUInt32LE(8, 4)
  head.writeUInt16LE(TAGS, 8)
  const bits = lists - 6
  for (let i = 0; i < 3; i++) head.writeUInt16LE(8, bits + 2 * i)
  const tags = [[256, 4, 1, WIDTH], [257, 4, 1, HEIGHT], [258, 3, 3, bits], [259, 3, 1, 1], [262, 3, 1, 2], [273, 4, count, lists], [277, 3, 1, 3], [278, 4, 1, rows], [279, 4, count, lists + 4 * count], [284, 3, 1, 1]]
  tags.forEach(([tag, kind, number, value], i) => {
    const entry = 10 + 12 * i
    head.writeUInt16LE(tag, entry)
    head.writeUInt16LE(kind, entry + 2)
    head.writeUInt32LE(number, entry + 4)
    head.writeUInt32LE(value, entry + 8)
  })
  for (let n = 0; n < count; n++) {
    head.writeUInt32LE(head.length + n * bytes, lists + 4 * n)
    head.writeUInt32LE(bytes, lists + 4 * count + 4 * n)
  }
  return repeated(head, Buffer.from(rgb.buffer), Buffer.alloc(0))
}

function chunk(kind, data) {
  const framed = Buffer.alloc(data.length + 12)
  framed.writeUInt32BE(data.length, 0)
  framed.write(kind, 4, 'latin1')
  data.copy(framed, 8)
  framed.writeUInt32BE(checksum(framed.subarray(4, data.length + 8)), data.length + 8)
  return framed
}

/** RFC 1950, section 9, of the same bytes so often. */
function adler32(bytes, times) {
  const M = 65_521
  let [a, b] = [0, 0]
  for (const byte of bytes) {
    a += byte
    b += a
    if (b > 2 ** 50) [a, b] = [a % M, b % M]
  }
  const [sum, weighted, length] = [a % M, b % M, bytes.length % M]
  let [low, high] = [1, 0]
  for (let n = 0; n < times; n++) {
    high = (high + length * low + weighted) % M
    low = (low + sum) % M
  }
  return ((high << 16) | low) >>> 0
}
