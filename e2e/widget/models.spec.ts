// A page's own model: what passes between the annotator and the worker that runs it, and a worker that
// stops. The worker here speaks the messages at the head of infer_worker.js; that real models are run
// rightly is tested beside them.
import { serve } from '../support/tiles.mjs'
import { CAR, ONTOLOGY, TREE, expect, mount, test } from './support/test'

const WORKER = `
const loaded = new Set()
self.onmessage = ({ data: { id, kind, model, files, spec, width, height, scaled_width, scaled_height, rgba } }) => {
  const answer = (message) => self.postMessage({ id, ...message })
  const fail = (code, message) => answer({ kind: 'error', code, message })
  if (kind === 'inspect') return answer({ kind: 'inspected', report: { ok: true, files: files.map((file) => file.byteLength ?? file) } })
  if (kind === 'load_model') {
    if (files[0].url.endsWith('missing.onnx')) return fail('fetch', files[0].url + ' answered 404')
    answer({ kind: 'progress', received: 1, total: 2 })
    answer({ kind: 'progress', received: 2, total: 2 })
    loaded.add(model)
    return answer({ kind: 'model_loaded', model, seconds: 0 })
  }
  if (kind !== 'run') return fail('request', 'there is no request ' + kind)
  if (!loaded.has(model)) return fail('not_loaded', 'the model is not loaded')
  // It keeps one model, and forgets it after each run.
  loaded.clear()
  if (spec === undefined && scaled_width * scaled_height * 4 !== rgba.byteLength) return fail('request', 'these are no pixels')
  const box = (n) => ({ type: 'box', box: [n * 40, 10, 30, 30] })
  const detections = [
    { class: 0, score: 0.9, shape: box(0) },
    { class: 1, score: 0.8, shape: box(1) },
    { class: 2, score: 0.7, shape: { type: 'polygon', rings: [[0, 0, width, 0, width, height]] } },
    { class: 0, score: 0.6, shape: { type: 'box', box: [1, 1, 0, 5] } },
  ]
  answer({ kind: 'ran', model, seconds: 0, detections })
}
`
const DYING = `self.onmessage = ({ data: { id, kind, model } }) => {
  if (kind === 'load_model') return self.postMessage({ id, kind: 'model_loaded', model, seconds: 0 })
  throw new Error('out of memory')
}`

test('what a detector sees is proposed by way of the class map, and only that', async ({ blank }) => {
  const site = await serve((path: string) => (path === '/worker.js' ? Buffer.from(WORKER) : undefined), { '.js': 'text/javascript' })
  await mount(blank, { src: 'photo.png', ontology: ONTOLOGY, assist: { worker: `${site.origin}/worker.js` } })
  const made = await blank.evaluate(async ([CAR, TREE]) => {
    const { annotator } = window
    const heard: number[][] = []
    const files = [{ url: 'yolo.onnx' }]
    const options = { files, spec: { task: 'detector' }, classMap: { 0: CAR!, 1: null, 2: TREE! }, model: 'yolo' }
    const report = await annotator.inspectModel(['yolo.onnx', new Uint8Array(7)])
    const ids = await annotator.detect(options, { onProgress: (...bytes) => heard.push(bytes) })
    const first = annotator.suggestions()
    // Once more, on a worker that has forgotten the model.
    const again = await annotator.detect(options)
    const missing = await annotator.detect({ ...options, files: [{ url: 'missing.onnx' }] }).catch((error: Error) => error.message)
    return { report, ids, heard, first, again, all: annotator.suggestions(), missing, count: annotator.annotationCount }
  }, [CAR, TREE] as const)
  expect(made.report).toMatchObject({ ok: true, files: [expect.stringMatching(/^http.*yolo\.onnx$/), 7] })
  expect(made.heard).toEqual([[1, 2], [2, 2]])
  // A class without a label and a shape without a size are left out.
  expect(made.first.map(({ id, label, score, source, verdict }) => [id, label, score, source, verdict])).toEqual([
    [made.ids[0], CAR, 0.9, 'model:yolo', 'pending'],
    [made.ids[1], TREE, 0.7, 'model:yolo', 'pending'],
  ])
  expect(made.first[1]!.shape).toMatchObject({ type: 'polygon' })
  expect(made.again).toHaveLength(2)
  expect(made.all.map(({ verdict }) => verdict).sort()).toEqual(['pending', 'pending', 'superseded', 'superseded'])
  expect(made.missing).toMatch(/missing\.onnx answered 404/)
  expect(made.count).toBe(0)
  await blank.evaluate(() => window.annotator.destroy())
  await expect.poll(() => blank.workers().length).toBe(0)
  await site.stop()
})

