import '@visionflow/annotator/element'
import type { VisionflowAnnotatorProps } from '@visionflow/annotator/react'
import { uuid, type Annotation, type Ontology } from '@visionflow/annotator'
import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'visionflow-annotator': VisionflowAnnotatorProps
    }
  }
}

const ontology: Ontology = {
  version: 1,
  labels: [
    { id: uuid(), name: 'Car', color: '#e5484d' },
    { id: uuid(), name: 'Tree', color: '#30a46c' },
  ],
}

/** One photograph to draw on, and beside it the same to look at. */
function App() {
  const [annotations, setAnnotations] = useState<Annotation[]>([])
  const [shows, setShows] = useState(true)
  return (
    <>
      <label>
        <input type="checkbox" checked={shows} onChange={(event) => setShows(event.target.checked)} /> Show the copy
      </label>{' '}
      <output aria-label="Count">{annotations.length} annotations</output>
      <div className="pair">
        <visionflow-annotator
          src="photo.png"
          tool="box"
          name="Original"
          ontology={ontology}
          onchange={(event) => {
            const element = event.currentTarget as HTMLElement & { annotations: Annotation[] }
            setAnnotations(element.annotations)
          }}
        />
        {shows && (
          <visionflow-annotator
            src="photo.png"
            name="Copy"
            toolbar="off"
            theme="light"
            readonly
            ontology={ontology}
            annotations={annotations}
          />
        )}
      </div>
    </>
  )
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
