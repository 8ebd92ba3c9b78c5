// What a document of many boxes weighs in WebAssembly: taken in by a newcomer, after each box got
// another geometry once, and taken in again by the next newcomer. One line of JSON for each.
//
//   VISIONFLOW_BUDGET_MODULE  crates/document/examples/budget.rs, built for wasm32
//
// node bench/document.mjs [--boxes 100000]
import { readFileSync } from 'node:fs'

const at = process.argv.indexOf('--boxes')
const sizes = at < 0 ? [10_000, 100_000] : [Number(process.argv[at + 1])]
const loads = sizes.flatMap((boxes) => [0, 1].map((attributes) => ({ boxes, attributes })))
const module = new WebAssembly.Module(readFileSync(process.env.VISIONFLOW_BUDGET_MODULE))

for (const load of loads) {
  const writer = instance()
  writer.draw(load.boxes, load.attributes)
  const first = newcomer(saved(writer))
  report(load, 'taken in', first)
  const began = performance.now()
  first.wasm.edit_each()
  report(load, 'each geometry edited once', { ...first, ms: performance.now() - began })
  report(load, 'taken in after the edits', newcomer(saved(first.wasm)))
}

function instance() {
  let wasm
  const imports = {}
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (kind !== 'function') throw new Error(`the module wants ${from}.${name}`)
    imports[from] ??= {}
    // Randomness for hash tables is all that is asked of a browser here.
    const random = name.includes('getRandomValues')
    imports[from][name] = (at, length) => {
      if (!random) throw new Error(`${from}.${name} was called`)
      crypto.getRandomValues(new Uint8Array(wasm.memory.buffer, at, length))
    }
  }
  wasm = new WebAssembly.Instance(module, imports).exports
  return wasm
}

function saved(wasm) {
  const length = wasm.save()
  return new Uint8Array(wasm.memory.buffer, wasm.bytes(), length).slice()
}

function newcomer(update) {
  const wasm = instance()
  const place = wasm.reserve(update.length)
  new Uint8Array(wasm.memory.buffer).set(update, place)
  const began = performance.now()
  wasm.load()
  return { wasm, update, ms: performance.now() - began }
}

function report(load, state, { wasm, update, ms }) {
  const memory = wasm.memory.buffer.byteLength
  const line = { bench: 'document', ...load, state, ms: Math.round(ms), update_bytes: update.length, memory_bytes: memory }
  console.log(JSON.stringify(line))
}
