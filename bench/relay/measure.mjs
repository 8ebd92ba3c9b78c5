// What the loads share: clocks, quantiles, and the documents that they write.
import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { cpu } from '../process.mjs'

export const Y = createRequire(join(process.env.VISIONFLOW_BENCH_MODULES, 'package.json'))('yjs')

export const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

export const stamp = () => Number(performance.now().toFixed(3))

export function quantile(sorted, part) {
  return sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] : undefined
}

export function round(value, digits = 2) {
  return value === undefined ? undefined : Number(value.toFixed(digits))
}

/** Until `holds()`, looking every few milliseconds; throws after two minutes. */
export async function until(what, holds) {
  const limit = performance.now() + 120_000
  while (!holds()) {
    if (performance.now() > limit) throw new Error(`it did not happen in two minutes: ${what}`)
    await rest(5)
  }
}

/** The CPU time of `pid` and of its children since this call, in milliseconds. */
export function cpuSince(pid) {
  const before = cpu(pid)
  return () => {
    const now = cpu(pid)
    return { server: now.server - before.server, children: now.children - before.children }
  }
}

/** A document whose updates are collected one by one. */
export function author(label) {
  const doc = new Y.Doc()
  const updates = []
  doc.on('update', (update) => updates.push(update))
  const records = doc.getMap('annotations')
  const put = (id, at) =>
    records.set(id, { v: 1, kind: 'box', label, geometry: [at % 1000, at % 700, 30, 20], z: 0, attributes: {} })
  const draw = (at) => {
    const id = randomUUID()
    put(id, at)
    return id
  }
  const move = put
  const take = () => updates.splice(0)
  return { doc, records, draw, move, take }
}
