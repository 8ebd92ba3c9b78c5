// Segment Anything and registered models in a module worker. Messages are objects with an `id` of the
// asker's choice:
//
//   {id, kind: 'load', encoder: url, decoder: url, wasm?: url, encoder_sha256?, decoder_sha256?, gpu?, threads?}
//     -> any number of {id, kind: 'progress', received, total}, then {id, kind: 'loaded', seconds,
//     build: 'threads' | 'relaxed' | 'plain', threads, refused?, encoder: sum, memory}: with memory that so many
//     threads share, else with fused multiplication and addition or without; why there are no threads, where
//     they were tried; the encoder's sum as it was asked for, and the bytes that the module has taken. There
//     are threads in pages that are cross-origin isolated, unless `wasm` names a module: as many as the
//     processor has cores, up to 8, or as `threads` says.
//   {id, kind: 'encode', key, width, height, rgba: ArrayBuffer}: RGBA of a photograph scaled so that
//     its long side is at most 1024 -> {id, kind: 'encoded', key, seconds, by: 'wasm' | 'gpu', memory}; neither
//     seconds nor by where it was known already
//   {id, kind: 'embedding', key, f16: ArrayBuffer}: an embedding made elsewhere, 256 x 64 x 64 halves,
//     little-endian -> {id, kind: 'encoded', key}
//   {id, kind: 'embedding_of', key} -> {id, kind: 'embedding', key, f16: ArrayBuffer}
//   {id, kind: 'decode', key, width, height, points: [[x, y, 1 | 0], …], box: [x0, y0, x1, y1] | null,
//     tolerance}: all in pixels of the full photograph
//     -> {id, kind: 'decoded', candidates: [{score, stability, polygons: [[ring, …holes], …]}]}, best
//     first; a ring is a Float64Array of x, y, x, y, …
//   {id, kind: 'everything', key, width, height, tolerance}
//     -> any number of {id, kind: 'found', candidates}, then {id, kind: 'done'}
//   {id, kind: 'similar', key, width, height, shape: [[x, y, x, y, …], …], from?: key, from_width?,
//     from_height?, tolerance}: what is like a shape of this photograph or of another, in whose pixels its
//     rings then are; experimental -> found and done as of everything; the score says how much alike
//
//   {id, kind: 'inspect', files: [url | ArrayBuffer, …], spec?, wasm?: url}: ONNX files that make a model;
//     where they can be read in more than one way, `spec` (one of the alternatives) says which is tried
//     -> {id, kind: 'inspected', report}, which ran it once; report = {ok, message, task, layout, inputs:
//     [{name, type, shape}], outputs, operators, missing, spec, alternatives: [spec], seconds, sha256,
//     bytes}. A file that cannot be fetched or is too large is an error.
//   {id, kind: 'load_model', model: key, files: [{url, sha256}], spec, wasm?: url}
//     -> any number of progress, then {id, kind: 'model_loaded', model, seconds, build, threads, refused?,
//     encoder}, the last four as of load, where the encoder's file is the first. A model for prompts takes
//     the place of the one of `load`; of others the three used last are kept.
//   {id, kind: 'run', model: key, width, height, scaled_width, scaled_height, rgba: ArrayBuffer}: RGBA at
//     any scale of a photograph of width x height
//     -> {id, kind: 'ran', model, seconds, detections: [{class, score, shape}]}, the surest first, shapes in
//     pixels of the full photograph in the JSON form of annotations; of an embedder {…, embedding:
//     Float32Array} instead of detections
//   {id, kind: 'cancel', of: id}
//
// The first photograph is encoded by the module. When nothing has been asked for a second after that, and the
// browser has an adapter with a graphics processor, the same photograph is encoded by WebGPU too, and
//   {id: 0, kind: 'gpu', seconds, cpu_seconds, apart, is_used, device} tells how long both took and how far the
// embeddings are apart; what is quicker encodes from then on. A device that computes something else, that lacks
// an operation or is lost is {id: 0, kind: 'gpu', message}, and the module goes on alone. With gpu: 'off' none of
// that is tried, and with 'software', for tests, software will do, however slow.
//
// The first message is {kind: 'alive', lock}, where the browser has Web Locks: a lock of that name is held
// for as long as the worker lives, so that whoever waits for it learns of an end that no event tells.
//
// What fails is answered by {id, kind: 'error', code, message}; codes: no_embedding, not_loaded, fetch,
// checksum, too_large, model, request, replaced (by a newer decode), cancelled, stopped (a registered
// model brought its module down; Segment Anything goes on, registered models are to be loaded again).
// A worker that was killed needs the same messages again and nothing else.
//
// This thread does all of it, or shares it out, in slices of a few hundredths of a second: before each slice
// of other work the newest decode is answered, so a click waits for one slice at most. Registered models run
// in a module of their own.
import init, * as plain from './infer.js'
import { Failure, fetched, file } from './infer_files.js'
import { has_adapter, open_encoder, timed } from './infer_gpu_host.js'
import { start_threads, threads_for } from './infer_threads_host.js'

