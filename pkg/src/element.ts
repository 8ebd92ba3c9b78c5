// The web component `<visionflow-annotator>`; importing this file defines it.
import { Annotator, type AnnotatorEvents } from './annotator.js'
import type { MountOptions, ThemeName } from './options.js'
import { addStyles } from './styles.js'
import type { Annotation, Backend, NewAnnotation, Ontology, ToolName } from './types.js'

/** All of them; one that is missing or too much does not compile. */
const EVENTS: Readonly<Record<keyof AnnotatorEvents, true>> = {
  assist: true,
  camera: true,
  change: true,
  destroy: true,
  deviceLost: true,
  deviceRestored: true,
  editText: true,
  editTextEnd: true,
  error: true,
  hint: true,
  history: true,
  hover: true,
  image: true,
  itemDeleted: true,
  itemRestored: true,
  measures: true,
  notice: true,
  ontology: true,
  pointer: true,
  presence: true,
  refused: true,
  role: true,
  roomNotFound: true,
  saveState: true,
  selection: true,
  settings: true,
  suggestions: true,
  tool: true,
  unauthenticated: true,
}

/**
 * `<visionflow-annotator src="photo.jpg" tool="box" readonly>`.
 *
 * Attributes: `src`, `tool`, `label`, `theme`, `backend`, `readonly`, `toolbar` (`off`, or names of
 * tools), `name`, `wasm`. Lists and objects are properties: `ontology`, `annotations`, `options`.
 * Each event of the annotator is dispatched as a `CustomEvent` of the same type with it as `detail`;
 * `ready` comes first, with the {@link Annotator}.
 */
export class VisionflowAnnotatorElement extends HTMLElement {
  static readonly observedAttributes = ['src', 'tool', 'label', 'theme', 'readonly', 'toolbar', 'name']

  /** Options that have no attribute; read when the element is put on the page. */
  options: MountOptions = {}

  #annotator: Annotator | undefined
  #mounting: AbortController | undefined
  #ready = deferred()
  #ontology: Ontology | undefined
  #annotations: readonly NewAnnotation[] | undefined
  /** What was drawn, while the element is off the page. */
  #kept: Uint8Array | undefined
  /** The labels it had on the page, while it is off. */
  #left: Ontology | undefined
  /** What the options said when it came onto the page: others count more than what it had. */
  #given: Ontology | undefined

  constructor() {
    super()
    addStyles(this.attachShadow({ mode: 'open' }))
  }

  /** The annotator, once it is there. */
  get annotator(): Annotator | undefined {
    return this.#annotator
  }

  /** Resolves with the annotator; rejects when it cannot start. */
  get ready(): Promise<Annotator> {
    return this.#ready.promise
  }

  get ontology(): Ontology | undefined {
    return this.#annotator?.ontology ?? this.#left ?? this.#ontology
  }

  set ontology(ontology: Ontology | undefined) {
    this.#ontology = ontology
    this.#left = undefined
    if (ontology) this.#annotator?.setOntology(ontology)
  }

  get annotations(): readonly Annotation[] {
    return this.#annotator?.annotations ?? []
  }

