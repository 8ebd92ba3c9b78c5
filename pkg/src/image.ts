// Where a photograph comes from, handed to the engine in its words.
import { checkObject, checkPlain } from './check.js'
import type { Engine } from './engine.js'
import type { ImageSource } from './types.js'

/** Opens any source of a photograph; a fault of the source throws with its reason. */
export async function openSource(engine: Engine, source: ImageSource | URL): Promise<void> {
  if (typeof source === 'string' || source instanceof URL) {
    const url = String(source)
    if (url === '') throw new TypeError('openImage(): the address is empty')
    return engine.openImage(url)
  }
  if (source instanceof Blob) return engine.openBlob(source)
  checkObject(source, 'openImage(): source')
  checkPlain(source, 'source')
  return engine.openTiles(source)
}