const SLICE_MS = 30
// Before WebGPU is tried, which holds the thread for about a second.
const IDLE_MS = 1000
// Embeddings are kept in half precision, which alone is 3e-4.
const MOST_APART = 2e-3
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

// The module that answers prompts, {glue, memory, threads, refused?}, once one was asked for.
let prompting = null
let session = null
let memory = null
let loading = Promise.resolve()
// The encoder that is used in place of the session's, once it has turned out to be quicker.
let gpu = null
// What is needed to find that out: the model's files, and from the first photograph on that.
let trial = null
// The module of registered models, once one was asked for; how many there were before it.
let guest = null
let guests = 0
let hosting = Promise.resolve()
let decodes = []
let encodes = []
let searches = []
let runs = []
let running = false
let wake = null
const channel = new MessageChannel()
channel.port1.onmessage = () => wake?.()

const fail = (id, code, error) =>
  self.postMessage({ id, kind: 'error', code, message: String(error?.message ?? error) })

// Where there are locks there are such names.
const lock = `visionflow-worker-${self.crypto.randomUUID?.()}`
if (self.navigator.locks) {
  const forever = new Promise(() => {})
  const hold = () => (self.postMessage({ kind: 'alive', lock }), forever)
  // A page of an opaque origin is refused.
  self.navigator.locks.request(lock, hold).catch(() => undefined)
}

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
    case 'embedding':
    case 'embedding_of':
      encodes.push(data)
      loading.then(run)
      break
    case 'everything':
    case 'similar':
      searches.push(data)
      loading.then(run)
      break
    case 'inspect':
    case 'load_model':
      hosting = hosting.then(() => models[data.kind](data)).catch((error) => stumble(data.id, 'model', error))
      break
    case 'run':
      runs.push(data)
      hosting.then(run)
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
      if (request.began && searches.includes(request)) session?.search_end(id)
      if (request.began && request.kind === 'run') guest?.models.cancel(id)
      fail(id, 'cancelled', 'it was cancelled')
      return false
    })
  decodes = others(decodes)
  encodes = others(encodes)
  searches = others(searches)
  runs = others(runs)
}

// Goes on until nothing is left, letting messages in between slices.
async function run() {
  if (running) return
  running = true
  for (;;) {
    const list = [decodes, encodes, runs, searches].find((list) => list.length && !list[0].is_on_gpu)
    if (!list) break
    const request = list[0]
    let finished = true
    try {
      if (!session && request.kind !== 'run') throw new Failure('not_loaded', 'no model is loaded')
      finished = work[request.kind](request)
    } catch (error) {
      if (request.kind === 'run') {
        guest?.models.cancel(request.id)
        stumble(request.id, 'model', error)
      } else {
        fail(request.id, error.code ?? 'request', error)
        if (error instanceof WebAssembly.RuntimeError) await give_up()
      }
    }
    if (finished) list.splice(list.indexOf(request), 1)
    await new Promise((resolve) => {
      wake = resolve
      channel.port2.postMessage(0)
    })
  }
  running = false
  if (trial?.sample) setTimeout(try_gpu, IDLE_MS)
}

