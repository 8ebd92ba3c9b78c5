// COCO datasets (https://cocodataset.org/#format-data) to annotations and back, for one image.
// Loaded only when it is used; it needs neither the engine nor a browser.
import { checkList, checkObject } from './check.js'
import { fromRle, maskToRle, polygonToRle, type Rle } from './coco-rle.js'
import { cornersOf, ellipsePoints, boundsOf, ringArea } from './coco-shapes.js'
import { uuid } from './uuid.js'
import type { Annotation, Attribute, AttributeValue, Label, NewAnnotation, Ontology, Shape } from './types.js'

export type { Rle } from './coco-rle.js'

export interface CocoImage {
  id: number
  file_name: string
  width: number
  height: number
}

export interface CocoCategory {
  id: number
  name: string
  supercategory?: string
  keypoints?: string[]
  /** Pairs of keypoints, counted from 1. */
  skeleton?: [number, number][]
}

export interface CocoAnnotation {
  id: number
  image_id: number
  category_id: number
  bbox?: [number, number, number, number] | number[]
  area?: number
  /** A list of outlines, or run lengths. */
  segmentation?: number[][] | Rle
  iscrowd?: 0 | 1 | number
  keypoints?: number[]
  num_keypoints?: number
  attributes?: Record<string, unknown>
}

export interface CocoDataset {
  images: CocoImage[]
  categories: CocoCategory[]
  annotations: CocoAnnotation[]
  info?: unknown
  licenses?: unknown
}

/** Which image, and the labels that are there already. */
export interface CocoOptions {
  /** The id of the image in the dataset; needed when it has several. */
  imageId?: number
  /** Or its name there, with or without folders. */
  fileName?: string
  /** Labels that categories of the same name become; regardless of case. */
  ontology?: Ontology
}

export interface CocoResult {
  image: CocoImage
  annotations: NewAnnotation[]
  /** The given labels, and new ones for the categories that they lack. */
  ontology: Ontology
  /** What could not be read or kept, each with its place. */
  notes: string[]
}

export interface CocoWriteOptions {
  ontology: Ontology
  /** Size of the image in pixels; run lengths need it. */
  width: number
  height: number
  fileName?: string
}

/** Radix colours, step 9, for new labels in turn. */
const COLORS = ['#e5484d', '#0090ff', '#30a46c', '#f76b15', '#8e4ec6', '#00a2c7', '#e93d82', '#ffc53d', '#6e56cf', '#46a758']

/** Reads the annotations of one image; what one annotation does wrong is a note, and the others stand. */
export function fromCoco(dataset: CocoDataset, options: CocoOptions = {}): CocoResult {
  checkObject(dataset, 'COCO dataset')
  for (const part of ['images', 'categories', 'annotations'] as const) checkList(dataset[part], `COCO dataset: ${part}`)
  const image = imageOf(dataset.images, options)
  const notes: string[] = []
  const ontology: Ontology = structuredClone(options.ontology ?? { version: 1, labels: [] })
  const labels = labelsOf(dataset, ontology, notes)
  const annotations: NewAnnotation[] = []
  dataset.annotations.forEach((annotation, index) => {
    const place = `annotations[${index}]`
    try {
      checkObject(annotation, place)
      if (annotation.image_id !== image.id) return
      const label = labels.get(annotation.category_id)
      if (!label) throw new Error(`there is no category ${String(annotation.category_id)}`)
      annotations.push(...read(annotation as CocoAnnotation, label, place, notes))
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      notes.push(reason.startsWith(place) ? reason : `${place}: ${reason}`)
    }
  })
  return { image, annotations, ontology, notes }
}

/** Writes annotations of one image as a dataset; what COCO has no place for is a note. */
export function toCoco(annotations: readonly Annotation[], options: CocoWriteOptions): { dataset: CocoDataset; notes: string[] } {
  const { ontology, width, height, fileName = 'image' } = options
  const notes: string[] = []
  const numbers = new Map(ontology.labels.map((label, index) => [label.id, index + 1]))
  const categories = ontology.labels.map((label, index) => category(label, index + 1))
  const written: CocoAnnotation[] = []
  for (const annotation of annotations) {
    const category_id = numbers.get(annotation.label)
    const label = ontology.labels.find((label) => label.id === annotation.label)
    if (category_id === undefined || !label) {
      notes.push(`${annotation.id}: its label is not in the ontology`)
      continue
    }
    const body = write(annotation, label, { width, height }, notes)
    if (!body) continue
    const attributes = named(annotation, label)
    written.push({ id: written.length + 1, image_id: 1, category_id, iscrowd: 0, ...body, ...(attributes && { attributes }) })
  }
  const images = [{ id: 1, file_name: fileName, width, height }]
  return { dataset: { info: {}, licenses: [], images, categories, annotations: written }, notes }
}

