// Where a photograph comes from, handed to the engine in its words.
import type { Engine } from './load.js'

/** A photograph: an address, or the file itself. */
export type ImageSource = string | URL | Blob

/** Opens any source of a photograph; a fault of the source throws with its reason. @internal */
export async function openSource(engine: Engine, source: ImageSource): Promise<void> {
  if (typeof source === 'string' || source instanceof URL) {
    const url = String(source)
    if (url === '') throw new TypeError('openImage(): the address is empty')
    return engine.openImage(url)
  }
  if (!(source instanceof Blob)) throw new TypeError('openImage(): an address, a File or a Blob is needed')
  const url = URL.createObjectURL(source)
  try {
    await engine.openImage(url)
  } finally {
    URL.revokeObjectURL(url)
  }
}
