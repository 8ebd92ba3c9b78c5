// Every export format, made by the real server, opened by pycocotools and datumaro.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Api } from '../support/api'
import { photo } from '../support/photos'
import { expect, test } from '../support/test'
import { unzip } from '../support/zip'

const FORMATS = ['coco', 'yolo_detect', 'yolo_segment', 'pascal_voc']

test('pycocotools and datumaro read every format with the same shapes', async ({ server }) => {
  const python = process.env.VISIONFLOW_PYTHON
  if (!python) throw new Error('VISIONFLOW_PYTHON is not set: run `cargo xtask test --only exports`')
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
    for (const [path, content] of await unzip(await api.export(project.id, format, true))) {
      expect(path, 'no path leaves the archive').not.toMatch(/^\/|(^|\/)\.\.(\/|$)/)
      const target = join(directory, format, path)
      mkdirSync(dirname(target), { recursive: true })
      writeFileSync(target, content)
    }
  }
  writeFileSync(join(directory, 'expected.json'), JSON.stringify({ images: expected }))
  const script = join(process.cwd(), 'e2e/exports/check.py')
  const check = spawn(python, [script, join(directory, 'expected.json'), directory])
  let output = ''
  for (const stream of [check.stdout, check.stderr]) stream.on('data', (text) => (output += text))
  const [code] = await once(check, 'close')
  expect(code, output).toBe(0)
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
