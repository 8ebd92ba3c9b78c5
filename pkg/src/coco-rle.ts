// COCO's run lengths: column by column over the whole image, beginning with outside; ours: row by
// row over the rectangle around the mask.
import { checkList, checkObject } from './check.js'
import type { MaskRuns } from './types.js'

/** Run lengths; `size` is height and width, `counts` numbers or COCO's text of them. */
export interface Rle {
  size: [number, number] | number[]
  counts: number[] | string
}

type Mask = { type: 'mask' } & MaskRuns

/** Images with more pixels are refused: their runs would be expanded in memory. */
const MAX_PIXELS = 1 << 29

/** A mask of run lengths in either form; throws with the place of what is wrong. */
export function fromRle(rle: Rle, place: string): Mask {
  checkObject(rle, place)
  const [height, width] = rle.size ?? []
  if (!isSide(height) || !isSide(width) || height * width > MAX_PIXELS) {
    throw new Error(`${place}.size is not a height and a width in pixels, ${MAX_PIXELS} in all at most`)
  }
  const counts = typeof rle.counts === 'string' ? decode(rle.counts, `${place}.counts`) : rle.counts
  checkList(counts, `${place}.counts`)
  let at = 0
  let [left, top, right, bottom] = [width, height, -1, -1]
  const runs: [number, number][] = []
  counts.forEach((count, index) => {
    if (!Number.isInteger(count) || count < 0) throw new Error(`${place}.counts[${index}] is ${String(count)}: a length is needed`)
    const end = at + count
    if (index % 2 === 1 && count > 0 && end <= width * height) {
      runs.push([at, end])
      const [first, last] = [Math.floor(at / height), Math.floor((end - 1) / height)]
      left = Math.min(left, first)
      right = Math.max(right, last)
      top = Math.min(top, first === last ? at % height : 0)
      bottom = Math.max(bottom, first === last ? (end - 1) % height : height - 1)
    }
    at = end
  })
  if (at !== width * height) throw new Error(`${place}.counts add up to ${at}; the image has ${width * height} pixels`)
  if (runs.length === 0) return { type: 'mask', origin: [0, 0], size: [0, 0], runs: [] }
  const size: [number, number] = [right - left + 1, bottom - top + 1]
  // The other way round, pixel by pixel, within the rectangle around it.
  const pixels = new Uint8Array(size[0] * size[1])
  for (const [start, end] of runs) {
    for (let i = start; i < end; i++) {
      const [x, y] = [Math.floor(i / height) - left, (i % height) - top]
      pixels[y * size[0] + x] = 1
    }
  }
  return { type: 'mask', origin: [left, top], size, runs: runsOf(pixels) }
}

/** A mask as run lengths of the whole image; what lies outside of it is cut off. */
export function maskToRle(mask: MaskRuns, width: number, height: number): { rle: Rle; area: number; bbox: number[] } {
  const pixels = new Uint8Array(width * height)
  let at = 0
  let area = 0
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  mask.runs.forEach((run, index) => {
    for (let i = at; index % 2 === 1 && i < at + run; i++) {
      const [x, y] = [mask.origin[0] + (i % mask.size[0]), mask.origin[1] + Math.floor(i / mask.size[0])]
      if (x < 0 || y < 0 || x >= width || y >= height) continue
      pixels[x * height + y] = 1
      area += 1
      left = Math.min(left, x)
      right = Math.max(right, x)
      top = Math.min(top, y)
      bottom = Math.max(bottom, y)
    }
    at += run
  })
  const bbox = area > 0 ? [left, top, right - left + 1, bottom - top + 1] : [0, 0, 0, 0]
  return { rle: { size: [height, width], counts: runsOf(pixels) }, area, bbox }
}

/** The pixels whose centres lie inside, by the even-odd rule; as the server's export has it. */
export function polygonToRle(rings: readonly number[][], width: number, height: number): { rle: Rle; area: number } {
  const pixels = new Uint8Array(width * height)
  let area = 0
  for (let column = 0; column < width; column++) {
    const x = column + 0.5
    const crossings: number[] = []
    for (const ring of rings) {
      for (let i = 0; i < ring.length; i += 2) {
        const j = (i + 2) % ring.length
        const [ax, ay, bx, by] = [ring[i]!, ring[i + 1]!, ring[j]!, ring[j + 1]!]
        if (ax > x !== bx > x) crossings.push(ay + ((x - ax) * (by - ay)) / (bx - ax))
      }
    }
    crossings.sort((a, b) => a - b)
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const edge = (y: number) => Math.min(height, Math.max(0, Math.ceil(y - 0.5)))
      const [from, to] = [edge(crossings[i]!), edge(crossings[i + 1]!)]
      pixels.fill(1, column * height + from, column * height + Math.max(from, to))
      area += Math.max(0, to - from)
    }
  }
  return { rle: { size: [height, width], counts: runsOf(pixels) }, area }
}

/** Lengths of runs, alternately outside and inside, beginning with outside. */
function runsOf(pixels: Uint8Array): number[] {
  const runs: number[] = []
  let [value, length] = [0, 0]
  for (const pixel of pixels) {
    if (pixel === value) {
      length += 1
    } else {
      runs.push(length)
      value = pixel
      length = 1
    }
  }
  runs.push(length)
  return runs
}

/** COCO's text: five bits a character from `0` on, from the third run on as differences (maskApi.c). */
function decode(text: string, place: string): number[] {
  const counts: number[] = []
  for (let at = 0; at < text.length; ) {
    let [value, shift, more] = [0, 0, true]
    while (more) {
      const code = text.charCodeAt(at) - 48
      if (!(code >= 0 && code < 64) || shift > 50) throw new Error(`${place} is no run lengths: character ${at}`)
      at += 1
      value += (code & 0x1f) * 2 ** shift
      shift += 5
      more = (code & 0x20) !== 0
      if (!more && (code & 0x10) !== 0) value -= 2 ** shift
    }
    counts.push(counts.length > 2 ? value + counts[counts.length - 2]! : value)
  }
  return counts
}

function isSide(side: unknown): side is number {
  return typeof side === 'number' && Number.isInteger(side) && side > 0
}
