// The module with threads, for `infer_worker.js`, whose own is one of them.

// More gain little with what a photograph is made of here, and are others' as well.
const MOST = 8
// The names are replaced by those with a hash when the workbench is built.
const GLUE = './infer_threads.js'
const MODULE = './infer_threads_bg.wasm'
const HELPER = './infer_helper.js'

// How many threads there should be: as many as are asked for, or of more than two cores all but the page's.
export function threads_for(asked) {
  if (!self.crossOriginIsolated) return 1
  const cores = self.navigator.hardwareConcurrency ?? 1
  return Math.min(asked ?? (cores > 2 ? cores - 1 : cores), MOST)
}

// Starts the module and its helpers; `lock` is what tells a page that the worker has ended. Gives its exports as
// JavaScript, and its memory.
export async function start_threads(count, lock) {
  // Where a bundler has taken the worker's files together there is none, which is an error as any other.
  const glue = await import(/* @vite-ignore */ GLUE)
  const module = await WebAssembly.compileStreaming(fetch(new URL(MODULE, import.meta.url)))
  const { memory } = await glue.default({ module_or_path: module })
  const helpers = []
  try {
    while (helpers.length + 1 < count) helpers.push(new Worker(new URL(HELPER, import.meta.url), { type: 'module' }))
    await Promise.all(helpers.map((helper) => ready(helper, { module, memory, lock })))
    glue.share(helpers.length)
  } catch (error) {
    helpers.forEach((helper) => helper.terminate())
    throw error
  }
  return { glue, memory, threads: count }
}

const ready = (helper, message) =>
  new Promise((resolve, reject) => {
    helper.onmessage = ({ data }) => (data.kind === 'ready' ? resolve() : reject(new Error(data.message)))
    helper.onerror = (event) => reject(new Error(event.message || 'a thread could not be started'))
    helper.postMessage(message)
  })
