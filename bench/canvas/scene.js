// What every page draws and how every page is measured: the same shapes, the same camera path, the
// same clicks. A page hands `measure` an object with what its library does.
export const COLORS = ['#e6194b', '#3cb44b', '#ffe119', '#4363d8', '#f58231', '#911eb4']
export const VERTICES = 20

const query = new URLSearchParams(location.search)
export const COUNT = Number(query.get('n') ?? 1000)
export const FRAMES = Number(query.get('frames') ?? 60)
/** What takes seconds a frame gets fewer frames: so many milliseconds for each gesture. */
const LIMIT_MS = Number(query.get('limit') ?? 5000)
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
function boxes(count = COUNT) {
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
function polygons(count = COUNT) {
  const next = random(11)
  const list = new Float64Array(count * VERTICES * 2)
  for (let i = 0; i < count; i++) {
    const [x, y, width, height] = BOXES.subarray(i * 4, i * 4 + 4)
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

/** What every library is given: the shapes as one flat list. */
const BOXES = boxes()
export const SHAPES = KIND === 'polygons' ? polygons() : BOXES

/** `x, y, width, height` of the box around shape `i`, in image pixels. */
export const box = (i) => Array.from(BOXES.subarray(i * 4, i * 4 + 4))

/** The middle of shape `i`, in image pixels. */
export function middle(i) {
  const [x, y, width, height] = box(i)
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
 * `library` has: `start()`, after which it has drawn once, without a shape; `load(shapes)`, which ends
 * with a drawn frame; `fit()`, which shows the whole image; `pan(x, y)`, `zoom(factor)` around the
 * middle of the view; `click(x, y)` in CSS pixels, which selects; `selected()`, the box around what is
 * selected, in image pixels; `grab(x, y)`, `move(x, y)`, `drop(x, y)`; `undo()`, which puts back what
 * was dragged; all of these draw. `screen(x, y)` goes from image to CSS pixels.
 */
export async function measure(library) {
  await library.start()
  await nextFrame()
  const result = { load_ms: timed(() => library.load(SHAPES)) }
  progress(result)
  await nextFrame()
  const pan = await frames((i) => library.pan(i % 2 ? 2 : -2, 1))
  progress(Object.assign(result, { pan: pan.work, frame: pan.interval }))
  library.fit()
  const zoom = await frames((i) => library.zoom(i % 20 < 10 ? 1.05 : 1 / 1.05))
  progress(Object.assign(result, { zoom: zoom.work }))
  library.fit()
  progress(Object.assign(result, await clicks(library, 20)))
  progress(Object.assign(result, await drags(library)))
  return result
}

/** Clicks in the middle of shapes from the lowest to the topmost; what is selected must lie there, whichever of several. */
export async function clicks(library, tries) {
  const times = []
  let hits = 0
  const within = limit()
  while (times.length < tries && within(times.length)) {
    const shape = Math.floor((times.length + 0.5) * (COUNT / tries))
    const [x, y] = middle(shape)
    const frame = nextFrame()
    times.push(timed(() => library.click(...library.screen(x, y))))
    await frame
    hits += lies(library, library.selected(), [x, y]) ? 1 : 0
  }
  return { click: summary(times), clicks_hit: hits / times.length }
}

/** Picks the last shape up, which lies on top of all, moves and drops it, and takes that back. */
export async function drags(library) {
  const [x, y] = library.screen(...middle(COUNT - 1))
  const times = { grab: [], move: [], drop: [], undo: [] }
  const step = async (name, act) => {
    const frame = nextFrame()
    times[name].push(timed(act))
    await frame
  }
  const within = limit()
  for (let round = 0; round < 8 && (round === 0 || within(round)); round++) {
    await step('grab', () => library.grab(x, y))
    for (let i = 1; i <= 8 && (i <= 2 || within(i)); i++) await step('move', () => library.move(x + 2 * i, y + i))
    await step('drop', () => library.drop(x + 16, y + 8))
    await step('undo', () => library.undo())
  }
  const { grab, move, drop, undo } = times
  return { grab: summary(grab), drag_move: summary(move), drop: summary(drop), undo: summary(undo) }
}

/** Frame by frame; the first few are not counted. */
export async function frames(draw, count = FRAMES) {
  const work = []
  const interval = []
  const warm = limit()
  for (let i = 0; i < 4 && warm(i + 2); i++) {
    const frame = nextFrame()
    draw(i)
    await frame
  }
  const within = limit()
  let last = await nextFrame()
  for (let i = 0; i < count && within(i); i++) {
    // Asked for before the clock runs: a library that asks for a frame of its own does not pay for the first.
    const frame = nextFrame()
    work.push(timed(() => draw(i)))
    const now = await frame
    interval.push(now - last)
    last = now
  }
  return { work: summary(work), interval: summary(interval) }
}

/** Whether there is time for one more: two are always made, and more within the limit. */
function limit() {
  const begun = performance.now()
  return (made) => made < 2 || performance.now() - begun < LIMIT_MS
}

export function summary(samples) {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
  return { p50: at(0.5), p95: at(0.95), max: at(1), samples: sorted.length }
}

/** Whether what is selected lies under a point, as a person's hand would have it. */
function lies(library, bounds, point) {
  if (!bounds) return false
  const SLACK = 6
  const [x, y] = library.screen(...point)
  const [left, top] = library.screen(bounds[0], bounds[1])
  const [right, bottom] = library.screen(bounds[0] + bounds[2], bounds[1] + bounds[3])
  return x >= left - SLACK && y >= top - SLACK && x <= right + SLACK && y <= bottom + SLACK
}

/** Told as it comes, for a page that is stopped keeps what it has measured. */
export function progress(result) {
  console.info(`progress ${JSON.stringify({ count: COUNT, kind: KIND, ...result })}`)
}

export function finish(result) {
  window.__result = { count: COUNT, kind: KIND, ...result }
}

export function fail(error) {
  window.__result = { error: String(error?.stack ?? error) }
}
