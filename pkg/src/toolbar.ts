// The built-in toolbar: tools, label, undo, zoom; one stop of the Tab key, arrows inside.
import type { Annotator } from './annotator.js'
import type { Action } from './hotkeys.js'
import { icon } from './icons.js'
import type { ToolName } from './types.js'
import { element } from './ui.js'

/** The toolbar's tools unless the host page names others. */
export const DEFAULT_TOOLS: readonly ToolName[] = [
  'select', 'lasso', 'box', 'rotated_box', 'ellipse', 'polygon', 'polyline', 'point', 'path', 'arrow', 'text', 'cuboid',
  'brush', 'eraser', 'wand', 'scissors', 'smart', 'skeleton', 'slice', 'measure', 'pan',
]

/** How a tool or an action is called. */
export function nameOf(action: string): string {
  const known: Record<string, string> = {
    rotated_box: 'Rotated box', path: 'Freehand', wand: 'Magic wand', scissors: 'Intelligent scissors', smart: 'Smart polygon',
    'zoom-in': 'Zoom in', 'zoom-out': 'Zoom out', 'zoom-fit': 'Fit to view',
  }
  return known[action] ?? action.charAt(0).toUpperCase() + action.slice(1)
}

export class Toolbar {
  readonly element = element('div', 'toolbar', 'toolbar')
  readonly #tools = new Map<ToolName, HTMLButtonElement>()
  readonly #actions = new Map<string, HTMLButtonElement>()
  readonly #labels = element('select', '', 'label')
  readonly #swatch = element('span', 'swatch')
  readonly #save = element('span', 'save', 'save-state')
  #annotator: Annotator | undefined
  #signal: AbortSignal | undefined

  constructor(chosen: boolean | readonly ToolName[]) {
    this.element.setAttribute('role', 'toolbar')
    this.element.setAttribute('aria-label', 'Annotation tools')
    this.#labels.setAttribute('aria-label', 'Label')
    this.#save.setAttribute('role', 'status')
    this.choose(chosen)
  }

  /** Builds the toolbar anew: none, the usual tools, or these. */
  choose(chosen: boolean | readonly ToolName[]): void {
    const tools = chosen === true ? DEFAULT_TOOLS : chosen === false ? [] : chosen
    this.element.hidden = chosen === false
    this.element.style.display = chosen === false ? 'none' : ''
    this.#tools.clear()
    this.#actions.clear()
    for (const tool of tools) this.#tools.set(tool, this.#button(tool, `tool:${tool}`))
    for (const action of ['undo', 'redo', 'zoom-out', 'zoom-in', 'zoom-fit'] as const) {
      this.#actions.set(action, this.#button(action, action))
    }
    const line = () => element('span', 'line')
    this.element.replaceChildren(
      ...this.#tools.values(), line(), this.#swatch, this.#labels, element('span', 'gap'), this.#save,
      ...this.#actions.values(),
    )
  }

  attach(annotator: Annotator, signal: AbortSignal): void {
    this.#annotator = annotator
    this.#signal = signal
    this.#labels.addEventListener('change', () => this.#do(`label:${this.#labels.value}`), { signal })
    this.element.addEventListener('keydown', (event) => this.#move(event), { signal })
    this.element.addEventListener('focusin', (event) => this.#stop(event.target as HTMLElement), { signal })
    this.element.addEventListener('click', (event) => {
      const button = (event.target as Element).closest('button')
      if (button?.dataset.action) this.#do(button.dataset.action as Action)
    }, { signal })
    signal.addEventListener('abort', () => (this.#annotator = undefined), { once: true })
  }

  update(annotator: Annotator): void {
    const { tool, readonly, engine } = annotator
    const canEdit = engine.canEdit
    for (const [name, button] of this.#tools) {
      button.setAttribute('aria-pressed', String(name === tool))
      const isMissing = name === 'smart' && annotator.assist.phase === 'off'
      button.style.display = isMissing ? 'none' : ''
      button.disabled = !canEdit && !['select', 'lasso', 'measure', 'pan'].includes(name)
    }
    this.#actions.get('undo')!.disabled = readonly || !annotator.canUndo
    this.#actions.get('redo')!.disabled = readonly || !annotator.canRedo
    for (const button of [...this.#tools.values(), ...this.#actions.values()]) this.#name(button, annotator)
    this.#updateLabels(annotator)
    const state = annotator.saveState
    this.#save.textContent = state === 'local' ? '' : SAVE_WORDS[state] ?? state
    this.#stop(this.#controls().find((control) => control.tabIndex === 0) ?? this.#controls()[0])
  }

  #updateLabels(annotator: Annotator): void {
    const labels = annotator.ontology.labels.filter((label) => !label.archived)
    this.#labels.hidden = this.#swatch.hidden = labels.length === 0
    this.#labels.style.display = this.#swatch.style.display = labels.length === 0 ? 'none' : ''
    this.#labels.replaceChildren(...labels.map((label) => {
      const option = element('option')
      option.value = label.id
      option.textContent = label.name
      return option
    }))
    this.#labels.value = annotator.label ?? ''
    this.#swatch.style.background = labels.find((label) => label.id === annotator.label)?.color ?? 'transparent'
  }

  #button(name: string, action: string): HTMLButtonElement {
    const button = element('button', '', `button ${name}`)
    button.type = 'button'
    button.dataset.action = action
    button.dataset.name = nameOf(name)
    const picture = icon(name)
    button.append(picture ?? nameOf(name))
    if (action.startsWith('tool:')) button.setAttribute('aria-pressed', 'false')
    button.tabIndex = -1
    return button
  }

  /** The name, with the key that does the same. */
  #name(button: HTMLButtonElement, annotator: Annotator): void {
    const key = [...annotator.keymap].find(([, action]) => action === button.dataset.action)?.[0]
    const name = button.dataset.name ?? ''
    button.setAttribute('aria-label', name)
    button.title = key ? `${name} (${written(key)})` : name
  }

  #do(action: Action): void {
    try {
      this.#annotator?.act(action)
    } catch (error) {
      this.#annotator?.failed(String(action), error)
    }
  }

  #controls(): HTMLElement[] {
    const all = this.element.querySelectorAll<HTMLElement>('button:not(:disabled), select:not([hidden])')
    return [...all]
  }

  /** Arrow keys, Home and End walk through the controls. */
  #move(event: KeyboardEvent): void {
    const controls = this.#controls()
    const at = controls.indexOf(event.target as HTMLElement)
    // A list of labels needs its own arrows up and down.
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: controls.length - 1 }[event.key]
    if (at < 0 || to === undefined || this.#signal?.aborted) return
    event.preventDefault()
    event.stopPropagation()
    controls[(to + controls.length) % controls.length]?.focus()
  }

  /** The control that the Tab key comes to. */
  #stop(at: HTMLElement | undefined): void {
    for (const control of this.element.querySelectorAll<HTMLElement>('button, select')) {
      control.tabIndex = control === at ? 0 : -1
    }
  }
}

const SAVE_WORDS: Readonly<Record<string, string>> = {
  opening: 'Connecting…',
  saved: 'Saved',
  saving: 'Saving…',
  offline: 'Offline',
  read_only: 'Read only',
}

function written(key: string): string {
  return key.split('+').map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('+').replace('Mod', 'Ctrl').replace(/\+$/, '+')
}
