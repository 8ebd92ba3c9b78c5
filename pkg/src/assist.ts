// The model of the smart tool: where its files lie in the package.
import type { Engine } from './load.js'
import type { AssistFiles } from './types.js'

/** Tells the engine where the model is; nothing is loaded by this. */
export function setAssist(engine: Engine, chosen: boolean | Partial<AssistFiles> = true): void {
  if (chosen === false) return engine.setAssist(undefined)
  const own = chosen === true ? {} : chosen
  const files = { ...packaged(), ...own }
  engine.setAssist(files, own.worker === undefined ? startWorker : undefined)
}

function packaged(): AssistFiles {
  const plain = new URL('./infer_bg.wasm', import.meta.url)
  const relaxed = new URL('./infer_relaxed_bg.wasm', import.meta.url)
  return {
    worker: '',
    wasm: (WebAssembly.validate(RELAXED) ? relaxed : plain).href,
    encoder: new URL('./mobile_sam_encoder.onnx', import.meta.url).href,
    decoder: new URL('./mobile_sam_decoder.onnx', import.meta.url).href,
  }
}

// Bundlers know a worker by this form.
function startWorker(): Worker {
  try {
    return new Worker(new URL('./infer_worker.js', import.meta.url), { type: 'module' })
  } catch {
    // A worker's own file must be of the page's origin; what it imports need not.
    const url = String(new URL('./infer_worker.js', import.meta.url))
    const code = new Blob([`import ${JSON.stringify(url)}`], { type: 'text/javascript' })
    return new Worker(URL.createObjectURL(code), { type: 'module' })
  }
}

// A function that multiplies and adds in one step, to ask whether the browser compiles it.
const RELAXED = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0, 65, 0, 253, 15, 65, 0,
  253, 15, 65, 0, 253, 15, 253, 133, 2, 11,
])