// What a registered model does wrong. One that traps has spoilt its module for the others too.
function stumble(id, code, error) {
  const trapped = error instanceof WebAssembly.RuntimeError || error instanceof RangeError
  if (trapped && guest?.shares) session = null
  if (trapped) guest = null
  fail(id, trapped ? 'stopped' : (error.code ?? code), trapped ? `the model stopped: ${error.message}` : error)
}

// A trap leaves the module in no state to go on from. Its threads may have parts of what was begun, and there
// is no second module in their place: the worker ends, and whoever watches it starts another.
async function give_up() {
  session = null
  if ((await prompting)?.threads > 1) self.close()
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
    if (!request.began && session.knows(key)) {
      self.postMessage({ id, kind: 'encoded', key })
      return true
    }
    if (gpu && !request.began && !request.is_refused) {
      request.began = true
      request.is_on_gpu = true
      encode_on_gpu(request, gpu)
      return false
    }
    if (!request.began) {
      session.encode_begin(key, width, height, new Uint8Array(rgba))
      if (!trial) request.rgba = null
      request.spent = 0
    }
    let goes_on = true
    const first = !request.began
    request.began = true
    while (goes_on && !first && performance.now() - start < SLICE_MS) goes_on = session.encode_step()
    request.spent += performance.now() - start
    if (goes_on) return false
    const seconds = request.spent / 1000
    if (trial && !trial.sample) trial.sample = { key, width, height, rgba, seconds }
    self.postMessage({ id, kind: 'encoded', key, seconds, by: 'wasm', memory: memory?.buffer.byteLength })
    return true
  },

  embedding({ id, key, f16 }) {
    session.keep_embedding(key, new Uint8Array(f16))
    self.postMessage({ id, kind: 'encoded', key })
    return true
  },

  embedding_of({ id, key }) {
    const bytes = session.embedding(key)
    if (!bytes) throw unknown(key)
    self.postMessage({ id, kind: 'embedding', key, f16: bytes.buffer }, [bytes.buffer])
    return true
  },

  run(request) {
    const { id, model, width, height, scaled_width, scaled_height } = request
    const start = performance.now()
    const gone = () => new Failure('not_loaded', `the model ${model} is not loaded`)
    if (!guest) throw gone()
    if (!request.began) {
      const pixels = new Uint8Array(request.rgba)
      request.rgba = null
      request.spent = 0
      if (!guest.models.begin(id, model, width, height, scaled_width, scaled_height, pixels)) throw gone()
    }
    let goes_on = true
    const first = !request.began
    request.began = true
    while (goes_on && !first && performance.now() - start < SLICE_MS) goes_on = guest.models.step(id)
    request.spent += performance.now() - start
    if (goes_on) return false
    const outcome = guest.models.finish(id)
    if (outcome === undefined) throw gone()
    const found = typeof outcome === 'string' ? { detections: JSON.parse(outcome) } : { embedding: outcome }
    self.postMessage({ id, kind: 'ran', model, seconds: request.spent / 1000, ...found })
    return true
  },

  everything(request) {
    const { id, key, width, height, tolerance } = request
    if (!request.began && !session.search_begin(id, key, width, height, tolerance)) throw unknown(key)
    return searched(request)
  },

  similar(request) {
    const { id, key, width, height, shape, from = key, from_width = width, from_height = height } = request
    const begin = () =>
      session.similar_begin(id, key, width, height, shape, from, from_width, from_height, request.tolerance)
    if (!request.began && !begin()) throw unknown(session.knows(key) ? from : key)
    return searched(request)
  },
}

