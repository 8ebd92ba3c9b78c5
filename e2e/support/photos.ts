// Photographs made in code: small PNGs whose content differs by seed, and files that are none.
import { crc32, deflateSync } from 'node:zlib'

export interface Photo {
  name: string
  mimeType: string
  buffer: Buffer
  width: number
  height: number
}

/** A landscape of soft bands with a bright square, never twice the same. */
export function photo(name: string, width = 640, height = 480, seed = 1): Photo {
  const rows = Buffer.alloc(height * (1 + width * 3))
  let at = 0
  for (let y = 0; y < height; y++) {
    rows[at++] = 0
    for (let x = 0; x < width; x++) {
      const light = 90 + 60 * Math.sin((x * (1 + (seed % 3)) + seed * 40) / 90) + 40 * Math.cos((y + seed * 25) / 70)
      const inside = x > width * 0.3 && x < width * 0.5 && y > height * 0.4 && y < height * 0.7
      rows[at++] = inside ? 235 : clamped(light)
      rows[at++] = inside ? 200 : clamped(light * 0.9 + ((seed * 13) % 40))
      rows[at++] = inside ? 80 : clamped(255 - light)
    }
  }
  return { name, mimeType: 'image/png', buffer: png(width, height, rows), width, height }
}

/** A photograph whose pixels are as `color` says. */
export function photoOf(name: string, width: number, height: number, color: (x: number, y: number) => number[]): Photo {
  const rows = Buffer.alloc(height * (1 + width * 3))
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows.set(color(x, y), y * (1 + width * 3) + 1 + x * 3)
  }
  return { name, mimeType: 'image/png', buffer: png(width, height, rows), width, height }
}

function clamped(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)))
}

/** A PNG header that promises far more pixels than any photograph has. */
export function hugeClaim(name: string): Photo {
  return { name, mimeType: 'image/png', buffer: png(60_000, 60_000, Buffer.alloc(64)), width: 60_000, height: 60_000 }
}

export function truncated(name: string): Photo {
  const whole = photo(name)
  return { ...whole, buffer: whole.buffer.subarray(0, Math.floor(whole.buffer.length / 2)) }
}

export function notAnImage(name: string): Photo {
  return { name, mimeType: 'image/png', buffer: Buffer.from('this is a shopping list, not a photograph\n'.repeat(20)), width: 0, height: 0 }
}

function png(width: number, height: number, rows: Buffer): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc(body), body.length + 4)
  return framed
}

function crc(bytes: Buffer): number {
  if (typeof crc32 === 'function') return crc32(bytes)
  let value = ~0
  for (const byte of bytes) {
    value ^= byte
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0)
  }
  return ~value >>> 0
}
