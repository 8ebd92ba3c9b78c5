// What a browser's processes hold, from /proc: anonymous and shared memory, not the program's own files.
import { readdirSync, readFileSync } from 'node:fs'

/** Samples the browser that this process started, until `stop` answers with the most of each kind above the start, in bytes. */
export function watchMemory(every = 40) {
  if (process.platform !== 'linux') return { stop: () => ({}) }
  const start = held()
  const most = { ...start }
  const timer = setInterval(() => {
    for (const [kind, bytes] of Object.entries(held())) most[kind] = Math.max(most[kind] ?? 0, bytes)
  }, every)
  const stop = () => {
    clearInterval(timer)
    return Object.fromEntries(Object.entries(most).map(([kind, bytes]) => [`${kind}_bytes`, bytes - (start[kind] ?? 0)]))
  }
  return { stop }
}

/** Bytes by the kind of process: `renderer` (with its workers), `gpu` and `browser`. */
function held() {
  const kinds = { renderer: 0, gpu: 0, browser: 0 }
  for (const pid of descendants()) {
    try {
      const type = /--type=([\w-]+)/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[1] ?? 'browser'
      const kind = { renderer: 'renderer', 'gpu-process': 'gpu', browser: 'browser' }[type]
      if (!kind) continue
      const status = readFileSync(`/proc/${pid}/status`, 'utf8')
      for (const name of ['RssAnon', 'RssShmem']) kinds[kind] += Number(new RegExp(`${name}:\\s*(\\d+) kB`).exec(status)?.[1] ?? 0) * 1024
    } catch {
      // It ended meanwhile.
    }
  }
  return kinds
}

function descendants() {
  const parents = new Map()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      parents.set(name, stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    } catch {
      // It ended meanwhile.
    }
  }
  const ours = (pid) => pid !== undefined && (pid === String(process.pid) || ours(parents.get(pid)))
  return [...parents.keys()].filter((pid) => pid !== String(process.pid) && ours(pid))
}
