// Types for React 19 and later, which knows custom elements: `import '@visionflow/annotator/react'`
// beside `@visionflow/annotator/element`. Without React on the page this file is empty.
import type { VisionflowAnnotatorElement } from './element.js'
import type { Annotator, AnnotatorEvents } from './annotator.js'
import type { MountOptions, ThemeName } from './options.js'
import type { Backend, NewAnnotation, Ontology } from './types.js'

type Handlers = { [T in keyof AnnotatorEvents as `on${T}`]?: (event: CustomEvent<AnnotatorEvents[T]>) => void }

/** What `<visionflow-annotator>` takes in JSX. */
export interface VisionflowAnnotatorProps extends Handlers {
  src?: string
  tool?: string
  label?: string
  theme?: ThemeName
  backend?: Backend
  readonly?: boolean
  toolbar?: string
  name?: string
  wasm?: string
  ontology?: Ontology
  annotations?: readonly NewAnnotation[]
  options?: MountOptions
  onready?: (event: CustomEvent<Annotator>) => void
  id?: string
  className?: string
  style?: object
  children?: never
  key?: string | number
  ref?: { current: VisionflowAnnotatorElement | null } | ((element: VisionflowAnnotatorElement | null) => void)
}