function imageOf(images: readonly CocoImage[], { imageId, fileName }: CocoOptions): CocoImage {
  images.forEach((image, index) => checkObject(image, `COCO dataset: images[${index}]`))
  const base = (name: unknown) => String(name).split(/[/\\]/).pop()
  let found: readonly CocoImage[] = images
  if (imageId !== undefined) found = images.filter((image) => image.id === imageId)
  else if (fileName !== undefined) {
    const exact = images.filter((image) => image.file_name === fileName)
    found = exact.length > 0 ? exact : images.filter((image) => base(image.file_name) === base(fileName))
  }
  if (found.length === 1) return found[0]!
  const wanted = imageId !== undefined ? `the id ${imageId}` : fileName !== undefined ? `the name “${fileName}”` : 'no choice made'
  throw new Error(`COCO dataset: ${found.length} images with ${wanted}; name one with imageId or fileName`)
}

/** The label of each category; those that the ontology lacks are added to it. */
function labelsOf(dataset: CocoDataset, ontology: Ontology, notes: string[]): Map<number, Label> {
  const labels = new Map<number, Label>()
  dataset.categories.forEach((category, index) => {
    const place = `categories[${index}]`
    checkObject(category, `COCO dataset: ${place}`)
    const name = String(category.name ?? '').trim()
    if (name === '') throw new Error(`COCO dataset: ${place} has no name`)
    const same = (label: Label) => !label.archived && label.name.trim().toLowerCase() === name.toLowerCase()
    let label = ontology.labels.find(same)
    if (!label) {
      const attributes = attributesOf(dataset, category.id)
      label = { id: uuid(), name, color: COLORS[ontology.labels.length % COLORS.length]!, attributes }
      ontology.labels.push(label)
    }
    if (category.keypoints?.length && !label.skeleton) label.skeleton = template(category as CocoCategory, place, notes)
    labels.set(category.id, label)
  })
  return labels
}

/** Attributes that the annotations of a category carry, by the kind of their first value. */
function attributesOf(dataset: CocoDataset, categoryId: number): Attribute[] {
  const kinds = new Map<string, Attribute>()
  for (const annotation of dataset.annotations) {
    if (annotation?.category_id !== categoryId) continue
    for (const [name, value] of Object.entries(annotation.attributes ?? {})) {
      if (kinds.has(name)) continue
      const kind = ({ boolean: 'checkbox', number: 'number', string: 'text' } as const)[typeof value as 'string']
      if (kind) kinds.set(name, { id: uuid(), name, kind } as Attribute)
    }
  }
  return [...kinds.values()]
}

/** Joints in a ring, since COCO says nothing about where they usually are. */
function template(category: CocoCategory, place: string, notes: string[]): Label['skeleton'] {
  const names = category.keypoints!
  const joints = names.map((name, index) => {
    const turn = (2 * Math.PI * index) / names.length
    return { id: index + 1, name: String(name), x: 0.5 + 0.45 * Math.sin(turn), y: 0.5 - 0.45 * Math.cos(turn) }
  })
  const edges: [number, number][] = []
  for (const [a, b] of category.skeleton ?? []) {
    if (a !== b && joints[a - 1] && joints[b - 1]) edges.push([a, b])
    else notes.push(`${place}.skeleton: there is no edge from ${String(a)} to ${String(b)}`)
  }
  return { joints, edges }
}

function read(annotation: CocoAnnotation, label: Label, place: string, notes: string[]): NewAnnotation[] {
  const shapes = shapesOf(annotation, place, notes)
  if (annotation.iscrowd === 1) notes.push(`${place}: that it is a crowd is not kept`)
  const attributes: Record<string, AttributeValue> = {}
  for (const [name, value] of Object.entries(annotation.attributes ?? {})) {
    const known = label.attributes?.find((attribute) => attribute.name === name)
    if (known && ['string', 'boolean', 'number'].includes(typeof value)) attributes[known.id] = value as AttributeValue
    else notes.push(`${place}.attributes.${name}: the label “${label.name}” has no such attribute, or not of this kind`)
  }
  // An outline and a skeleton of one thing stay together.
  const group = shapes.length > 1 ? uuid() : undefined
  return shapes.map((shape) => ({ label: label.id, shape, attributes, group, source: 'import' }))
}

