// A thread of the module, for `infer_threads_host.js`: an instance that shares the memory of the worker's own.
import init, { help } from './infer_threads.js'

self.onmessage = async ({ data: { module, memory, lock } }) => {
  try {
    await init({ module_or_path: module, memory })
  } catch (error) {
    self.postMessage({ kind: 'error', message: String(error?.message ?? error) })
    return
  }
  self.postMessage({ kind: 'ready' })
  try {
    help()
  } catch {
    // The worker waits for this thread's part in vain and hears no message. Who waits for the end of the worker
    // is told that it has come, and ends it.
    self.navigator.locks?.request(lock, { steal: true }, () => {}).catch(() => undefined)
  }
}
