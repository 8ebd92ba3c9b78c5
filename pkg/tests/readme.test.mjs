// The README holds what it promises: its snippets are sound, and it names everything public.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const pkg = fileURLToPath(new URL('..', import.meta.url))
const readme = readFileSync(join(pkg, 'README.md'), 'utf8')
const blocks = (language) => [...readme.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, 'gm'))].map((match) => match[1])

test('the snippets are sound TypeScript', () => {
  const folder = mkdtempSync(join(tmpdir(), 'visionflow-readme-'))
  try {
    const snippets = blocks('ts')
    assert.ok(snippets.length >= 5)
    snippets.forEach((text, index) => writeFileSync(join(folder, `snippet-${index}.ts`), `${text}\nexport {}\n`))
    const compilerOptions = {
      target: 'ES2022', lib: ['ES2022', 'DOM', 'DOM.Iterable'], module: 'ESNext', moduleResolution: 'bundler',
      strict: true, noEmit: true, types: [],
      paths: { '@visionflow/annotator': [join(pkg, 'dist/index.d.ts')], '@visionflow/annotator/*': [join(pkg, 'dist/*.d.ts')] },
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
    execFileSync(join(pkg, '../node_modules/.bin/tsc'), ['--project', folder], { encoding: 'utf8' })
  } catch (error) {
    throw new Error(error.stdout ?? error.message)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('the snippet for React is the example’s', () => {
  const example = readFileSync(join(pkg, 'examples/react/src/main.tsx'), 'utf8')
  for (const line of blocks('tsx').join('').split('\n')) assert.ok(example.includes(line), line)
})

test('every public member, option, event and property is named', () => {
  const types = (name) => readFileSync(join(pkg, `dist/${name}.d.ts`), 'utf8')
  const body = (text, start) => text.slice(text.indexOf(start)).split('\n}')[0]
  const members = [...body(types('annotator'), 'export declare class Annotator').matchAll(/^ {4}(?:get |set |readonly )?(\w+)[(<:?]/gm)].map((match) => match[1])
  const options = [...body(types('options'), 'export interface MountOptions').matchAll(/^ {4}(\w+)\?/gm)].map((match) => match[1])
  const events = [...types('types').split('export type ').find((text) => text.startsWith('AnnotatorEvent')).matchAll(/"type": "(\w+)"/g)].map((match) => match[1])
  const properties = [...readFileSync(join(pkg, 'src/styles.ts'), 'utf8').matchAll(/var\((--vf-\w+(?:-\w+)*)/g)].map((match) => match[1])
  for (const [kind, names] of Object.entries({ members, options, events, properties })) {
    assert.ok(names.length > 5, `${kind} were found`)
    for (const name of new Set(names)) {
      if (name === 'constructor') continue
      assert.match(readme, new RegExp(`\`[^\`]*${name}\\b[^\`]*\``), `${kind}: ${name}`)
    }
  }
})
