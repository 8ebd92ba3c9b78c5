// What can be done with the smart tool, and how far its model is; shown while that tool is active.
import type { Annotator } from './annotator.js'
import type { AssistState, SmartAction } from './types.js'
import { element } from './ui.js'

const NAMES: Readonly<Record<SmartAction, string>> = {
  previous: 'Previous alternative', next: 'Next alternative', add: 'Add to the object', remove: 'Take away from the object',
  accept: 'Accept', drop: 'Cancel', everything: 'Segment everything', retry: 'Try again',
}
const SIGNS: Partial<Readonly<Record<SmartAction, string>>> = { previous: '‹', next: '›', add: '+', remove: '−' }

export class SmartBar {
  readonly element = element('div', 'smart', 'smart')
  readonly #status = element('span')
  readonly #buttons = new Map<SmartAction, HTMLButtonElement>()

  constructor() {
    this.element.setAttribute('role', 'group')
    this.element.setAttribute('aria-label', 'Smart polygon')
    this.#status.setAttribute('role', 'status')
    for (const action of Object.keys(NAMES) as SmartAction[]) {
      const button = element('button', '', 'button')
      button.type = 'button'
      button.textContent = SIGNS[action] ?? NAMES[action]
      button.setAttribute('aria-label', NAMES[action])
      button.title = NAMES[action]
      this.#buttons.set(action, button)
    }
    this.element.append(this.#status, ...this.#buttons.values())
    this.element.style.display = 'none'
  }

  attach(annotator: Annotator, signal: AbortSignal): void {
    for (const [action, button] of this.#buttons) {
      button.addEventListener('click', () => annotator.smart(action), { signal })
      // Keys go on reaching the canvas.
      button.addEventListener('mousedown', (event) => event.preventDefault(), { signal })
    }
  }

  update(annotator: Annotator): void {
    const isShown = annotator.tool === 'smart' && annotator.engine.canEdit
    this.element.style.display = isShown ? '' : 'none'
    if (!isShown) return
    const state = annotator.assist
    this.#status.textContent = words(state)
    const isFound = state.proposals !== null
    const isPrompted = state.prompts > 0
    const shown: Record<SmartAction, boolean> = {
      previous: state.alternatives > 1, next: state.alternatives > 1, add: isPrompted, remove: isPrompted,
      accept: isPrompted || isFound, drop: isPrompted || isFound, everything: !isPrompted && !isFound,
      retry: state.phase === 'failed',
    }
    for (const [action, button] of this.#buttons) button.style.display = shown[action] ? '' : 'none'
    this.#buttons.get('add')!.setAttribute('aria-pressed', String(!state.removes))
    this.#buttons.get('remove')!.setAttribute('aria-pressed', String(state.removes))
  }
}

function words(state: AssistState): string {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1)
  switch (state.phase) {
    case 'loading':
      return state.total > 0 ? `Loading the model: ${megabytes(state.received)} of ${megabytes(state.total)} MB` : 'Loading the model…'
    case 'encoding':
      return 'Looking at the photograph…'
    case 'zoom_out':
      return 'Zoom out until the whole photograph shows, once'
    case 'failed':
      return `The model does not work: ${state.reason ?? ''}`
  }
  if (state.proposals !== null) return `${state.proposals} found${state.waiting ? '…' : ''}`
  if (state.waiting) return 'Finding the outline…'
  return state.alternatives > 1 ? `${state.alternative + 1} of ${state.alternatives}` : ''
}
