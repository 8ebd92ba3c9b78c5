// Outlines of shapes that COCO only knows as polygons; lists of points are x0, y0, x1, y1, …
import type { Shape } from './types.js'

/** `x, y, width, height` around points. */
export function boundsOf(points: readonly number[]): number[] {
  if (points.length === 0) return [0, 0, 0, 0]
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let i = 0; i < points.length; i += 2) {
    left = Math.min(left, points[i]!)
    right = Math.max(right, points[i]!)
    top = Math.min(top, points[i + 1]!)
    bottom = Math.max(bottom, points[i + 1]!)
  }
  return [left, top, right - left, bottom - top]
}

/** The area of a ring (shoelace formula). */
export function ringArea(ring: readonly number[]): number {
  let twice = 0
  for (let i = 0; i < ring.length; i += 2) {
    const next = (i + 2) % ring.length
    twice += ring[i]! * ring[next + 1]! - ring[next]! * ring[i + 1]!
  }
  return Math.abs(twice) / 2
}

/** The corners of a rotated box, clockwise from the top left of the box as it was before. */
export function cornersOf({ center, size, angle }: Extract<Shape, { type: 'rotated_box' }>): number[] {
  const [w, h] = [size[0] / 2, size[1] / 2]
  return turned([[-w, -h], [w, -h], [w, h], [-w, h]], center, angle)
}

export function ellipsePoints({ center, radii, angle }: Extract<Shape, { type: 'ellipse' }>, count: number): number[] {
  const points = Array.from({ length: count }, (_, index): [number, number] => {
    const turn = (2 * Math.PI * index) / count
    return [radii[0] * Math.cos(turn), radii[1] * Math.sin(turn)]
  })
  return turned(points, center, angle)
}

/** Turned clockwise on screen (y points down), and moved. */
function turned(points: readonly [number, number][], [cx, cy]: readonly [number, number], angle: number): number[] {
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)]
  return points.flatMap(([x, y]) => [cx + x * cos - y * sin, cy + x * sin + y * cos])
}
