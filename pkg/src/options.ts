// What an embedder chooses.
import type { AssistFiles, Backend, NewAnnotation, Ontology, ToolName, ToolSettings, ViewOptions } from './types.js'
import type { ImageSource } from './image.js'
import type { Action } from './hotkeys.js'
import type { WasmSource } from './wasm-source.js'
import type { SyncOptions } from './sync.js'
import type { Words } from './words.js'

/** `auto` follows the person's system. */
export type ThemeName = 'light' | 'dark' | 'auto'

/** Options of {@link mount}; every one of them may be missing. */
export interface MountOptions {
  /** The photograph to open; see {@link Annotator.openImage}. */
  src?: ImageSource
  /** The labels that annotations may have. */
  ontology?: Ontology
  /** Annotations to begin with; they are no step that can be undone. */
  annotations?: readonly NewAnnotation[]
  /** The tool to begin with; `select` unless chosen. */
  tool?: ToolName
  /** The label of what is drawn; the ontology's first unless chosen. */
  label?: string
  /** Shows and selects, and changes nothing. */
  readonly?: boolean
  theme?: ThemeName
  /** WebGPU where it works, otherwise WebGL2, unless forced. */
  backend?: Backend
  /** The built-in toolbar: `false` for none, a list for these tools in this order. */
  toolbar?: boolean | readonly ToolName[]
  /** The line below the canvas that tells what can be done next; there unless there is no toolbar. */
  hints?: boolean
  /** Words in place of the English ones, by key: another language, other sentences; see `ENGLISH_WORDS`. */
  words?: Words
  /** Keys beside or instead of the built-in ones; see {@link Annotator.setHotkeys}. */
  hotkeys?: Readonly<Record<string, Action | null>> | false
  /** What the tools are set to: brush radius, tolerance, snapping, text size. */
  settings?: Partial<ToolSettings>
  /** How the photograph is shown: brightness, contrast, grid, crosshair, names. */
  view?: Partial<ViewOptions>
  /** Joins a room of a y-websocket server; see {@link Annotator.connect}. */
  sync?: SyncOptions
  /**
   * The smart tool: Segment Anything in this browser, loaded when it is first used (22 MB). `false`
   * for none; addresses for files that do not lie beside the script.
   */
  assist?: boolean | Partial<AssistFiles>
  /** The accessible name of the canvas; “Image annotation” unless chosen. */
  name?: string
  /** Where `engine_bg.wasm` is, when it does not lie beside the script; the page's first mount counts. */
  wasm?: WasmSource
}
