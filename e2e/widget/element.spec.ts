// The web component: attributes, properties, events, and what happens when the page moves it.
import { CAR, TREE, expect, ONTOLOGY, test } from './support/test'

type Element = import('@visionflow/annotator/element').VisionflowAnnotatorElement

test('attributes, properties and events', async ({ blank }) => {
  const result = await blank.evaluate(
    async ([ontology, CAR]) => {
      // Properties set before the element is defined count too.
      document.body.innerHTML = '<visionflow-annotator id="a" src="photo.png" tool="box" theme="light" toolbar="select box" name="Mine" style="height: 300px"></visionflow-annotator>'
      const element = document.getElementById('a') as Element
      element.ontology = ontology
      element.annotations = [{ label: CAR, shape: { type: 'tag' } }]
      const heard: string[] = []
      for (const type of ['ready', 'change', 'tool', 'error', 'image']) element.addEventListener(type, () => heard.push(type))
      await import(new URL('./node_modules/@visionflow/annotator/dist/element.js', location.href).href)
      const annotator = await element.ready
      await new Promise<void>((resolve) => (annotator.imageSize ? resolve() : element.addEventListener('image', () => resolve(), { once: true })))
      const begun = { count: element.annotations.length, labels: element.ontology?.labels.length, tool: annotator.tool }
      element.setAttribute('tool', 'polygon')
      element.setAttribute('readonly', '')
      const changed = { tool: annotator.tool, readonly: annotator.readonly }
      element.removeAttribute('readonly')
      element.setAttribute('tool', 'laser')
      element.setAttribute('src', 'nowhere.png')
      await new Promise((resolve) => element.addEventListener('error', resolve, { once: true }))
      element.annotations = []
      return { begun, changed, after: annotator.tool, heard, buttons: element.shadowRoot!.querySelectorAll('button[aria-pressed]').length, name: annotator.canvas.getAttribute('aria-label') }
    },
    [ONTOLOGY, CAR] as const,
  )
  expect(result).toMatchObject({
    begun: { count: 1, labels: 2, tool: 'box' },
    changed: { tool: 'polygon', readonly: true },
    after: 'polygon',
    buttons: 2,
    name: 'Mine',
  })
  for (const type of ['ready', 'image', 'tool', 'error', 'change']) expect(result.heard).toContain(type)
})

test('moved, taken away and put back', async ({ blank }) => {
  const result = await blank.evaluate(
    async ([ontology, CAR]) => {
      await import(new URL('./node_modules/@visionflow/annotator/dist/element.js', location.href).href)
      const element = document.createElement('visionflow-annotator') as Element
      element.style.height = '200px'
      element.options = { annotations: [{ label: CAR, shape: { type: 'box', box: [5, 6, 7, 8] } }], ontology }
      document.body.append(element)
      // Set while the engine is still loading.
      element.ontology = ontology
      const first = await element.ready
      first.remove(first.annotations[0]!.id)
      first.setOntology({ ...ontology, labels: [...ontology.labels, { id: window.package.uuid(), name: 'Boat', color: '#0090ff' }] })
      first.add({ label: CAR, shape: { type: 'box', box: [1, 2, 3, 4] } })
      const place = document.createElement('main')
      document.body.append(place)
      place.append(element)
      await new Promise((resolve) => setTimeout(resolve))
      const moved = element.annotator === first
      element.remove()
      await new Promise((resolve) => setTimeout(resolve))
      const gone = { destroyed: first.isDestroyed, canvas: element.shadowRoot!.querySelector('canvas') === null }
      document.body.append(element)
      const second = await element.ready
      return { moved, gone, other: second !== first, shapes: second.annotations.map((annotation) => annotation.shape), labels: second.ontology.labels.length, label: second.label }
    },
    [ONTOLOGY, CAR] as const,
  )
  expect(result).toEqual({
    moved: true,
    gone: { destroyed: true, canvas: true },
    other: true,
    shapes: [{ type: 'box', box: [1, 2, 3, 4] }],
    labels: 3,
    label: CAR,
  })
})

test('put back after its label was taken away, and with other options', async ({ blank }) => {
  const result = await blank.evaluate(
    async ([ontology, CAR, TREE]) => {
      await import(new URL('./node_modules/@visionflow/annotator/dist/element.js', location.href).href)
      const element = document.createElement('visionflow-annotator') as Element
      const putBack = async () => {
        element.remove()
        await new Promise((resolve) => setTimeout(resolve))
        document.body.append(element)
        return element.ready
      }
      element.setAttribute('label', CAR)
      element.options = { ontology }
      document.body.append(element)
      const first = await element.ready
      first.setOntology({ ...ontology, labels: ontology.labels.filter(({ id }) => id === TREE) })
      const second = await putBack()
      const kept = { labels: second.ontology.labels.length, label: second.label }
      element.options = { ontology: { ...ontology } }
      const third = await putBack()
      return { kept, labels: third.ontology.labels.length, label: third.label }
    },
    [ONTOLOGY, CAR, TREE] as const,
  )
  expect(result).toEqual({ kept: { labels: 1, label: TREE }, labels: 2, label: CAR })
})

test('an engine that cannot be loaded says why, and may be tried again', async ({ blank }) => {
  const result = await blank.evaluate(async () => {
    const place = document.createElement('div')
    document.body.append(place)
    const message = (error: Error) => error.message
    const missing = await window.package.mount(place, { wasm: 'nowhere.wasm' }).then(() => 'mounted', message)
    const left = place.childElementCount
    const again = await window.package.mount(place, { backend: 'webgl2' })
    return { missing, left, backend: again.backend }
  })
  expect(result).toEqual({ missing: expect.stringContaining('the WebAssembly module could not be loaded'), left: 0, backend: 'webgl2' })
})
