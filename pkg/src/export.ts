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
/** Tiles of a photograph that are not there by then are not waited for (ms). */
const PATIENCE_MS = 60_000

/** Paints the picture part by part. @internal */
export async function exportPng(
  engine: Engine,
  canvas: HTMLCanvasElement,
  options: PngOptions,
  isGone: () => boolean,
): Promise<Blob> {
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
  const cover = new Cover(canvas)
  engine.drawNow()
  cover.keep()
  try {
    for (let y = 0; y < height; y += TILE) {
      for (let x = 0; x < width; x += TILE) {
        const [w, h] = [Math.min(TILE, width - x), Math.min(TILE, height - y)]
        // Within one task, what was just drawn can be read and is never shown.
        const draw = () => engine.drawPart(region.x + x / scale, region.y + y / scale, scale, w, h)
        const until = performance.now() + PATIENCE_MS
        while (!draw()) {
          if (performance.now() > until) throw new Error('exportPng(): tiles of the photograph do not come')
          cover.show()
          await new Promise((resolve) => setTimeout(resolve, 30))
          if (isGone()) throw new Error('exportPng(): the annotator was destroyed')
        }
        context.drawImage(canvas, 0, 0, w, h, x, y, w, h)
      }
    }
  } finally {
    if (!isGone()) engine.endPicture()
    cover.remove()
  }
  const blob = await new Promise<Blob | null>((resolve) => picture.toBlob(resolve, 'image/png'))
  picture.width = picture.height = 0
  if (!blob) throw new Error('exportPng(): the browser could not make the picture')
  return blob
}

/** What a person sees while the canvas itself is needed for longer than a moment. */
class Cover {
  readonly #canvas: HTMLCanvasElement
  readonly #picture = document.createElement('canvas')

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas
    const { width, height } = canvas
    Object.assign(this.#picture, { width, height })
    this.#picture.setAttribute('aria-hidden', 'true')
  }

  /** Keeps what is on the screen now, which the engine has drawn in this very task. */
  keep(): void {
    this.#picture.getContext('2d')?.drawImage(this.#canvas, 0, 0)
  }

  show(): void {
    if (!this.#picture.isConnected) this.#canvas.after(this.#picture)
  }

  remove(): void {
    this.#picture.remove()
    this.#picture.width = this.#picture.height = 0
  }
}
