// VisionFlow's engine as the benchmarks drive it. Every gesture goes the way that a person's would:
// through the canvas's pointer events.
import init, { Annotator } from '/engine/engine.js'
import { COLORS, IMAGE, KIND, VERTICES } from './scene.js'

const labels = COLORS.map((color, i) => {
  return { id: `00000000-0000-4000-8000-00000000000${i}`, name: `label ${i}`, color, archived: false, attributes: [] }
})
const ids = labels.map((label) => label.id)

export class Page {
  constructor(canvas, backend) {
    this.canvas = canvas
    this.backend = backend
  }

  async start() {
    await init({ module_or_path: '/engine/engine_bg.wasm' })
    this.annotator = await Annotator.mount(this.canvas, { backend: this.backend })
    this.annotator.setOntology({ version: 1, labels })
    // Stretched over the image: the other libraries show none.
    const picture = new OffscreenCanvas(64, 64)
    const context = picture.getContext('2d')
    context.fillStyle = '#405060'
    context.fillRect(0, 0, picture.width, picture.height)
    const blob = await picture.convertToBlob({ type: 'image/png' })
    await this.annotator.openImage(URL.createObjectURL(blob), IMAGE, IMAGE)
    this.fit()
  }

  load(shapes) {
    this.write(shapes)
    this.annotator.drawNow()
  }

  write(shapes) {
    if (KIND === 'polygons') this.annotator.loadPolygons(shapes, VERTICES, ids)
    else this.annotator.loadBoxes(shapes, ids)
  }

  fit() {
    this.annotator.zoomToFit()
    return this.annotator.drawNow()
  }

  pan(x, y) {
    this.annotator.panBy(x, y)
    this.annotator.drawNow()
  }

  zoom(factor) {
    this.annotator.zoomBy(factor)
    this.annotator.drawNow()
  }

  screen(x, y) {
    const [left, top] = this.annotator.visible()
    return [(x - left) * this.annotator.scale, (y - top) * this.annotator.scale]
  }

  send(type, x, y) {
    const buttons = type === 'pointerup' ? 0 : 1
    const button = type === 'pointermove' ? -1 : 0
    const event = { clientX: x, clientY: y, pointerId: 1, pointerType: 'mouse', isPrimary: true, button, buttons, bubbles: true }
    this.canvas.dispatchEvent(new PointerEvent(type, event))
  }

  click(x, y) {
    this.send('pointerdown', x, y)
    this.send('pointerup', x, y)
    this.annotator.drawNow()
  }

  selected() {
    const [id] = this.annotator.selection()
    const shape = id && this.annotator.annotation(id).shape
    return shape?.box ?? (shape && around(shape.rings[0]))
  }

  grab(x, y) {
    this.send('pointerdown', x, y)
    this.annotator.drawNow()
  }

  move(x, y) {
    this.send('pointermove', x, y)
    this.annotator.drawNow()
  }

  drop(x, y) {
    this.send('pointermove', x, y)
    this.send('pointerup', x, y)
    this.annotator.drawNow()
    if (!this.annotator.canUndo) throw new Error('the drag was no edit')
  }

  undo() {
    this.annotator.undo()
    this.annotator.drawNow()
  }
}

function around(ring) {
  const xs = ring.filter((_, i) => i % 2 === 0)
  const ys = ring.filter((_, i) => i % 2 === 1)
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  return [left, top, Math.max(...xs) - left, Math.max(...ys) - top]
}
