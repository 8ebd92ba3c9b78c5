// What every page draws and how every page is measured: the same shapes, the same camera path, the
// same clicks. A page hands `measure` an object with what its library does.
export const COLORS = ['#e6194b', '#3cb44b', '#ffe119', '#4363d8', '#f58231', '#911eb4']
export const VERTICES = 20

const query = new URLSearchParams(location.search)
export const COUNT = Number(query.get('n') ?? 1000)
export const FRAMES = Number(query.get('frames') ?? 60)
/** `boxes`, `polygons`, or `grid`: boxes so far apart that as many are in view whatever their number. */
export const KIND = query.get('kind') ?? 'boxes'
/** The image's side in pixels. */
export const IMAGE = KIND === 'grid' ? Math.ceil(Math.sqrt(COUNT)) * 40 : 4096

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
  const side = Math.ceil(Math.sqrt(count))
  for (let i = 0; i < count; i++) {
    if (KIND === 'grid') {
      list.set([(i % side) * 40, Math.floor(i / side) * 40, 30, 30], i * 4)
      continue
    }
    const width = 10 + next() * 60
    const height = 10 + next() * 60
    list.set([next() * (IMAGE - width), next() * (IMAGE - height), width, height], i * 4)
  }
  return list
}

/** `x, y` of the twenty vertices of every polygon: stars with uneven rays inside the boxes. */
export function polygons(count = COUNT) {
  const next = random(11)
  const frames = boxes(count)
  const list = new Float64Array(count * VERTICES * 2)
  for (let i = 0; i < count; i++) {
    const [x, y, width, height] = frames.subarray(i * 4, i * 4 + 4)
    for (let k = 0; k < VERTICES; k++) {
      const angle = (k / VERTICES) * 2 * Math.PI
      const radius = (k % 2 ? 0.3 : 0.4) + next() * 0.1
      const at = (i * VERTICES + k) * 2
      list[at] = x + width * (0.5 + radius * Math.cos(angle))
      list[at + 1] = y + height * (0.5 + radius * Math.sin(angle))
    }
  }
  return list
}

/** The middle of shape `i`, in image pixels. */
export function middle(i) {
  const [x, y, width, height] = boxes(COUNT).subarray(i * 4, i * 4 + 4)
  return [x + width / 2, y + height / 2]
}

export const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve))

/** Main-thread milliseconds of `work`. */
export function timed(work) {
  const start = performance.now()
  work()
  return performance.now() - start
}

/**
 * Loads, pans, zooms, clicks and drags.
 *
 * `library` has: `load()`, which ends with a drawn frame; `pan(x, y)`, `zoom(factor)` around the
 * middle of the view, both drawing; `click(x, y)` in CSS pixels, which selects and draws, and says
 * whether something was hit; `grab(x, y)`, `move(x, y)`, `drop(x, y)`, each drawing; `screen(x, y)`,
 * from image to CSS pixels.
 */
export async function measure(library) {
  await nextFrame()
  const load = await timedAsync(() => library.load())
  await nextFrame()
  const pan = await frames((i) => library.pan(i % 2 ? 2 : -2, 1))
  const zoom = await frames((i) => library.zoom(i < FRAMES / 2 ? 1.05 : 1 / 1.05))
  const clicks = []
  let hits = 0
  const tries = Math.max(2, Math.min(20, FRAMES))
  for (let i = 0; i < tries; i++) {
    const shape = Math.floor((i + 0.5) * (COUNT / tries))
    const [x, y] = library.screen(...middle(shape))
    clicks.push(timed(() => (hits += library.click(x, y) ? 1 : 0)))
    await nextFrame()
  }
  // The last shape lies on top of all: nothing is in the way of grabbing it.
  const [x, y] = library.screen(...middle(COUNT - 1))
  const begin = timed(() => library.grab(x, y))
  await nextFrame()
  const moves = await frames((i) => library.move(x + i, y + i))
  const end = timed(() => library.drop(x + FRAMES, y + FRAMES))
  return {
    load_ms: load,
    pan: pan.work,
    frame: pan.interval,
    zoom: zoom.work,
    click: summary(clicks),
    clicks_hit: hits / tries,
    drag_move: moves.work,
    drag_ends_ms: begin + end,
  }
}

async function timedAsync(work) {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Frame by frame; the first few are not counted. */
export async function frames(draw) {
  const work = []
  const interval = []
  for (let i = 0; i < Math.min(5, FRAMES / 4); i++) {
    await nextFrame()
    draw(i)
  }
  let last = await nextFrame()
  for (let i = 0; i < FRAMES; i++) {
    work.push(timed(() => draw(i)))
    const now = await nextFrame()
    interval.push(now - last)
    last = now
  }
  return { work: summary(work), interval: summary(interval) }
}

export function summary(samples) {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
  return { p50: at(0.5), p95: at(0.95), max: at(1) }
}

export function finish(result) {
  window.__result = { count: COUNT, kind: KIND, ...result }
}

export function fail(error) {
  window.__result = { error: String(error?.stack ?? error) }
}
