// Segment Anything in a module worker. Messages are objects with an `id` of the asker's choice:
//
//   {id, kind: 'load', encoder: url, decoder: url, wasm?: url, encoder_sha256?, decoder_sha256?}
//     -> any number of {id, kind: 'progress', received, total}, then {id, kind: 'loaded', seconds}
//   {id, kind: 'encode', key, width, height, rgba: ArrayBuffer}: RGBA of a photograph scaled so that
//     its long side is at most 1024 -> {id, kind: 'encoded', key, seconds}
//   {id, kind: 'decode', key, width, height, points: [[x, y, 1 | 0], …], box: [x0, y0, x1, y1] | null,
//     tolerance}: all in pixels of the full photograph
//     -> {id, kind: 'decoded', candidates: [{score, stability, polygons: [[ring, …holes], …]}]}, best
//     first; a ring is a Float64Array of x, y, x, y, …
//   {id, kind: 'everything', key, width, height, tolerance}
//     -> any number of {id, kind: 'found', candidates}, then {id, kind: 'done'}
//   {id, kind: 'cancel', of: id}
//
// What fails is answered by {id, kind: 'error', code, message}; codes: no_embedding, not_loaded, fetch,
// checksum, model, request, replaced (by a newer decode), cancelled.
//
// One thread does it all, in slices of a few hundredths of a second: before each slice of an encoding or
// of a search the newest decode is answered, so a click waits for one slice at most.
import init, { Session, sha256 } from './infer.js'

const CACHE = 'visionflow-models'
const SLICE_MS = 30
// The bundled models; a load of others says its own sums, or '' to have none checked.
const SHA256 = {
  encoder: '639ea7b8e98b079d82dd4c575b2eb2ff043da0269b1f15818402a05b920d4efa',
  decoder: '6799c78afbc582123023fb7c8cab171e9d44dc3d95c335fd176c827eb7a99169',
}
// A function that multiplies and adds in one step, to ask whether the browser compiles it.
const RELAXED = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0, 65, 0, 253, 15, 65, 0,
  253, 15, 65, 0, 253, 15, 253, 133, 2, 11,
])

let session = null
let loading = Promise.resolve()
let decodes = []
let encodes = []
let searches = []
let running = false
let wake = null
const channel = new MessageChannel()
channel.port1.onmessage = () => wake?.()

class Failure extends Error {
  constructor(code, message) {
    super(message)
    this.code = code
  }
}

const fail = (id, code, error) =>
  self.postMessage({ id, kind: 'error', code, message: String(error?.message ?? error) })

self.onmessage = ({ data }) => {
  switch (data.kind) {
    case 'load':
      loading = loading.then(() => load(data)).catch((error) => fail(data.id, error.code ?? 'model', error))
      break
    case 'decode':
      decodes.forEach((older) => fail(older.id, 'replaced', 'a newer prompt took its place'))
      decodes = [data]
      loading.then(run)
      break
    case 'encode':
      encodes.push(data)
      loading.then(run)
      break
    case 'everything':
      searches.push(data)
      loading.then(run)
      break
    case 'cancel':
      cancel(data.of)
      break
    default:
      fail(data.id, 'request', `there is no request ${data.kind}`)
  }
}

function cancel(id) {
  const others = (list) =>
    list.filter((request) => {
      if (request.id !== id) return true
      if (request.began && request.kind === 'encode') session?.encode_cancel()
      if (request.began && request.kind === 'everything') session?.search_end(id)
      fail(id, 'cancelled', 'it was cancelled')
      return false
    })
  decodes = others(decodes)
  encodes = others(encodes)
  searches = others(searches)
}

// Goes on until nothing is left, letting messages in between slices.
async function run() {
  if (running) return
  running = true
  while (decodes.length || encodes.length || searches.length) {
    const request = decodes[0] ?? encodes[0] ?? searches[0]
    const list = decodes.length ? decodes : encodes.length ? encodes : searches
    let finished = true
    try {
      if (!session) throw new Failure('not_loaded', 'no model is loaded')
      finished = work[request.kind](request)
    } catch (error) {
      // A trap leaves the module in no state to go on from.
      if (error instanceof WebAssembly.RuntimeError) session = null
      fail(request.id, error.code ?? 'request', error)
    }
    if (finished) list.splice(list.indexOf(request), 1)
    await new Promise((resolve) => {
      wake = resolve
      channel.port2.postMessage(0)
    })
  }
  running = false
}

