// COCO in and out, without a browser; `rle.json` was written by pycocotools.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fromCoco, toCoco } from '../dist/coco.js'
import { fromRle, maskToRle } from '../dist/coco-rle.js'

const image = { id: 1, file_name: 'a/photo.png', width: 20, height: 10 }
const category = { id: 7, name: 'Car' }

function read(annotations, { categories = [category], images = [image], ...options } = {}) {
  return fromCoco({ images, categories, annotations: annotations.map((a, i) => ({ id: i, image_id: 1, category_id: 7, ...a })) }, options)
}

/** Our mask as rows of 0 and 1 over an image. */
function rows({ origin, size, runs }, width, height) {
  const out = Array.from({ length: height }, () => Array(width).fill(0))
  let at = 0
  runs.forEach((run, index) => {
    for (let i = at; index % 2 && i < at + run; i++) out[origin[1] + Math.floor(i / size[0])][origin[0] + (i % size[0])] = 1
    at += run
  })
  return out.map((row) => row.join(''))
}

test('run lengths agree with pycocotools', () => {
  for (const { size, counts, rows: expected, area, bbox } of JSON.parse(readFileSync(new URL('rle.json', import.meta.url)))) {
    const mask = fromRle({ size, counts }, 'rle')
    if (expected) assert.deepEqual(rows(mask, size[1], size[0]), expected)
    assert.deepEqual([...mask.origin, ...mask.size], bbox)
    const back = maskToRle(mask, size[1], size[0])
    assert.equal(back.area, area)
    assert.deepEqual(back.bbox, bbox)
    assert.deepEqual(fromRle(back.rle, 'back'), mask)
  }
})

test('a box, an outline, parts and keypoints become shapes', () => {
  const shapes = (annotation, options) => read([annotation], options).annotations.map((a) => a.shape)
  assert.deepEqual(shapes({ bbox: [1, 2, 3, 4], segmentation: [] }), [{ type: 'box', box: [1, 2, 3, 4] }])
  const ring = [0, 0, 4, 0, 4, 4]
  assert.deepEqual(shapes({ segmentation: [ring] }), [{ type: 'polygon', rings: [ring] }])
  const person = { ...category, keypoints: ['head', 'foot'], skeleton: [[1, 2]] }
  const found = read([{ segmentation: [ring], keypoints: [1, 2, 2, 0, 0, 0] }], { categories: [person] })
  assert.deepEqual(found.annotations[1].shape.joints, [
    { id: 1, at: [1, 2], state: 'visible' },
    { id: 2, at: [0, 0], state: 'absent' },
  ])
  assert.equal(found.annotations[0].group, found.annotations[1].group)
  assert.deepEqual(found.ontology.labels[0].skeleton.edges, [[1, 2]])
})

test('categories meet labels of the same name, and bring their own', () => {
  const car = { id: '7d3c1f52-4b0e-4f6b-9a51-0d8f1b2c3d4e', name: ' car', color: '#112233' }
  const ontology = { version: 4, labels: [car] }
  const { annotations, ontology: after } = read([{ bbox: [0, 0, 1, 1] }], { ontology, categories: [category, { id: 9, name: 'Tree' }] })
  assert.equal(annotations[0].label, car.id)
  assert.deepEqual(after.labels.map((label) => label.name), [' car', 'Tree'])
  assert.equal(ontology.labels.length, 1, 'what was given is not touched')
})

test('what is wrong with one annotation is a note with its place', () => {
  const note = (annotation) => read([{ bbox: [0, 0, 1, 1] }, annotation]).notes
  const check = (annotation, expected) => assert.deepEqual(note(annotation), [expected])
  check({ bbox: [0, 0, 0, 1] }, 'annotations[1].bbox: a box needs a width and a height above zero')
  check({ bbox: [0, NaN, 1, 1] }, 'annotations[1].bbox[1] is NaN: a finite number is needed')
  check({ segmentation: [[1, 2, 3]] }, 'annotations[1].segmentation[0] has 3 numbers')
  check({ category_id: 99, bbox: [0, 0, 1, 1] }, 'annotations[1]: there is no category 99')
  check({ keypoints: [1, 1, 5] }, 'annotations[1].keypoints[2] is 5; 0, 1 or 2 is needed')
  check({ segmentation: { size: [10, 20], counts: [5] } }, 'annotations[1].segmentation.counts add up to 5; the image has 200 pixels')
  check({ segmentation: { size: [1e6, 1e6], counts: [] } }, 'annotations[1].segmentation.size is not a height and a width in pixels, 536870912 in all at most')
  assert.match(note({ segmentation: { size: [10, 20], counts: '\u0001' } })[0], /counts is no run lengths: character 0/)
})