// Encodes a photograph on the device while other work goes on; where that fails the module does it.
async function encode_on_gpu(request, encoder) {
  const { id, key, width, height, rgba } = request
  const start = performance.now()
  const own = session
  try {
    const values = await encoder.encode(session.planes(width, height, new Uint8Array(rgba)))
    if (!encodes.includes(request)) return
    if (session === own) {
      session.keep_values(key, values)
      encodes.splice(encodes.indexOf(request), 1)
      const seconds = (performance.now() - start) / 1000
      self.postMessage({ id, kind: 'encoded', key, seconds, by: 'gpu', memory: memory?.buffer.byteLength })
    }
  } catch (error) {
    if (gpu === encoder) gpu = null
    request.is_refused = true
    self.postMessage({ id: 0, kind: 'gpu', message: String(error?.message ?? error) })
  } finally {
    request.is_on_gpu = false
    request.began = false
    run()
  }
}

// Encodes the first photograph once more by WebGPU, to see whether that is right and quicker.
async function try_gpu() {
  if (running || !trial?.sample) return
  const { files, admits_software, sample } = trial
  const own = session
  trial = null
  let encoder = null
  try {
    if (!(await has_adapter(admits_software)) || session !== own) return
    const planes = session.planes(sample.width, sample.height, new Uint8Array(sample.rgba))
    const { glue } = await prompting
    encoder = await open_encoder(operations_of(glue, files), admits_software)
    const { values, seconds } = await timed(encoder, planes)
    if (session !== own) return
    const apart = session.apart(sample.key, values)
    if (!(apart < MOST_APART)) throw new Error(`it computes something else (${apart ?? 'the photograph is forgotten'})`)
    const is_used = admits_software || seconds < sample.seconds
    const { device } = encoder
    if (is_used) [gpu, encoder] = [encoder, null]
    self.postMessage({ id: 0, kind: 'gpu', seconds, cpu_seconds: sample.seconds, apart, is_used, device })
  } catch (error) {
    self.postMessage({ id: 0, kind: 'gpu', message: String(error?.message ?? error) })
  } finally {
    encoder?.free()
  }
}

// Of a pair for prompts either file may be the encoder.
function operations_of(glue, [first, second]) {
  try {
    return glue.operations(first)
  } catch (error) {
    if (!second) throw error
    return glue.operations(second)
  }
}

// A new model is tried anew.
function renew_trial(files, wanted) {
  gpu?.free()
  gpu = null
  trial = wanted === 'off' ? null : { files, admits_software: wanted === 'software' }
}

// Asks about one more place.
function searched(request) {
  const { id } = request
  request.began = true
  const candidates = session.search_step(id)
  if (!candidates) {
    self.postMessage({ id, kind: 'done' })
    return true
  }
  if (candidates.length) self.postMessage({ id, kind: 'found', candidates })
  return false
}

// The plain names are replaced by those with a hash when the workbench is built.
const MODULES = { relaxed: './infer_relaxed_bg.wasm', plain: './infer_bg.wasm' }

// Starts a module by what its glue exports; where the quicker one does not start, the plain one does.
const started = async (start, wasm) => {
  const from = (address) => start({ module_or_path: new URL(address, import.meta.url) })
  const is_relaxed = !wasm && WebAssembly.validate(RELAXED)
  const first = from(wasm ?? (is_relaxed ? MODULES.relaxed : MODULES.plain))
  const module = (is_relaxed ? first.catch(() => from(MODULES.plain)) : first).catch((error) => {
    throw new Failure('fetch', `the module could not be loaded: ${error.message}`)
  })
  // Whoever waits for it hears of its failure.
  module.catch(() => {})
  return module
}

// Starts the module that answers prompts, with threads where it can.
const prompter = (wasm, threads) =>
  (prompting ??= begun(wasm, threads).catch((error) => {
    prompting = null
    throw error
  }))

async function begun(wasm, asked) {
  const count = wasm || !WebAssembly.validate(RELAXED) ? 1 : threads_for(asked)
  let refused
  if (count > 1) {
    try {
      return await start_threads(count, lock)
    } catch (error) {
      refused = String(error?.message ?? error)
    }
  }
  const { memory } = await started(init, wasm)
  return { glue: plain, memory, threads: 1, refused }
}

