// The one WebAssembly instance of a page: fetched when the first annotator is mounted, shared by all.
import type { Annotator as Engine } from './engine.js'
import type { WasmSource } from './wasm-source.js'

export type { Engine }

type EngineClass = typeof Engine

let loading: Promise<EngineClass> | undefined

/** Loads the engine; the first caller's `source` counts, and a failure may be tried again. */
export function loadEngine(source?: WasmSource): Promise<EngineClass> {
  loading ??= load(source).catch((cause: unknown) => {
    loading = undefined
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`@visionflow/annotator: the WebAssembly module could not be loaded: ${reason}`, { cause })
  })
  return loading
}

async function load(source?: WasmSource): Promise<EngineClass> {
  const module = await import('./engine.js')
  await module.default({ module_or_path: source ?? new URL('./engine_bg.wasm', import.meta.url) })
  return module.Annotator
}