test('a dataset that is none throws with what is wrong', () => {
  const check = (dataset, message) => assert.throws(() => fromCoco(dataset), { message })
  check(null, 'COCO dataset is null: an object is needed')
  check({ images: [], categories: [] , annotations: 3 }, 'COCO dataset: annotations is of type number: a list is needed')
  check({ images: [], categories: [], annotations: [] }, 'COCO dataset: 0 images with no choice made; name one with imageId or fileName')
})

test('an image is found by its id or its name', () => {
  const images = [image, { ...image, id: 2, file_name: 'b/other.png' }]
  const find = (options) => read([], { images, ...options }).image.id
  assert.equal(find({ imageId: 2 }), 2)
  assert.equal(find({ fileName: 'photo.png' }), 1)
  assert.throws(() => find({}), /2 images/)
})

test('what COCO can hold comes back as it was', () => {
  const label = { id: '7d3c1f52-4b0e-4f6b-9a51-0d8f1b2c3d4e', name: 'Car', color: '#112233', attributes: [{ id: '91aa1f52-4b0e-4f6b-9a51-0d8f1b2c3d4e', name: 'Parked', kind: 'checkbox' }] }
  label.skeleton = { joints: [{ id: 1, name: 'a', x: 0, y: 0 }, { id: 2, name: 'b', x: 1, y: 1 }], edges: [[1, 2]] }
  const shapes = [
    { type: 'box', box: [1, 2, 3, 4] },
    { type: 'polygon', rings: [[0, 0, 4, 0, 4, 4]] },
    { type: 'mask', origin: [3, 4], size: [2, 2], runs: [0, 3, 1] },
    { type: 'skeleton', joints: [{ id: 1, at: [1, 2], state: 'visible' }, { id: 2, at: [3, 4], state: 'occluded' }] },
  ]
  const ontology = { version: 1, labels: [label] }
  const all = shapes.map((shape, index) => ({ id: `id-${index}`, label: label.id, shape, z: 0, attributes: { [label.attributes[0].id]: true }, group: null, locked: false, style: {}, source: 'manual' }))
  const { dataset, notes } = toCoco(all, { ontology, width: 20, height: 10, fileName: 'x.png' })
  assert.deepEqual(notes, [])
  const back = fromCoco(dataset, { ontology })
  assert.deepEqual(back.annotations.map((a) => a.shape), shapes)
  assert.deepEqual(back.annotations[0].attributes, { [label.attributes[0].id]: true })
})

test('what COCO cannot hold is a note', () => {
  const label = { id: 'l', name: 'Car', color: '#112233' }
  const shape = (shape) => ({ id: 'x', label: 'l', shape, attributes: {} })
  const write = (one) => toCoco([shape(one)], { ontology: { version: 1, labels: [label] }, width: 9, height: 9 })
  assert.deepEqual(write({ type: 'tag' }).notes, ['x: COCO has no place for a tag; it was left out'])
  const turned = write({ type: 'rotated_box', center: [4, 4], size: [2, 4], angle: Math.PI / 2 }).dataset.annotations[0]
  assert.deepEqual(turned.bbox.map((v) => Math.round(v)), [2, 3, 4, 2])
  const frame = write({ type: 'polygon', rings: [[0, 0, 3, 0, 3, 3, 0, 3], [1, 1, 2, 1, 2, 2, 1, 2]] }).dataset.annotations[0]
  assert.deepEqual(frame.segmentation, { size: [9, 9], counts: [0, 3, 6, 1, 1, 1, 6, 3, 60] })
  assert.equal(frame.area, 8)
})

test('a page without TLS, which cannot make UUIDs, reads COCO too', () => {
  Object.defineProperty(crypto, 'randomUUID', { value: undefined, configurable: true })
  try {
    const { ontology } = fromCoco({ images: [image], categories: [category], annotations: [] }, { ontology: { version: 1, labels: [] } })
    assert.match(ontology.labels[0].id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  } finally {
    delete crypto.randomUUID
  }
})
