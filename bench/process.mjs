// What a server costs, from /proc. A tick is a hundredth of a second.
import { existsSync, readFileSync, readdirSync } from 'node:fs'

const MS_PER_TICK = 10

/**
 * CPU time of the process itself and of everything it has started (its Postgres), ended or not, in
 * milliseconds; NaN where there is no /proc.
 */
export function cpu(pid) {
  const all = processes()
  const root = all.get(pid)
  if (!root) return { server: NaN, children: NaN }
  let ticks = root.ended
  const below = new Set([pid])
  for (let grown = true; grown; ) {
    const more = [...all].filter(([id, { parent }]) => below.has(parent) && !below.has(id))
    grown = more.length > 0
    for (const [id, one] of more) {
      below.add(id)
      ticks += one.cpu + one.ended
    }
  }
  return { server: root.cpu * MS_PER_TICK, children: ticks * MS_PER_TICK }
}

/** What the process holds in memory, in bytes. */
export function resident(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024
}

function processes() {
  const all = new Map()
  const names = existsSync('/proc') ? readdirSync('/proc') : []
  for (const name of names) {
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
