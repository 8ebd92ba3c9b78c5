import { mount, uuid, type Ontology } from '@visionflow/annotator'

const car = uuid()
const ontology: Ontology = {
  version: 1,
  labels: [
    { id: car, name: 'Car', color: '#e5484d' },
    { id: uuid(), name: 'Tree', color: '#30a46c' },
  ],
}

const annotator = await mount(document.getElementById('annotator')!, {
  src: 'photo.png',
  ontology,
  annotations: [{ label: car, shape: { type: 'box', box: [208, 268, 124, 94] } }],
  hotkeys: { s: (annotator) => annotator.exportPng().then((png) => save(png, 'annotated.png')) },
})

const count = document.getElementById('count')!
const show = () => (count.textContent = `${annotator.annotationCount} annotations`)
annotator.on('change', show)
show()

document.getElementById('png')!.addEventListener('click', async () => {
  save(await annotator.exportPng({ scale: 2 }), 'annotated.png')
})
document.getElementById('coco')!.addEventListener('click', async () => {
  const { dataset, notes } = await annotator.toCoco({ fileName: 'photo.png' })
  for (const note of notes) console.warn(note)
  save(new Blob([JSON.stringify(dataset)], { type: 'application/json' }), 'annotations.json')
})

function save(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
