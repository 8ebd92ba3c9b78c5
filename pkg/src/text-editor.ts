// Editing the text of a text annotation: a plain text area over the canvas.
import type { Annotator } from './annotator.js'
import type { AnnotatorEvent } from './types.js'

/** A text area where the annotation is; Ctrl+Enter or leaving it keeps the text, Escape does not. */
export class TextEditor {
  readonly #area = document.createElement('textarea')
  readonly #life = new AbortController()
  #isOpen = true

  constructor(
    stage: HTMLElement,
    private readonly event: Extract<AnnotatorEvent, { type: 'editText' }>,
    private readonly annotator: Annotator,
    private readonly closed: () => void,
  ) {
    const area = this.#area
    const { signal } = this.#life
    area.value = event.text
    area.setAttribute('aria-label', 'Text')
    area.addEventListener('blur', () => this.close(true), { signal })
    area.addEventListener('keydown', (key) => {
      key.stopPropagation()
      if (key.key === 'Escape') this.close(false)
      else if (key.key === 'Enter' && (key.ctrlKey || key.metaKey)) this.close(true)
    }, { signal })
    annotator.on('camera', () => this.#place(), { signal })
    stage.append(area)
    this.#place()
    area.focus()
    area.select()
  }

  close(keeps: boolean): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    const text = this.#area.value
    this.#life.abort()
    this.#area.remove()
    if (keeps && !this.annotator.isDestroyed && text !== this.event.text) {
      try {
        const shape = this.annotator.annotation(this.event.id)?.shape
        if (shape?.type === 'text') this.annotator.update(this.event.id, { shape: { ...shape, text } })
      } catch (error) {
        this.annotator.failed('text', error)
      }
    }
    this.closed()
  }

  #place(): void {
    const { scale, visible } = this.annotator
    const shape = this.annotator.annotation(this.event.id)?.shape
    if (shape?.type !== 'text') return this.close(false)
    const [x, y, width, height] = shape.box
    Object.assign(this.#area.style, {
      left: `${(x - visible.x) * scale}px`,
      top: `${(y - visible.y) * scale}px`,
      width: `${Math.max(80, width * scale)}px`,
      height: `${Math.max(24, height * scale)}px`,
      fontSize: `${Math.max(8, shape.size * scale)}px`,
    })
  }
}
