// Encoders on a graphics device, for `infer_worker.js`: whether there is one, and one encoding at a time.

// What browsers call adapters without a graphics processor, where they do not say so otherwise.
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|software/i

// Whether there is an adapter with a graphics processor; tests admit software.
export async function has_adapter(admits_software) {
  const options = { powerPreference: 'high-performance' }
  const adapter = await self.navigator.gpu?.requestAdapter(options).catch(() => null)
  if (!adapter || admits_software) return Boolean(adapter)
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info ?? {}
  if (isFallbackAdapter || adapter.isFallbackAdapter) return false
  return !SOFTWARE.test([vendor, architecture, device, description].join(' '))
}

// An encoder of operations as `operations` of the module `infer` gives them. Where a bundler has taken the
// worker's files together there is no module to load, which is an error as any other.
export async function open_encoder(operations, admits_software) {
  const glue = './infer_gpu.js'
  const { default: init, GpuEncoder } = await import(/* @vite-ignore */ glue)
  await init({ module_or_path: new URL('./infer_gpu_bg.wasm', import.meta.url) })
  const encoder = await GpuEncoder.open(operations, admits_software)
  let turn = Promise.resolve()
  return {
    device: encoder.device(),
    // The device has one set of buffers, so who comes while it computes waits.
    encode(planes) {
      const own = turn.then(() => encoder.encode(planes))
      turn = own.catch(() => undefined)
      return own
    },
    free: () => turn.then(() => encoder.free()),
  }
}

// What an encoder makes of planes, and how long it takes once the driver has seen its shaders.
export async function timed(encoder, planes) {
  await encoder.encode(planes)
  const start = performance.now()
  const values = await encoder.encode(planes)
  return { values, seconds: (performance.now() - start) / 1000 }
}