  set annotations(annotations: readonly NewAnnotation[]) {
    this.#kept = undefined
    if (this.#annotator) this.#annotator.load(annotations)
    else this.#annotations = annotations
  }

  connectedCallback(): void {
    // Moved within the page: all stays as it is.
    if (this.#annotator || this.#mounting) return
    takeProperties(this, ['options', 'ontology', 'annotations'])
    void this.#mount()
  }

  disconnectedCallback(): void {
    queueMicrotask(() => {
      if (!this.isConnected) this.#unmount()
    })
  }

  attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    const annotator = this.#annotator
    if (!annotator || old === value) return
    try {
      if (name === 'src' && value) annotator.openImage(value).catch((error: unknown) => annotator.failed('src', error))
      else if (name === 'tool') annotator.tool = (value ?? 'select') as ToolName
      else if (name === 'label') annotator.label = value ?? undefined
      else if (name === 'theme') annotator.setTheme((value ?? 'auto') as ThemeName)
      else if (name === 'readonly') annotator.readonly = value !== null
      else if (name === 'toolbar') annotator.setToolbar(toolbarOf(value))
      else if (name === 'name') annotator.canvas.setAttribute('aria-label', value ?? 'Image annotation')
    } catch (error) {
      annotator.failed(`attribute ${name}`, error)
    }
  }

  async #mount(): Promise<void> {
    const mounting = (this.#mounting = new AbortController())
    const settle = this.#ready
    const begun = { ontology: this.#ontology, annotations: this.#annotations, attributes: this.#attributes() }
    try {
      const annotator = await Annotator.mount(this.shadowRoot!, this.#options(), mounting.signal)
      this.#mounting = undefined
      this.#annotator = annotator
      if (this.#kept) annotator.applyUpdate(this.#kept)
      this.#kept = undefined
      this.#catchUp(annotator, begun)
      for (const type of Object.keys(EVENTS) as (keyof AnnotatorEvents)[]) annotator.on(type, (detail) => this.dispatchEvent(new CustomEvent(type, { detail })))
      settle.resolve(annotator)
      this.dispatchEvent(new CustomEvent('ready', { detail: annotator }))
    } catch (error) {
      if (mounting.signal.aborted) return
      this.#mounting = undefined
      const message = error instanceof Error ? error.message : String(error)
      settle.reject(error)
      this.dispatchEvent(new CustomEvent('error', { detail: { type: 'error', message, error } }))
    }
  }

  /** What was set while the engine was loading. */
  #catchUp(annotator: Annotator, begun: Begun): void {
    const tell = (where: string, change: () => void) => {
      try {
        change()
      } catch (error) {
        // The listeners come right after this.
        queueMicrotask(() => annotator.failed(where, error))
      }
    }
    const { ontology, annotations } = { ontology: this.#ontology, annotations: this.#annotations }
    if (ontology && ontology !== begun.ontology) tell('ontology', () => annotator.setOntology(ontology))
    if (annotations && annotations !== begun.annotations) tell('annotations', () => annotator.load(annotations))
    const now = this.#attributes()
    for (const [name, value] of now) {
      const before = begun.attributes.get(name) ?? null
      if (value !== before) this.attributeChangedCallback(name, before, value)
    }
  }

  #attributes(): Map<string, string | null> {
    const names = VisionflowAnnotatorElement.observedAttributes
    return new Map(names.map((name) => [name, this.getAttribute(name)]))
  }

  #unmount(): void {
    this.#mounting?.abort(new Error('the element was taken off the page'))
    this.#mounting = undefined
    const annotator = this.#annotator
    if (!annotator) return
    // What belongs to a room comes from there again.
    if (annotator.saveState === 'local') this.#kept = annotator.encodeState()
    // From now on what was drawn counts, and its labels, not what it began with.
    if (this.#kept) this.#annotations = undefined
    this.#left = annotator.ontology
    this.#annotator = undefined
    this.#ready = deferred()
    annotator.destroy()
  }

  #options(): MountOptions {
    const isSaidAnew = this.options.ontology !== this.#given
    this.#given = this.options.ontology
    const left = isSaidAnew ? undefined : this.#left
    const attribute = (name: string) => this.getAttribute(name) ?? undefined
    const given: MountOptions = {
      src: attribute('src'),
      tool: attribute('tool') as ToolName | undefined,
      label: attribute('label'),
      theme: attribute('theme') as ThemeName | undefined,
      backend: attribute('backend') as Backend | undefined,
      readonly: this.hasAttribute('readonly') || undefined,
      toolbar: this.hasAttribute('toolbar') ? toolbarOf(attribute('toolbar') ?? null) : undefined,
      name: attribute('name'),
      wasm: attribute('wasm'),
      ontology: left ?? (this.#left && isSaidAnew ? undefined : this.#ontology),
      annotations: this.#kept ? undefined : this.#annotations,
    }
    const set = Object.entries(given).filter(([, value]) => value !== undefined)
    const options = { ...this.options, ...(Object.fromEntries(set) as MountOptions) }
    if (this.#kept) delete options.annotations
    // It may have gone with a label that was taken away.
    if (left && !left.labels.some(({ id }) => id === options.label)) delete options.label
    return options
  }
}

/** What the element was when it began to mount. */
interface Begun {
  ontology: Ontology | undefined
  annotations: readonly NewAnnotation[] | undefined
  attributes: Map<string, string | null>
}

/** `off` is none, nothing or `on` the usual ones, anything else a list of tools. */
function toolbarOf(value: string | null): boolean | readonly ToolName[] {
  if (value === 'off') return false
  if (value === null || value === '' || value === 'on') return true
  return value.split(/[\s,]+/).filter(Boolean) as ToolName[]
}

/** Properties that were set before the element was defined hide its setters. */
function takeProperties(of: HTMLElement, names: readonly string[]): void {
  for (const name of names) {
    if (name === 'options' || !Object.hasOwn(of, name)) continue
    const value: unknown = Reflect.get(of, name)
    Reflect.deleteProperty(of, name)
    Reflect.set(of, name, value)
  }
}

function deferred() {
  let resolve!: (annotator: Annotator) => void
  let reject!: (error: unknown) => void
  const promise = new Promise<Annotator>((yes, no) => ([resolve, reject] = [yes, no]))
  // Nobody has to wait for it; the `error` event says the same.
  promise.catch(() => {})
  return { promise, resolve, reject }
}

declare global {
  interface HTMLElementTagNameMap {
    'visionflow-annotator': VisionflowAnnotatorElement
  }
}

if (!customElements.get('visionflow-annotator')) customElements.define('visionflow-annotator', VisionflowAnnotatorElement)