const unknown = (key) => new Failure('no_embedding', `the photograph ${key} was not encoded`)

// Each does a slice of a request and says whether that was the last.
const work = {
  decode({ id, key, width, height, points, box, tolerance }) {
    const area = box ? Float64Array.from(box) : undefined
    const candidates = session.decode(key, width, height, Float64Array.from(points.flat()), area, tolerance)
    if (!candidates) throw unknown(key)
    self.postMessage({ id, kind: 'decoded', candidates })
    return true
  },

  encode(request) {
    const { id, key, width, height, rgba } = request
    const start = performance.now()
    if (!request.began && !session.knows(key)) {
      session.encode_begin(key, width, height, new Uint8Array(rgba))
      request.rgba = null
      request.spent = 0
    }
    let goes_on = !session.knows(key)
    const first = !request.began
    request.began = true
    while (goes_on && !first && performance.now() - start < SLICE_MS) goes_on = session.encode_step()
    request.spent = (request.spent ?? 0) + performance.now() - start
    if (goes_on) return false
    self.postMessage({ id, kind: 'encoded', key, seconds: request.spent / 1000 })
    return true
  },

  everything(request) {
    const { id, key, width, height, tolerance } = request
    if (!request.began && !session.search_begin(id, key, width, height, tolerance)) throw unknown(key)
    request.began = true
    const candidates = session.search_step(id)
    if (!candidates) {
      self.postMessage({ id, kind: 'done' })
      return true
    }
    if (candidates.length) self.postMessage({ id, kind: 'found', candidates })
    return false
  },
}

async function load({ id, encoder, decoder, wasm, encoder_sha256, decoder_sha256 }) {
  const start = performance.now()
  // The plain names are replaced by those with a hash when the workbench is built.
  const own = WebAssembly.validate(RELAXED) ? './infer_relaxed_bg.wasm' : './infer_bg.wasm'
  const parts = {}
  const tell = (name) => (received, total) => {
    parts[name] = [received, total]
    const sum = (at) => Object.values(parts).reduce((sum, part) => sum + part[at], 0)
    self.postMessage({ id, kind: 'progress', received: sum(0), total: sum(1) })
  }
  const module = init({ module_or_path: wasm ?? new URL(own, import.meta.url) }).catch((error) => {
    throw new Failure('fetch', `the module could not be loaded: ${error.message}`)
  })
  // Whoever waits for it hears of its failure.
  module.catch(() => {})
  const files = await Promise.all([
    file(encoder, encoder_sha256 ?? SHA256.encoder, module, tell('encoder')),
    file(decoder, decoder_sha256 ?? SHA256.decoder, module, tell('decoder')),
  ])
  session?.free()
  session = null
  session = new Session(...files)
  self.postMessage({ id, kind: 'loaded', seconds: (performance.now() - start) / 1000 })
}

// A model's bytes out of the cache or from its address, with the sum that they should have.
async function file(url, sum, module, tell) {
  // Without a secure context or in a private window there may be no storage; that is no error.
  const cache = await self.caches?.open(CACHE).catch(() => undefined)
  const kept = await cache?.match(url).catch(() => undefined)
  const right = async (bytes) => (await module, !sum || sha256(bytes) === sum)
  if (kept) {
    const bytes = new Uint8Array(await kept.arrayBuffer())
    if (await right(bytes)) {
      tell(bytes.length, bytes.length)
      return bytes
    }
    await cache.delete(url).catch(() => undefined)
  }
  const bytes = await fetched(url, tell)
  if (!(await right(bytes))) throw new Failure('checksum', `${url} is not the file that was expected`)
  const response = new Response(bytes, { headers: { 'content-type': 'application/octet-stream' } })
  await cache?.put(url, response).catch(() => undefined)
  return bytes
}

async function fetched(url, tell) {
  const response = await fetch(url).catch((error) => {
    throw new Failure('fetch', `${url} could not be fetched: ${error.message}`)
  })
  if (!response.ok) throw new Failure('fetch', `${url} answered ${response.status}`)
  const stated = Number(response.headers.get('content-length')) || 0
  const chunks = []
  let received = 0
  const reader = response.body.getReader()
  for (;;) {
    const { done, value } = await reader.read().catch((error) => {
      throw new Failure('fetch', `${url} was cut off: ${error.message}`)
    })
    if (done) break
    chunks.push(value)
    received += value.length
    tell(received, Math.max(stated, received))
  }
  const bytes = new Uint8Array(received)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  tell(received, received)
  return bytes
}
