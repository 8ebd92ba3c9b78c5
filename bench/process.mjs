// What a server costs, from /proc. A tick is a hundredth of a second.
import { readFileSync, readdirSync } from 'node:fs'

const MS_PER_TICK = 10

/** CPU time of the process itself and of everything it has started (its Postgres), in milliseconds. */
export function cpu(pid) {
  const all = processes()
  const of = (one) => one.cpu * MS_PER_TICK
  let children = 0
  const under = new Set([pid])
  // A child has a higher number than its parent but for a wrapped counter: go on until nothing is found.
  for (let found = true; found; ) {
    found = false
    for (const [id, one] of all) {
      if (under.has(id) || !under.has(one.parent)) continue
      under.add(id)
      children += of(one) + one.ended * MS_PER_TICK
      found = true
    }
  }
  return { server: of(all.get(pid)), children }
}

/** What the process holds in memory, in bytes. */
export function resident(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024
}

function processes() {
  const all = new Map()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').pop().split(' ').map(Number)
      all.set(Number(name), { parent: fields[1], cpu: fields[11] + fields[12], ended: fields[13] + fields[14] })
    } catch {
      // It has ended meanwhile.
    }
  }
  return all
}