test('a worker that stops is named and replaced, and the document stays', async ({ blank }) => {
  const scripts = [DYING, WORKER]
  let started = 0
  const site = await serve((path: string) => (path === '/worker.js' ? Buffer.from(scripts[started++ && 1]!) : undefined), { '.js': 'text/javascript' })
  await mount(blank, { src: 'photo.png', ontology: ONTOLOGY, assist: { worker: `${site.origin}/worker.js` } })
  const made = await blank.evaluate(async ([CAR]) => {
    const { annotator } = window
    annotator.add({ label: CAR!, shape: { type: 'box', box: [5, 5, 20, 20] } })
    const before = annotator.encodeState()
    const options = { files: [{ url: 'yolo.onnx' }], spec: {}, classMap: { 0: CAR! } }
    const died = await annotator.detect(options).catch((error: Error) => error.message)
    const kept = annotator.encodeState()
    const ids = await annotator.detect(options)
    return { died, isKept: String(before) === String(kept), ids, count: annotator.annotationCount }
  }, [CAR] as const)
  expect(made.died).toMatch(/worker that runs models stopped: .*out of memory/)
  expect(made).toMatchObject({ isKept: true, count: 1, ids: [expect.any(String)] })
  expect(started).toBe(2)
  await site.stop()
})

const SIMILAR = `self.onmessage = ({ data: { id, kind, key, shape } }) => {
  const answer = (message) => self.postMessage({ id, ...message })
  if (kind === 'load') return answer({ kind: 'loaded', seconds: 0 })
  if (kind === 'encode') return answer({ kind: 'encoded', key, seconds: 0 })
  if (kind !== 'similar') return answer({ kind: 'error', code: 'request', message: 'there is no request ' + kind })
  if (shape[0][0] === 5) return answer({ kind: 'error', code: 'model', message: 'it is too small' })
  const moved = (by) => [[Float64Array.from(shape[0], (v, i) => (i % 2 ? v : v + by))]]
  answer({ kind: 'found', candidates: [{ score: 0.9, stability: 1, polygons: moved(100) }] })
  answer({ kind: 'found', candidates: [{ score: 0.6, stability: 1, polygons: moved(200) }] })
  answer({ kind: 'done' })
}`

test('what is like an annotation is proposed under its label', async ({ blank }) => {
  const site = await serve((path: string) => (path === '/worker.js' ? Buffer.from(SIMILAR) : undefined), { '.js': 'text/javascript' })
  await mount(blank, { src: 'photo.png', ontology: ONTOLOGY, assist: { worker: `${site.origin}/worker.js` } })
  const made = await blank.evaluate(async ([CAR, TREE]) => {
    const { annotator } = window
    const [id, small] = annotator.add([
      { label: TREE!, shape: { type: 'box', box: [20, 30, 40, 50] } },
      { label: CAR!, shape: { type: 'box', box: [5, 5, 2, 2] } },
    ])
    const fault = (promise: Promise<unknown>) => promise.then(() => 'nothing', (error: Error) => error.message)
    const ids = await annotator.findSimilar(id!)
    const found = annotator.suggestions()
    annotator.undo()
    const left = annotator.suggestions().length
    const refused = await fault(annotator.findSimilar(small!))
    const superseded = fault(annotator.findSimilar(small!))
    const again = await annotator.findSimilar(id!)
    annotator.readonly = true
    const readonly = await fault(annotator.findSimilar(id!))
    return { ids, found, left, refused, superseded: await superseded, again, readonly }
  }, [CAR, TREE] as const)
  expect(made.found.map(({ id, label, score, source, shape }) => [id, label, score, source, shape])).toEqual([
    [made.ids[0], TREE, 0.9, 'model:MobileSAM similar', { type: 'polygon', rings: [[120, 30, 160, 30, 160, 80, 120, 80]] }],
    [made.ids[1], TREE, 0.6, 'model:MobileSAM similar', { type: 'polygon', rings: [[220, 30, 260, 30, 260, 80, 220, 80]] }],
  ])
  expect(made).toMatchObject({ left: 0, refused: 'it is too small', superseded: 'something else is looked for now' })
  expect(made.again).toHaveLength(2)
  expect(made.readonly).toContain('read-only')
  await site.stop()
})