// Tells how much of several files is here.
function teller(id) {
  const parts = {}
  return (name) => (received, total) => {
    parts[name] = [received, total]
    const sum = (at) => Object.values(parts).reduce((sum, part) => sum + part[at], 0)
    self.postMessage({ id, kind: 'progress', received: sum(0), total: sum(1) })
  }
}

async function load({ id, encoder, decoder, wasm, encoder_sha256, decoder_sha256, gpu: wanted, threads }) {
  const start = performance.now()
  const tell = teller(id)
  const module = prompter(wasm, threads)
  // Whoever waits for it hears of its failure.
  module.catch(() => {})
  const sum = async (bytes) => (await module).glue.sha256(bytes)
  const files = await Promise.all([
    file(encoder, encoder_sha256 ?? SHA256.encoder, sum, tell('encoder')),
    file(decoder, decoder_sha256 ?? SHA256.decoder, sum, tell('decoder')),
  ])
  session?.free()
  session = null
  const { glue } = await module
  session = await opened(() => new glue.Session(...files))
  renew_trial(files.slice(0, 1), wanted)
  memory = (await module).memory
  const seconds = (performance.now() - start) / 1000
  const own = { encoder: encoder_sha256 ?? SHA256.encoder, memory: memory.buffer.byteLength }
  self.postMessage({ id, kind: 'loaded', seconds, ...about(await module), ...own })
}

// What a model that traps on its way in has spoilt is given up.
async function opened(open) {
  try {
    return open()
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) setTimeout(give_up)
    throw error
  }
}

const about = ({ glue, threads, refused }) => ({ build: glue.build(), threads, refused })

// A second copy of the glue has a module, and so a memory, of its own. Where a bundler has taken the
// glue into the worker there is none, and registered models share the first.
async function host(wasm) {
  await started(init, wasm)
  if (guest) return guest
  const glue = './infer.js'
  const own = await import(/* @vite-ignore */ `${glue}?models=${++guests}`).catch(() => undefined)
  if (own) await started(own.default, wasm)
  const { Models, inspect } = own ?? plain
  guest = { models: new Models(), inspect, shares: !own }
  return guest
}

const models = {
  async inspect({ id, files, spec, wasm }) {
    const { inspect } = await host(wasm)
    const silent = () => {}
    const bytes = await Promise.all(
      files.map(async (part) => {
        if (typeof part === 'string') return fetched(part, silent, right_size)
        right_size(part.byteLength)
        return new Uint8Array(part)
      }),
    )
    self.postMessage({ id, kind: 'inspected', report: JSON.parse(inspect(bytes, spec && JSON.stringify(spec))) })
  },

  async load_model({ id, model, files, spec, wasm, gpu: wanted, threads }) {
    const start = performance.now()
    const own = await host(wasm)
    const tell = teller(id)
    const bytes = await Promise.all(
      files.map(({ url, sha256 }, index) => file(url, sha256, plain.sha256, tell(index), right_size)),
    )
    let module = { glue: plain, threads: 1 }
    if (spec.task === 'promptable') {
      if (bytes.length !== 2) throw new Failure('model', 'a model for prompts is two files')
      module = await prompter(wasm, threads)
      const prompted = await opened(() => module.glue.Session.of_pair(...bytes))
      session?.free()
      session = prompted
      memory = module.memory
      renew_trial(bytes, wanted)
    } else {
      if (bytes.length !== 1) throw new Failure('model', 'this model is one file')
      own.models.load(model, bytes[0], JSON.stringify(spec))
    }
    const seconds = (performance.now() - start) / 1000
    self.postMessage({ id, kind: 'model_loaded', model, seconds, ...about(module), encoder: files[0].sha256 })
  },
}

function right_size(bytes) {
  try {
    plain.check_size(bytes)
  } catch (error) {
    throw new Failure('too_large', error.message)
  }
}
