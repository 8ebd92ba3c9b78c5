// Every export format, made by the real server, opened by pycocotools and datumaro.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Api, type Shape } from '../support/api'
import { photo } from '../support/photos'
import { expect, test } from '../support/test'
import { unzip } from '../support/zip'

const FORMATS = ['coco', 'yolo_detect', 'yolo_segment', 'pascal_voc']

test('pycocotools and datumaro read every format with the same shapes', async ({ server }) => {
  const { api } = await Api.signUp(server.url, 'Exporter')
  const { project, labels } = await api.createProject('Exports', ['car', 'traffic light', 'Füße, 足'])
  const expected: Record<string, { width: number; height: number; shapes: object[] }> = {}
  for (const [i, name] of ['plain.png', 'with space.png', 'Größe/日本 1.png'].entries()) {
    const picture = photo(name, 400 + i * 37, 300 + i * 11, i + 1)
    const image = await api.upload(project.id, picture)
    const shapes: { label: string; box?: number[]; polygon?: number[] }[] = []
    for (const [k, label] of labels.entries()) {
      const box: [number, number, number, number] = [10.25 + k * 50, 20.5 + i, 33.333 + k, 44.127]
      const ring = [200.1, 30.7 + k * 60, 290.9, 35.2 + k * 60, 260.456, 80.01 + k * 60, 215.5, 70 + k * 60]
      await api.annotate(image.id, label.id, { type: 'box', box })
      await api.annotate(image.id, label.id, { type: 'polygon', rings: [ring] })
      shapes.push({ label: label.name, box }, { label: label.name, polygon: ring })
    }
    expected[name] = { width: picture.width, height: picture.height, shapes }
  }

  const directory = mkdtempSync(join(tmpdir(), 'visionflow-exports-'))
  for (const format of FORMATS) {
    await unpack(await api.export(project.id, format, true), join(directory, format))
  }
  writeFileSync(join(directory, 'expected.json'), JSON.stringify({ images: expected }))
  await checked('check.py', join(directory, 'expected.json'), directory)
})

test('pycocotools and datumaro read masks, turned shapes and skeletons', async ({ server }) => {
  const { api } = await Api.signUp(server.url, 'Exporter')
  const { project, labels } = await api.createProject('Shapes', ['mask', 'rotated', 'ellipse', 'hand'])
  const path = `/api/v1/projects/${project.id}/ontology`
  const ontology = await api.call<{ labels: object[] }>('GET', path)
  const joint = (id: number, name: string) => ({ id, name, x: 0.5, y: 0.5 })
  const skeleton = { joints: [joint(4, 'wrist'), joint(2, 'thumb'), joint(9, 'palm')], edges: [[4, 2], [9, 4]] }
  ontology.labels[3] = { ...ontology.labels[3], skeleton }
  await api.call('PUT', path, ontology)
  const image = await api.upload(project.id, photo('shapes.png', 400, 300))
  const draw = (index: number, shape: Shape) => api.annotate(image.id, labels[index].id, shape)
  await draw(0, { type: 'mask', origin: [255, 6], size: [4, 3], runs: [0, 4, 1, 2, 2, 3] })
  const [cx, cy] = [120.5, 90.25]
  await draw(1, { type: 'rotated_box', center: [cx, cy], size: [40, 20], angle: Math.PI / 2 })
  await draw(2, { type: 'ellipse', center: [200, 150], radii: [60, 25], angle: 0 })
  const joints = [
    { id: 2, at: [20.5, 30.25], state: 'occluded' },
    { id: 4, at: [40, 50], state: 'visible' },
    { id: 9, at: [60, 70], state: 'absent' },
  ]
  await draw(3, { type: 'skeleton', joints })
  const expected = {
    mask: [[255, 6], [256, 6], [257, 6], [258, 6], [256, 7], [257, 7], [256, 8], [257, 8], [258, 8]],
    rotated: [cx + 10, cy - 20, cx + 10, cy + 20, cx - 10, cy + 20, cx - 10, cy - 20],
    ellipse: [200, 150, 60, 25],
    keypoints: [40, 50, 2, 20.5, 30.25, 1, 0, 0, 0],
    names: ['wrist', 'thumb', 'palm'],
    edges: [[1, 2], [3, 1]],
  }
  const directory = mkdtempSync(join(tmpdir(), 'visionflow-shapes-'))
  await unpack(await api.export(project.id, 'coco', true), directory)
  writeFileSync(join(directory, 'expected.json'), JSON.stringify(expected))
  await checked('shapes.py', join(directory, 'expected.json'), directory)
})

test('an export holds the state at its creation, and empty projects have one too', async ({ server }) => {
  const { api } = await Api.signUp(server.url, 'Exporter')
  const { project, labels } = await api.createProject('Empty', ['car'])
  expect((await unzip(await api.export(project.id, 'coco'))).size).toBeGreaterThan(0)
  const image = await api.upload(project.id, photo('one.png', 200, 100))
  await api.annotate(image.id, labels[0].id, { type: 'tag' })
  const zip = await unzip(await api.export(project.id, 'pascal_voc'))
  // What the format cannot hold is said inside the archive.
  const report = [...zip].find(([path]) => /report/i.test(path))
  expect(report, `a report among ${[...zip.keys()]}`).toBeTruthy()
  expect(report![1].toString('utf8')).toMatch(/tag/i)
})

async function unpack(archive: Uint8Array, directory: string): Promise<void> {
  for (const [path, content] of await unzip(archive)) {
    expect(path, 'no path leaves the archive').not.toMatch(/^\/|(^|\/)\.\.(\/|$)/)
    const target = join(directory, path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, content)
  }
}

/** Runs a script beside this file; it ends with 0 when everything is as it should be. */
async function checked(script: string, ...args: string[]): Promise<void> {
  const python = process.env.VISIONFLOW_PYTHON
  if (!python) throw new Error('VISIONFLOW_PYTHON is not set: run `cargo xtask test --only exports`')
  const check = spawn(python, [join(process.cwd(), 'e2e/exports', script), ...args])
  let output = ''
  for (const stream of [check.stdout, check.stderr]) stream.on('data', (text) => (output += text))
  const [code] = await once(check, 'close')
  expect(code, output).toBe(0)
}
