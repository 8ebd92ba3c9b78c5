// The worker around the module that decodes large and rare pictures; one for each picture.
import init, { start } from './media.js'

// What is asked before the module is there waits for it.
const early = []
self.onmessage = (event) => early.push(event.data)
init({ module_or_path: new URL('./media_bg.wasm', import.meta.url) }).then(
  ({ memory }) => {
    // For whoever measures.
    self.decoderMemory = memory
    const answer = start()
    self.onmessage = (event) => answer(event.data)
    early.forEach(answer)
  },
  (error) => self.postMessage(['error', `the decoder could not be loaded: ${error?.message ?? error}`]),
)
