// Typing a text annotation: a plain text area over the canvas, while the engine says so.
import type { Annotator } from './annotator.js'
import type { TextToEdit } from './types.js'

/** A text area where the text will be; Ctrl+Enter or leaving it keeps the text, Escape does not. */
export class TextEditor {
  readonly #area = document.createElement('textarea')
  readonly #life = new AbortController()
  readonly #annotator: Annotator
  #text: TextToEdit

  constructor(stage: HTMLElement, text: TextToEdit, annotator: Annotator) {
    this.#annotator = annotator
    this.#text = text
    const area = this.#area
    const { signal } = this.#life
    area.setAttribute('aria-label', 'Text')
    area.value = text.text
    area.addEventListener('input', () => annotator.engine.typeText(area.value), { signal })
    area.addEventListener('blur', () => annotator.engine.finishTyping(true), { signal })
    area.addEventListener('keydown', (event) => this.#key(event), { signal })
    stage.append(area)
    this.show(text)
    // The click that began it gives the focus to the canvas when it ends.
    setTimeout(() => {
      if (signal.aborted) return
      area.focus()
      area.select()
    })
  }

  /** The engine's state of the text: its frame, and what is typed. */
  show(text: TextToEdit): void {
    this.#text = text
    if (this.#area.value !== text.text) this.#area.value = text.text
    this.place()
  }

  place(): void {
    const { scale, visible } = this.#annotator
    const { box: [x, y, width, height], size, bold, align } = this.#text
    Object.assign(this.#area.style, {
      left: `${(x - visible.x) * scale}px`,
      top: `${(y - visible.y) * scale}px`,
      width: `${Math.max(80, width * scale)}px`,
      height: `${Math.max(28, height * scale)}px`,
      fontSize: `${Math.max(8, size * scale)}px`,
      fontWeight: bold ? 'bold' : 'normal',
      textAlign: align,
    })
  }

  /** Takes the text area away; whether it had the focus. */
  remove(): boolean {
    const root = this.#area.getRootNode()
    const hadFocus = root instanceof ShadowRoot && root.activeElement === this.#area
    // Its removal is no leaving.
    this.#life.abort()
    this.#area.remove()
    return hadFocus
  }

  #key(event: KeyboardEvent): void {
    // What is typed is no hotkey.
    event.stopPropagation()
    const isDone = event.key === 'Enter' && (event.ctrlKey || event.metaKey)
    if (isDone || event.key === 'Escape') {
      event.preventDefault()
      this.#annotator.engine.finishTyping(isDone)
    }
  }
}
