// The annotator of one element: what host pages hold, and everything that ends with `destroy()`.
import { at, checkList, checkNumber, checkObject, checkPlain, checkText } from './check.js'
import type { CocoDataset, CocoOptions, CocoResult, CocoWriteOptions } from './coco.js'
import { Emitter, type Unsubscribe } from './emitter.js'
import { loadEngine, type Engine } from './load.js'
import { exportPng, type PngOptions } from './export.js'
import { keymap, type Action, type Keymap } from './hotkeys.js'
import { openSource, type ImageSource } from './image.js'
import type { MountOptions, ThemeName } from './options.js'
import { connection, type SyncOptions } from './sync.js'
import type {
  Annotation,
  AnnotationPatch,
  AnnotatorEvent,
  AssistState,
  Command,
  CopiedAnnotations,
  DetectOptions,
  NewAnnotation,
  NewSuggestion,
  Ontology,
  Peer,
  SaveState,
  SmartAction,
  SuggestOptions,
  Suggestion,
  SuggestionFilter,
  ToolName,
  ToolSettings,
  Verdict,
  ViewOptions,
} from './types.js'
import { setAssist } from './assist.js'
import { Ui } from './ui.js'

/** The events of {@link Annotator.on}, by their type. */
export type AnnotatorEvents = {
  [T in AnnotatorEvent['type']]: Extract<AnnotatorEvent, { type: T }>
} & {
  /** Something failed that nobody waits for; what a call does wrong is thrown by the call. */
  error: { type: 'error'; message: string; error: unknown }
  /** The photograph shows. */
  image: { type: 'image'; width: number; height: number }
  /** The annotator is gone. */
  destroy: { type: 'destroy' }
}

/** A rectangle in pixels of the photograph. */
export interface Region {
  x: number
  y: number
  width: number
  height: number
}

/** An annotator on the page; made by {@link mount}. */
export class Annotator {
  /** @internal */
  readonly engine: Engine
  readonly #ui: Ui
  readonly #events = new Emitter<AnnotatorEvents>()
  readonly #life = new AbortController()
  #ontology: Ontology = { version: 1, labels: [], single_tag: false }
  #keymap: Keymap
  #readonly: boolean
  #clipboard: CopiedAnnotations | undefined
  #isDestroyed = false

