// What stands around the canvas: a shadow tree with toolbar, messages and the text editor.
import type { Annotator } from './annotator.js'
import { keyOf } from './hotkeys.js'
import { parseColor } from './color.js'
import type { MountOptions, ThemeName } from './options.js'
import { SmartBar } from './smart-bar.js'
import { addStyles } from './styles.js'
import { TextEditor } from './text-editor.js'
import { Toolbar } from './toolbar.js'
import type { AnnotatorEvent, Figure, ToolName } from './types.js'
import { words, type Words } from './words.js'

/** A message stays for so long (ms). */
const MESSAGE_MS = 5_000

/** The shadow tree of one annotator; `remove` takes all of it away. */
export class Ui {
  readonly canvas: HTMLCanvasElement
  readonly #host: HTMLElement | undefined
  readonly #root: HTMLElement
  readonly #stage: HTMLElement
  readonly #message: HTMLElement
  readonly #hint: HTMLElement
  readonly #words: Words
  #hintKey = 'hint-select-nothing'
  #figures: readonly Figure[] = []
  readonly #smart = new SmartBar()
  readonly #toolbar: Toolbar
  readonly #scheme = window.matchMedia('(prefers-color-scheme: light)')
  #theme: ThemeName
  #editor: TextEditor | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #annotator: Annotator | undefined

