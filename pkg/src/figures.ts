// The measuring tool's figures, laid over the canvas.
import type { Annotator } from './annotator.js'
import { element } from './ui.js'
import type { Figure } from './types.js'

export class Figures {
  readonly element = element('div', 'figures')
  #figures: readonly Figure[] = []

  show(figures: readonly Figure[], annotator: Annotator): void {
    this.#figures = figures
    this.element.replaceChildren(...figures.map(({ text }) => {
      const figure = element('span')
      figure.textContent = text
      return figure
    }))
    this.place(annotator)
  }

  /** The view moved: so do the figures. */
  place(annotator: Annotator): void {
    if (this.#figures.length === 0) return
    const { scale, visible } = annotator
    this.#figures.forEach(({ at }, index) => {
      const figure = this.element.children[index] as HTMLElement | undefined
      figure?.style.setProperty('left', `${(at.x - visible.x) * scale}px`)
      figure?.style.setProperty('top', `${(at.y - visible.y) * scale}px`)
    })
  }
}