function shapesOf(annotation: CocoAnnotation, place: string, notes: string[]): Shape[] {
  const shapes: Shape[] = []
  const { segmentation, keypoints, bbox } = annotation
  if (Array.isArray(segmentation) && segmentation.length > 0) {
    const rings = segmentation.map((ring, index) => numbers(ring, `${place}.segmentation[${index}]`, 6))
    if (rings.length > 1) notes.push(`${place}.segmentation: its ${rings.length} parts became rings of one polygon; where parts overlap is a hole`)
    shapes.push({ type: 'polygon', rings })
  } else if (segmentation && !Array.isArray(segmentation)) {
    shapes.push(fromRle(segmentation, `${place}.segmentation`))
  }
  if (keypoints?.length) {
    const flat = numbers(keypoints, `${place}.keypoints`, 3, 3)
    const joints = []
    for (let i = 0; i < flat.length; i += 3) {
      const state = (['absent', 'occluded', 'visible'] as const)[flat[i + 2]!]
      if (!state) throw new Error(`${place}.keypoints[${i + 2}] is ${flat[i + 2]}; 0, 1 or 2 is needed`)
      joints.push({ id: i / 3 + 1, at: [flat[i]!, flat[i + 1]!] as [number, number], state })
    }
    shapes.push({ type: 'skeleton', joints })
  }
  if (shapes.length === 0) {
    const [x, y, w, h] = numbers(bbox, `${place}.bbox`, 4)
    if (!(w! > 0 && h! > 0)) throw new Error(`${place}.bbox: a box needs a width and a height above zero`)
    shapes.push({ type: 'box', box: [x!, y!, w!, h!] })
  }
  return shapes
}

function numbers(list: unknown, place: string, least: number, step = 2): number[] {
  checkList(list, place)
  const bad = list.findIndex((value) => typeof value !== 'number' || !Number.isFinite(value))
  if (bad >= 0) throw new Error(`${place}[${bad}] is ${String(list[bad])}: a finite number is needed`)
  if (list.length < least || list.length % step !== 0) throw new Error(`${place} has ${list.length} numbers`)
  return list as number[]
}

function category(label: Label, id: number): CocoCategory {
  const { skeleton } = label
  if (!skeleton) return { id, name: label.name, supercategory: '' }
  const places = new Map(skeleton.joints.map((joint, index) => [joint.id, index + 1]))
  return {
    id,
    name: label.name,
    supercategory: '',
    keypoints: skeleton.joints.map((joint) => joint.name),
    skeleton: (skeleton.edges ?? []).map(([a, b]) => [places.get(a)!, places.get(b)!]),
  }
}

type Body = Pick<CocoAnnotation, 'bbox' | 'area' | 'segmentation' | 'keypoints' | 'num_keypoints'>

function write({ id, shape }: Annotation, label: Label, size: { width: number; height: number }, notes: string[]): Body | undefined {
  const outline = (points: number[]): Body => ({ bbox: boundsOf(points), area: ringArea(points), segmentation: [points] })
  switch (shape.type) {
    case 'box':
      return { bbox: shape.box, area: shape.box[2] * shape.box[3], segmentation: [] }
    case 'polygon': {
      if (shape.rings.length === 1) return outline(shape.rings[0]!)
      const { rle, area } = polygonToRle(shape.rings, size.width, size.height)
      return { bbox: boundsOf(shape.rings.flat()), area, segmentation: rle }
    }
    case 'rotated_box':
      notes.push(`${id}: a rotated box became a polygon`)
      return outline(cornersOf(shape))
    case 'ellipse':
      notes.push(`${id}: an ellipse became a polygon of 64 corners`)
      return outline(ellipsePoints(shape, 64))
    case 'mask': {
      const { rle, area, bbox } = maskToRle(shape, size.width, size.height)
      return { bbox, area, segmentation: rle }
    }
    case 'skeleton': {
      const order = label.skeleton?.joints.map((joint) => joint.id) ?? shape.joints.map((joint) => joint.id)
      const lost = shape.joints.filter((joint) => !order.includes(joint.id)).length
      if (lost > 0) notes.push(`${id}: ${lost} joints are not in the label's template and were left out`)
      const seen = shape.joints.filter((joint) => joint.state !== 'absent')
      const keypoints = order.flatMap((joint) => {
        const found = shape.joints.find(({ id }) => id === joint)
        return !found || found.state === 'absent' ? [0, 0, 0] : [...found.at, found.state === 'visible' ? 2 : 1]
      })
      const bbox = boundsOf(seen.flatMap((joint) => joint.at))
      return { bbox, area: bbox[2]! * bbox[3]!, segmentation: [], keypoints, num_keypoints: seen.length }
    }
    case 'cuboid': {
      notes.push(`${id}: a cuboid became the box around it`)
      const bbox = boundsOf(shape.points)
      return { bbox, area: bbox[2]! * bbox[3]!, segmentation: [] }
    }
    default:
      notes.push(`${id}: COCO has no place for a ${shape.type}; it was left out`)
      return undefined
  }
}

function named(annotation: Annotation, label: Label): Record<string, AttributeValue> | undefined {
  const pairs = Object.entries(annotation.attributes).flatMap(([id, value]) => {
    const name = label.attributes?.find((attribute) => attribute.id === id)?.name
    return name === undefined ? [] : [[name, value] as const]
  })
  return pairs.length > 0 ? Object.fromEntries(pairs) : undefined
}