  constructor(target: HTMLElement | ShadowRoot, options: MountOptions) {
    let shadow: ShadowRoot
    if (target instanceof ShadowRoot) {
      shadow = target
    } else {
      this.#host = document.createElement('div')
      Object.assign(this.#host.style, { position: 'relative', width: '100%', height: '100%' })
      target.append(this.#host)
      shadow = this.#host.attachShadow({ mode: 'open' })
      addStyles(shadow)
    }
    this.#theme = options.theme ?? 'auto'
    this.#root = element('div', 'root', 'root')
    this.#toolbar = new Toolbar(options.toolbar ?? true)
    this.#stage = element('div', 'stage', 'stage')
    this.canvas = element('canvas', '', 'canvas')
    this.canvas.setAttribute('role', 'application')
    this.canvas.setAttribute('aria-label', options.name ?? 'Image annotation')
    this.canvas.tabIndex = 0
    this.#message = element('div', 'message', 'message')
    this.#message.setAttribute('role', 'status')
    this.#words = options.words ?? {}
    this.#hint = element('div', 'hint', 'hint')
    this.#hint.id = 'hint'
    this.#hint.hidden = !(options.hints ?? options.toolbar !== false)
    this.canvas.setAttribute('aria-describedby', 'hint')
    this.#stage.append(this.canvas, element('div', 'focus-ring'), this.#smart.element, this.#message)
    this.#root.append(this.#toolbar.element, this.#stage, this.#hint)
    this.#showHint()
    this.#root.dataset.theme = this.theme
    shadow.append(this.#root)
  }

  /** `light` or `dark`, as it is now. */
  get theme(): 'light' | 'dark' {
    if (this.#theme !== 'auto') return this.#theme
    return this.#scheme.matches ? 'light' : 'dark'
  }

  attach(annotator: Annotator, signal: AbortSignal): void {
    this.#annotator = annotator
    this.#scheme.addEventListener('change', () => this.applyTheme(), { signal })
    this.#root.addEventListener('keydown', (event) => this.#key(event), { signal })
    // A ring around the canvas is for those who came by keyboard.
    const isByKeyboard = (is: boolean) => () => this.#root.toggleAttribute('data-keyboard', is)
    this.#root.addEventListener('pointerdown', isByKeyboard(false), { signal, capture: true })
    this.#root.addEventListener('keydown', isByKeyboard(true), { signal, capture: true })
    this.canvas.addEventListener('blur', isByKeyboard(true), { signal })
    this.#toolbar.attach(annotator, signal)
    this.#smart.attach(annotator, signal)
    this.update(annotator)
  }

  setTheme(theme: ThemeName): void {
    if (!['light', 'dark', 'auto'].includes(theme)) throw new TypeError(`setTheme(): there is no theme “${String(theme)}”`)
    this.#theme = theme
    this.applyTheme()
  }

  /** Reads the theme and the custom properties, and tells the engine what concerns the canvas. */
  applyTheme(): void {
    this.#root.dataset.theme = this.theme
    const engine = this.#annotator?.engine
    if (!engine) return
    engine.setTheme(this.theme)
    const background = getComputedStyle(this.#root).getPropertyValue('--vf-canvas').trim()
    const color = background && parseColor(background)
    if (color) engine.setBackground(color)
  }

  setToolbar(toolbar: boolean | readonly ToolName[], annotator: Annotator): void {
    this.#toolbar.choose(toolbar)
    this.update(annotator)
  }

  /** Shows the annotator's state again. */
  update(annotator: Annotator): void {
    this.#toolbar.update(annotator)
    this.#smart.update(annotator)
  }

  took(event: AnnotatorEvent, annotator: Annotator): void {
    switch (event.type) {
      case 'notice':
        return this.say(words(event.detail, this.#words), 'notice')
      case 'refused':
        return this.say(event.detail, 'error')
      case 'editText':
        if (this.#editor) return this.#editor.show(event)
        this.#editor = new TextEditor(this.#stage, event, annotator)
        return
      case 'editTextEnd':
        return this.#endText()
      case 'measures':
        this.#figures = event.figures
        return this.#showHint()
      case 'hint':
        this.#hintKey = event.hint
        return this.#showHint()
      case 'camera':
        this.#editor?.place()
        return
      case 'assist':
        return this.#smart.update(annotator)
      case 'tool':
      case 'history':
      case 'saveState':
      case 'role':
        return this.update(annotator)
    }
  }

  /** Shows a sentence for a while; it is text, never markup. */
  say(message: string, kind: 'notice' | 'error'): void {
    clearTimeout(this.#timer)
    this.#message.dataset.kind = kind
    this.#message.textContent = message
    this.#timer = setTimeout(() => (this.#message.textContent = ''), MESSAGE_MS)
  }

  remove(): void {
    clearTimeout(this.#timer)
    this.#editor?.remove()
    this.#root.remove()
    this.#host?.remove()
    this.#annotator = undefined
  }

  /** What can be done next, or what has been measured: the figures on the canvas, to be read and copied. */
  #showHint(): void {
    const figures = this.#figures.map(({ text }) => text).join(' · ')
    this.#hint.textContent = figures || words(this.#hintKey, this.#words)
  }

  #endText(): void {
    const hadFocus = this.#editor?.remove() ?? false
    this.#editor = undefined
    if (hadFocus) this.canvas.focus()
  }

  #key(event: KeyboardEvent): void {
    const annotator = this.#annotator
    // The document hears of it later; what is done here is done.
    if (!annotator || event.defaultPrevented || isTyping(event.composedPath()[0])) return
    const key = keyOf(event)
    const action = annotator.keymap.get(key) ?? labelAction(annotator, key)
    if (action === undefined) return
    event.preventDefault()
    try {
      annotator.act(action)
    } catch (error) {
      annotator.failed(`key ${key}`, error)
    }
  }
}

/** Labels have keys of their own in the ontology. */
function labelAction(annotator: Annotator, key: string): `label:${string}` | undefined {
  const label = annotator.ontology.labels.find((label) => !label.archived && label.hotkey?.toLowerCase() === key)
  return label && `label:${label.id}`
}

function isTyping(target: EventTarget | undefined): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
}

/** An element with a class and a part, by which host pages may style it. */
export function element<K extends keyof HTMLElementTagNameMap>(name: K, className = '', part = ''): HTMLElementTagNameMap[K] {
  const made = document.createElement(name)
  if (className) made.className = className
  if (part) made.setAttribute('part', part)
  return made
}
