// Geometry compared the way the promise is made: to a hundredth of a pixel, or to what a mouse can aim at.
import { expect } from '@playwright/test'
import type { Annotation } from './api'
import { unzip } from './zip'

export function boxOf(annotation: Annotation | undefined): number[] {
  if (annotation?.data.type !== 'box') throw new Error(`not a box: ${JSON.stringify(annotation)}`)
  return annotation.data.box
}

export function ringOf(annotation: Annotation | undefined): number[] {
  if (annotation?.data.type !== 'polygon') throw new Error(`not a polygon: ${JSON.stringify(annotation)}`)
  return annotation.data.rings[0]
}

export function expectClose(actual: number[], expected: number[], within = 0.01): void {
  expect(actual.length, `${actual} has as many numbers as ${expected}`).toBe(expected.length)
  actual.forEach((value, i) => {
    expect(Math.abs(value - expected[i]), `number ${i} of ${actual}, expected ${expected}`).toBeLessThanOrEqual(within)
  })
}

/** Every shape by id, in an order of its own. */
export function byId(annotations: Annotation[]): Record<string, unknown> {
  return Object.fromEntries(
    [...annotations].sort((a, b) => a.id.localeCompare(b.id)).map((a) => [a.id, { label: a.label_id, data: a.data }]),
  )
}

export interface Coco {
  images: { id: number; file_name: string; width: number; height: number }[]
  categories: { id: number; name: string }[]
  annotations: { id: number; image_id: number; category_id: number; bbox: number[]; segmentation: number[][] }[]
}

/** The COCO file inside an export. */
export async function cocoIn(zip: Uint8Array): Promise<Coco> {
  const files = await unzip(zip)
  const found = [...files].find(([path]) => path.endsWith('.json'))
  if (!found) throw new Error(`no COCO file among ${[...files.keys()]}`)
  return JSON.parse(found[1].toString('utf8'))
}
