// The photograph with its annotations as a picture, painted tile by tile on the engine's own canvas.
import { checkNumber, checkObject } from './check.js'
import type { Engine } from './load.js'
import type { Region } from './annotator.js'

/** Options of {@link Annotator.exportPng}. */
export interface PngOptions {
  /** Pixels of the picture per pixel of the photograph; 1 unless chosen. */
  scale?: number
  /** The part of the photograph; all of it unless chosen. */
  region?: Region
}

/** The longest side and the most pixels of an exported picture. */
export const MAX_SIDE = 16_384
export const MAX_PIXELS = 134_217_728

const TILE = 1_024

/** Paints the picture part by part. @internal */
export async function exportPng(engine: Engine, canvas: HTMLCanvasElement, options: PngOptions): Promise<Blob> {
  checkObject(options, 'exportPng(): options')
  const { scale = 1 } = options
  checkNumber(scale, 'exportPng(): scale', 1e-4, 1e3)
  const size = engine.imageSize()
  const region = options.region ?? (size && { x: 0, y: 0, width: size[0]!, height: size[1]! })
  if (!region) throw new Error('exportPng(): there is no photograph; name a region')
  checkObject(region, 'exportPng(): region')
  for (const side of ['x', 'y'] as const) checkNumber(region[side], `exportPng(): region.${side}`, -1e8, 1e8)
  for (const side of ['width', 'height'] as const) checkNumber(region[side], `exportPng(): region.${side}`, 1e-3, 1e8)
  const width = Math.max(1, Math.round(region.width * scale))
  const height = Math.max(1, Math.round(region.height * scale))
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS) {
    throw new RangeError(`exportPng(): ${width} × ${height} pixels; ${MAX_SIDE} a side and ${MAX_PIXELS} in all are the most: choose a smaller scale or region`)
  }
  const picture = document.createElement('canvas')
  picture.width = width
  picture.height = height
  const context = picture.getContext('2d')
  if (!context) throw new Error('exportPng(): the browser has no memory for the picture')
  try {
    for (let y = 0; y < height; y += TILE) {
      for (let x = 0; x < width; x += TILE) {
        const [w, h] = [Math.min(TILE, width - x), Math.min(TILE, height - y)]
        // Within one task, what was just drawn can be read and is never shown.
        engine.drawPart(region.x + x / scale, region.y + y / scale, scale, w, h)
        context.drawImage(canvas, 0, 0, w, h, x, y, w, h)
      }
    }
  } finally {
    engine.endPicture()
  }
  const blob = await new Promise<Blob | null>((resolve) => picture.toBlob(resolve, 'image/png'))
  picture.width = picture.height = 0
  if (!blob) throw new Error('exportPng(): the browser could not make the picture')
  return blob
}
