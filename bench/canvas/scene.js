// What both pages draw, and how both are measured: the same boxes, the same camera path.
export const IMAGE = 4096
export const COLORS = ['#e6194b', '#3cb44b', '#ffe119', '#4363d8', '#f58231', '#911eb4']

const query = new URLSearchParams(location.search)
export const COUNT = Number(query.get('n') ?? 1000)
export const FRAMES = Number(query.get('frames') ?? 60)

/** A small seeded generator (mulberry32). */
function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** `x, y, width, height` of every box. */
export function boxes(count = COUNT) {
  const next = random(7)
  const list = new Float64Array(count * 4)
  for (let i = 0; i < count; i++) {
    const width = 10 + next() * 60
    const height = 10 + next() * 60
    list.set([next() * (IMAGE - width), next() * (IMAGE - height), width, height], i * 4)
  }
  return list
}

export const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve))

/** Pans frame by frame; `draw(i)` returns the main-thread milliseconds of frame i. */
export async function pan(draw) {
  const work = []
  const interval = []
  for (let i = 0; i < Math.min(5, FRAMES / 4); i++) {
    await nextFrame()
    draw(i)
  }
  let last = await nextFrame()
  for (let i = 0; i < FRAMES; i++) {
    work.push(draw(i))
    const now = await nextFrame()
    interval.push(now - last)
    last = now
  }
  return { work: summary(work), frame: summary(interval) }
}

export function summary(samples) {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
  return { p50: at(0.5), p95: at(0.95), max: at(1) }
}

export function finish(result) {
  window.__result = result
}

export function fail(error) {
  window.__result = { error: String(error?.stack ?? error) }
}