  private constructor(engine: Engine, ui: Ui, options: MountOptions) {
    this.engine = engine
    this.#ui = ui
    this.#keymap = keymap(options.hotkeys, 'mount(): hotkeys')
    this.#readonly = options.readonly ?? false
    engine.on('*', (event) => this.#took(event as AnnotatorEvent))
    ui.attach(this, this.#life.signal)
  }

  /** @internal */
  static async mount(target: HTMLElement | ShadowRoot, options: MountOptions = {}, signal?: AbortSignal): Promise<Annotator> {
    checkObject(options, 'mount(): options')
    // Faults of the options show before anything is loaded.
    keymap(options.hotkeys, 'mount(): hotkeys')
    const ui = new Ui(target, options)
    let engine: Engine | undefined
    try {
      const Engine = await loadEngine(options.wasm)
      signal?.throwIfAborted()
      engine = await Engine.mount(ui.canvas, { backend: options.backend, theme: ui.theme })
      signal?.throwIfAborted()
      const annotator = new Annotator(engine, ui, options)
      try {
        annotator.#begin(options)
      } catch (error) {
        annotator.destroy()
        engine = undefined
        throw error
      }
      return annotator
    } catch (error) {
      engine?.destroy()
      engine?.free()
      ui.remove()
      throw error
    }
  }

  #begin(options: MountOptions): void {
    this.#ui.applyTheme()
    setAssist(this.engine, options.assist)
    if (options.ontology) this.setOntology(options.ontology)
    if (options.label !== undefined) this.label = options.label
    if (options.tool !== undefined) this.tool = options.tool
    if (options.settings) this.setSettings(options.settings)
    if (options.view) this.setView(options.view)
    if (options.annotations) this.load(options.annotations)
    if (options.sync) this.connect(options.sync)
    this.readonly = this.#readonly
    if (options.src !== undefined) this.#later(this.openImage(options.src))
  }

  // The photograph

  /**
   * Opens a photograph by its address or as a file, and resolves when it shows.
   *
   * An address that ends in `.dzi` (Deep Zoom) or `/info.json` (IIIF) is one of tiles; a TIFF is
   * read by ranges where its server allows it (COG, BigTIFF, pyramids).
   *
   * Annotations stay; {@link load} or {@link clear} them for another photograph.
   */
  async openImage(source: ImageSource): Promise<void> {
    const engine = this.#alive()
    await openSource(engine, source)
    if (this.#isDestroyed) return
    const [width = 0, height = 0] = engine.imageSize() ?? []
    this.#events.emit('image', { type: 'image', width, height })
  }

  /** Width and height of the photograph in pixels, once they are known. */
  get imageSize(): { width: number; height: number } | undefined {
    const size = this.#alive().imageSize()
    return size && { width: size[0]!, height: size[1]! }
  }

  /** Takes the photograph, the annotations and the room away. */
  close(): void {
    this.#alive().closeItem()
    this.readonly = this.#readonly
  }

  // Labels

  /** The labels that annotations may have; ids are UUIDs, see `uuid`. */
  setOntology(ontology: Ontology | Omit<Ontology, 'version' | 'single_tag'>): void {
    const engine = this.#alive()
    checkObject(ontology, 'setOntology(): ontology')
    checkPlain(ontology, 'ontology')
    const whole = { version: 1, single_tag: false, ...ontology } as Ontology
    engine.setOntology(whole)
    this.#ontology = structuredClone(whole)
    if (engine.label === undefined) {
      const first = this.#ontology.labels.find((label) => !label.archived)
      engine.setLabel(first?.id)
    }
    this.#ui.update(this)
  }

  get ontology(): Ontology {
    return structuredClone(this.#ontology)
  }

  /** The label of what is drawn next. */
  get label(): string | undefined {
    return this.#alive().label
  }

  set label(id: string | undefined) {
    const engine = this.#alive()
    if (id !== undefined && !this.#ontology.labels.some((label) => label.id === id)) {
      throw new Error(`label: there is no label “${String(id)}” in the ontology`)
    }
    engine.setLabel(id)
    this.#ui.update(this)
  }

  // Tools

  get tool(): ToolName {
    return this.#alive().tool as ToolName
  }

  set tool(tool: ToolName) {
    this.#alive().setTool(String(tool))
  }

  /** What the tools are set to. */
  get settings(): ToolSettings {
    return this.#alive().settings()
  }

  /** Changes the named settings and leaves the others. */
  setSettings(settings: Partial<ToolSettings>): void {
    const engine = this.#alive()
    checkObject(settings, 'setSettings(): settings')
    checkPlain(settings, 'settings')
    engine.setSettings(settings)
  }

  // The smart tool

  /** How far the smart tool and its model are. */
  get assist(): AssistState {
    return this.#alive().assistState()
  }

  /** What a person does with the smart tool by buttons. */
  smart(action: SmartAction): void {
    this.#alive().smart(action)
  }

  /** The photograph that will probably be opened next: once the smart tool was used, its model looks at it ahead. */
  prepareImage(url: string, size: { width: number; height: number }): void {
    const engine = this.#alive()
    checkText(url, 'prepareImage(): url')
    checkNumber(size.width, 'prepareImage(): width', 1, 1e6)
    checkNumber(size.height, 'prepareImage(): height', 1, 1e6)
    engine.prepareImage(url, size.width, size.height)
  }

  // Annotations

  /** All annotations, topmost last. */
  get annotations(): Annotation[] {
    return this.#alive().annotations()
  }

  get annotationCount(): number {
    return this.#alive().annotationCount
  }

  annotation(id: string): Annotation | undefined {
    return this.#alive().annotation(id)
  }

  /** Replaces all annotations by these, or adds them; no step that can be undone. */
  load(annotations: readonly NewAnnotation[], { keep = false }: { keep?: boolean } = {}): void {
    const engine = this.#alive()
    checkList(annotations, 'load(): annotations')
    checkPlain(annotations, 'annotations')
    engine.load(annotations as NewAnnotation[], keep)
  }

  /** Adds an annotation, or several as one step that can be undone, and returns their ids. */
  add(annotation: NewAnnotation): string
  add(annotations: readonly NewAnnotation[]): string[]
  add(annotations: NewAnnotation | readonly NewAnnotation[]): string | string[] {
    const engine = this.#alive()
    const isList = Array.isArray(annotations)
    const list = (isList ? annotations : [annotations]) as NewAnnotation[]
    if (!isList) checkObject(annotations, 'add(): annotation')
    checkPlain(annotations, isList ? 'annotations' : 'annotation')
    const ids = engine.add(list)
    return isList ? ids : ids[0]!
  }

  /** Changes the named properties of an annotation, as one step; an attribute of `null` is taken away. */
  update(id: string, patch: AnnotationPatch): void {
    const engine = this.#alive()
    checkText(id, 'update(): id')
    checkObject(patch, 'update(): patch')
    checkPlain(patch, 'patch')
    engine.update(id, patch)
  }

  remove(ids: string | readonly string[]): void {
    this.#alive().remove(idList(ids, 'remove()'))
  }

  /** Removes everything, as one step that can be undone. */
  clear(): void {
    const engine = this.#alive()
    engine.remove(engine.annotations().map((annotation) => annotation.id))
  }

  /** Annotations that are neither drawn nor picked here; this is not part of the annotations. */
  hide(ids: readonly string[]): void {
    this.#alive().setHidden(idList(ids, 'hide()'))
  }

  /**
   * Loads the annotations that a COCO dataset has of one image: categories become labels where no
   * label of that name is there, segmentations and run lengths become polygons and masks.
   */
  async loadCoco(dataset: CocoDataset, options: CocoOptions & { keep?: boolean } = {}): Promise<CocoResult> {
    this.#alive()
    const { fromCoco } = await import('./coco.js')
    const result = fromCoco(dataset, { ontology: this.#ontology, ...options })
    this.#alive()
    this.setOntology(result.ontology)
    this.load(result.annotations, options)
    return result
  }

  /** The annotations as a COCO dataset of one image, with what COCO cannot say as `notes`. */
  async toCoco(options: Partial<CocoWriteOptions> = {}): Promise<{ dataset: CocoDataset; notes: string[] }> {
    this.#alive()
    const { toCoco } = await import('./coco.js')
    const { width, height } = this.imageSize ?? { width: 0, height: 0 }
    return toCoco(this.annotations, { ontology: this.#ontology, width, height, fileName: 'image', ...options })
  }

  // Suggestions

  /** What models propose, whatever became of it, the surest first; annotations are what was accepted. */
  suggestions(filter: SuggestionFilter = {}): Suggestion[] {
    const engine = this.#alive()
    checkObject(filter, 'suggestions(): filter')
    checkPlain(filter, 'filter')
    return engine.suggestions(filter)
  }

  /**
   * Proposes, in the place of what the same model proposed before and nobody has decided about; returns
   * the ids, under which accepted ones become annotations.
   */
  suggest(suggestions: readonly NewSuggestion[], options: SuggestOptions = {}): string[] {
    const engine = this.#alive()
    checkList(suggestions, 'suggest(): suggestions')
    checkPlain(suggestions, 'suggestions')
    checkObject(options, 'suggest(): options')
    checkPlain(options, 'options')
    return engine.suggest(suggestions as NewSuggestion[], options)
  }

  /**
   * What ONNX files are, by addresses or as bytes: the layout, the classes, and the `spec` that
   * {@link detect} takes; `ok: false` with a `message` where they cannot be run.
   */
  async inspectModel(files: readonly (string | Uint8Array)[]): Promise<Record<string, unknown>> {
    const engine = this.#alive()
    checkList(files, 'inspectModel(): files')
    for (const file of files) {
      if (!(file instanceof Uint8Array)) checkText(file, 'inspectModel(): file')
    }
    return engine.inspectModel([...files])
  }

  /**
   * Runs a model on the photograph, in a worker of the page, and proposes what it sees; the ids.
   * `onProgress` hears how many of the model's bytes have come.
   */
  async detect(
    options: DetectOptions,
    { onProgress }: { onProgress?: (received: number, total: number) => void } = {},
  ): Promise<string[]> {
    const engine = this.#alive()
    checkObject(options, 'detect(): options')
    checkPlain(options, 'options')
    return engine.detect(options, onProgress)
  }

  /**
   * Proposes what is like an annotation in the photograph, by the smart tool's model, and returns the
   * ids. Experimental.
   */
  async findSimilar(id: string): Promise<string[]> {
    const engine = this.#alive()
    checkText(id, 'findSimilar(): id')
    return engine.findSimilar(id)
  }

  /** Says of suggestions what becomes of them, as one step; `pending` takes a verdict back. */
  decide(ids: string | readonly string[], verdict: Verdict): void {
    const engine = this.#alive()
    checkText(verdict, 'decide(): verdict')
    engine.decide(idList(ids, 'decide()'), verdict)
  }

  /** Pending suggestions of at least this score are drawn and picked; 0 unless set. */
  get suggestionThreshold(): number {
    return this.#alive().suggestionThreshold
  }

  set suggestionThreshold(threshold: number) {
    checkNumber(threshold, 'suggestionThreshold', 0, 1)
    this.#alive().setSuggestionThreshold(threshold)
  }

  /** The suggestion that Enter accepts and Delete rejects. */
  get pickedSuggestion(): string | undefined {
    return this.#alive().pickedSuggestion
  }

  /** Picks a suggestion that is drawn, as a click does; without an id lets go. */
  pickSuggestion(id?: string): void {
    const engine = this.#alive()
    if (id !== undefined) checkText(id, 'pickSuggestion(): id')
    engine.pickSuggestion(id)
  }

  /** Picks the next suggestion that is drawn, the surest first, or the one before; so do Tab and Shift+Tab. */
  pickNextSuggestion({ backwards = false }: { backwards?: boolean } = {}): void {
    this.#alive().pickNextSuggestion(backwards)
  }

  // Selection

  /** The ids of what is selected. */
  get selection(): string[] {
    return this.#alive().selection()
  }

  select(ids: string | readonly string[]): void {
    this.#alive().select(idList(ids, 'select()'))
  }

  // Doing

  undo(): void {
    this.#alive().undo()
  }

  redo(): void {
    this.#alive().redo()
  }

  get canUndo(): boolean {
    return this.#alive().canUndo
  }

  get canRedo(): boolean {
    return this.#alive().canRedo
  }

  /** Deletes what is selected. */
  deleteSelection(): void {
    this.#alive().deleteSelection()
  }

  /** Does something with what is selected, as one step; why it did nothing comes as a `notice`. */
  run(command: Command): void {
    const engine = this.#alive()
    checkPlain(command, 'command')
    engine.run(command)
  }

  /** What is selected, to {@link paste} here, or into another annotator of any image size. */
  copy(): CopiedAnnotations | undefined {
    this.#clipboard = this.#alive().copy() ?? this.#clipboard
    return this.#clipboard
  }

  /** Adds what was copied, and selects it. */
  paste(clipboard: CopiedAnnotations | undefined = this.#clipboard): void {
    const engine = this.#alive()
    if (clipboard === undefined) return
    checkPlain(clipboard, 'clipboard')
    engine.paste(clipboard)
  }

  /** Keys while the focus is in the annotator, over the built-in ones; `false` for none at all. */
  setHotkeys(hotkeys: Readonly<Record<string, Action | null>> | false): void {
    this.#alive()
    this.#keymap = keymap(hotkeys, 'setHotkeys()')
    this.#ui.update(this)
  }

  /** @internal */
  get keymap(): Keymap {
    return this.#keymap
  }

  /** Does what a hotkey or a button stands for. */
  act(action: Action): void {
    this.#alive()
    if (typeof action === 'function') return action(this)
    const [name, value] = split(action)
    switch (name) {
      case 'tool':
        this.tool = value as ToolName
        break
      case 'label':
        this.label = value
        break
      case 'undo':
        return this.undo()
      case 'redo':
        return this.redo()
      case 'delete':
        return this.deleteSelection()
      case 'duplicate':
        return this.run({ command: 'duplicate' })
      case 'copy':
        this.copy()
        break
      case 'paste':
        return this.paste()
      case 'zoom-in':
        return this.zoomBy(1.25)
      case 'zoom-out':
        return this.zoomBy(0.8)
      case 'zoom-fit':
        return this.zoomToFit()
      case 'zoom-actual':
        return this.zoomToActual()
      default:
        throw new TypeError(`act(): there is no action “${action}”`)
    }
  }

  /** Shows and selects, and lets nobody edit; `load` and `loadCoco` still replace what is there. */
  get readonly(): boolean {
    return this.#readonly
  }

  set readonly(value: boolean) {
    this.#readonly = Boolean(value)
    this.#alive().setReadOnly(this.#readonly)
    this.#ui.update(this)
  }

  // The view

  zoomBy(factor: number): void {
    checkNumber(factor, 'zoomBy(): factor', 1e-6, 1e6)
    this.#alive().zoomBy(factor)
  }

  /** Shows the whole photograph. */
  zoomToFit(): void {
    this.#alive().zoomToFit()
  }

  /** One pixel of the photograph for each pixel of the screen. */
  zoomToActual(): void {
    this.#alive().zoomToActual()
  }

  /** Shows these annotations with some room around them. */
  zoomTo(ids: string | readonly string[]): void {
    this.#alive().zoomTo(idList(ids, 'zoomTo()'))
  }

  /** Moves the photograph by CSS pixels. */
  panBy(x: number, y: number): void {
    checkNumber(x, 'panBy(): x', -1e9, 1e9)
    checkNumber(y, 'panBy(): y', -1e9, 1e9)
    this.#alive().panBy(x, y)
  }

  /** CSS pixels per pixel of the photograph. */
  get scale(): number {
    return this.#alive().scale
  }

  /** The part of the photograph's plane that is in view. */
  get visible(): Region {
    const [x = 0, y = 0, width = 0, height = 0] = this.#alive().visible()
    return { x, y, width, height }
  }

  /** How the photograph is shown. */
  get view(): ViewOptions {
    return this.#alive().view()
  }

  /** Changes the named options and leaves the others. */
  setView(view: Partial<ViewOptions>): void {
    const engine = this.#alive()
    checkObject(view, 'setView(): view')
    checkPlain(view, 'view')
    engine.setView(view)
  }

  setTheme(theme: ThemeName): void {
    this.#alive()
    this.#ui.setTheme(theme)
  }

  /** Shows, or hides, the toolbar; a list names the tools in their order. */
  setToolbar(toolbar: boolean | readonly ToolName[]): void {
    this.#alive()
    this.#ui.setToolbar(toolbar, this)
  }

  /** Reads the custom properties again, after the host page changed a style. */
  restyle(): void {
    this.#alive()
    this.#ui.applyTheme()
  }

  /** Puts the keyboard focus on the canvas. */
  focus(): void {
    this.#ui.canvas.focus()
  }

  /** The photograph with its annotations as PNG. */
  async exportPng(options: PngOptions = {}): Promise<Blob> {
    return exportPng(this.#alive(), this.#ui.canvas, options, () => this.#isDestroyed)
  }

  // Other people

  /**
   * Joins a room; the annotations here are replaced by the room's.
   *
   * Connecting, and connecting again after a loss, happens in the background: see {@link saveState}.
   */
  connect(options: SyncOptions): void {
    const engine = this.#alive()
    engine.connect(connection(options))
    engine.setReadOnly(this.#readonly)
  }

  /** Leaves the room; the annotations stay as they are here. */
  disconnect(): void {
    this.#alive().leave()
  }

  get saveState(): SaveState {
    return this.#alive().saveState as SaveState
  }

  /** Edits that the server does not have yet. */
  get pendingEdits(): number {
    return this.#alive().pendingEdits
  }

  /** The other people in the room. */
  get peers(): Peer[] {
    return this.#alive().peers()
  }

  /** The annotations as one Yjs update (v1): to store, or to merge elsewhere. */
  encodeState(): Uint8Array {
    return this.#alive().encodeState()
  }

  /** Merges a Yjs update (v1) in, as if it had come from the room. */
  applyUpdate(update: Uint8Array): void {
    const engine = this.#alive()
    if (!(update instanceof Uint8Array)) throw new TypeError('applyUpdate(): a Uint8Array is needed')
    engine.applyUpdate(update)
  }

  // Events and the end

  /** Calls back for events of one type until the returned function is called or `signal` ends. */
  on<T extends keyof AnnotatorEvents>(
    type: T,
    listener: (event: AnnotatorEvents[T]) => void,
    { signal }: { signal?: AbortSignal } = {},
  ): Unsubscribe {
    this.#alive()
    return this.#events.on(type, listener, signal)
  }

  /** `webgpu`, `webgl2`, or `none` while the graphics are being restored. */
  get backend(): string {
    return this.#alive().backend
  }

  /** The canvas, for what this class has no word for. */
  get canvas(): HTMLCanvasElement {
    return this.#ui.canvas
  }

  /** What a bug report wants to know. */
  debugState(): Record<string, unknown> {
    const engine = this.#alive()
    return { ...(JSON.parse(engine.debugState()) as object), memory_bytes: engine.memoryBytes }
  }

  get isDestroyed(): boolean {
    return this.#isDestroyed
  }

  /** Leaves the room, ends every listener, and gives memory and graphics back; calling it again does nothing. */
  destroy(): void {
    if (this.#isDestroyed) return
    this.#isDestroyed = true
    this.#events.emit('destroy', { type: 'destroy' })
    this.#life.abort()
    this.engine.destroy()
    // A listener of the page may have called this, and then the engine is still at work.
    queueMicrotask(() => this.engine.free())
    this.#ui.remove()
    this.#events.clear()
  }

  /** Says that something failed that nobody waits for. @internal */
  failed(where: string, error: unknown): void {
    if (this.#isDestroyed) return
    const { message } = at(where, error)
    this.#ui.say(message, 'error')
    this.#events.emit('error', { type: 'error', message, error })
  }

  #later(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.failed('src', error))
  }

  #took(event: AnnotatorEvent): void {
    if (this.#isDestroyed) return
    this.#ui.took(event, this)
    this.#events.emit(event.type, event as never)
  }

  #alive(): Engine {
    if (this.#isDestroyed) throw new Error('this annotator was destroyed')
    return this.engine
  }
}

/** Puts an annotator into an element, which gives it its size; it fills the element. */
export function mount(target: HTMLElement, options?: MountOptions): Promise<Annotator> {
  if (!(target instanceof HTMLElement)) throw new TypeError('mount(): the target is no element')
  return Annotator.mount(target, options)
}

function idList(ids: string | readonly string[], where: string): string[] {
  const list = typeof ids === 'string' ? [ids] : ids
  checkList(list, `${where}: ids`)
  list.forEach((id, index) => checkText(id, `${where}: ids[${index}]`))
  return [...(list as string[])]
}

function split(action: string): [string, string] {
  const colon = action.indexOf(':')
  return colon < 0 ? [action, ''] : [action.slice(0, colon), action.slice(colon + 1)]
}
