// Photographs of the demo with something in them that was outlined by hand, and how well a shape
// agrees with it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Photo } from './photos'
import type { Point } from './workbench'

export interface Subject {
  name: string
  photo: Photo
  /** At most two, with whether the place belongs to the thing. */
  clicks: [Point, boolean][]
  outline: Point[]
}

const at = (...path: string[]) => join(process.cwd(), ...path)
const drawn: Record<string, Point[]> = JSON.parse(readFileSync(at('crates/infer/tests/fixtures/outlines.json'), 'utf8'))

function subject(name: string, file: string, width: number, height: number, clicks: Subject['clicks'], scale = 1): Subject {
  const mimeType = file.endsWith('.png') ? 'image/png' : 'image/jpeg'
  const photo = { name: file, mimeType, buffer: readFileSync(at('server/demo/photos', file)), width, height }
  const scaled = ([x, y]: Point): Point => [x * scale, y * scale]
  return { name, photo, clicks: clicks.map(([point, isPart]) => [scaled(point), isPart]), outline: drawn[name]!.map(scaled) }
}

export const CUP = subject('cup', 'coffee.png', 600, 400, [[[285, 140], true], [[270, 235], true]])
export const COIN = subject('coin', 'coins.png', 384, 303, [[[102, 196], true]])
// Drawn on the photograph at 1,024 pixels.
export const DOG = subject('dog', 'two-dogs-park.jpg', 2000, 1500, [[[680, 330], true], [[480, 300], false]], 2000 / 1024)

/** Rings of `[x, y, x, y, …]` as points. */
export function ringsOf(flat: number[][]): Point[][] {
  return flat.map((ring) => ring.filter((_, i) => i % 2 === 0).map((x, i) => [x, ring[2 * i + 1]!]))
}

/** Intersection over union of two sets of rings in a photograph, by its pixels' centres. */
export function iou(photo: Photo, a: Point[][], b: Point[][]): number {
  let [both, either] = [0, 0]
  for (let y = 0.5; y < photo.height; y++) {
    const [inA, inB] = [spans(a, y), spans(b, y)]
    for (let x = 0.5; x < photo.width; x++) {
      const [isInA, isInB] = [odd(inA, x), odd(inB, x)]
      if (isInA && isInB) both++
      if (isInA || isInB) either++
    }
  }
  return both / either
}

/** Where the rings' edges cross a row, from left to right. */
function spans(rings: Point[][], y: number): number[] {
  const crossings: number[] = []
  for (const ring of rings) {
    ring.forEach(([ax, ay], i) => {
      const [bx, by] = ring[(i + 1) % ring.length]!
      if (ay > y !== by > y) crossings.push(((bx - ax) * (y - ay)) / (by - ay) + ax)
    })
  }
  return crossings.sort((one, other) => one - other)
}

/** The even-odd rule. */
function odd(crossings: number[], x: number): boolean {
  let left = 0
  while (left < crossings.length && crossings[left]! < x) left++
  return left % 2 === 1
}
