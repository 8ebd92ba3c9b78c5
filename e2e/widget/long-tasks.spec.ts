// While the model looks at a photograph, the page goes on: no task of its main thread takes longer than
// 50 ms, however long the encoder runs.
//
// Tasks are counted and nothing is timed against the machine. A busy machine makes long tasks too, by
// taking the processor away in the middle of short ones, but not the same ones each time; what the page
// itself does too long it does with every photograph. So photographs follow each other, the same pixels
// under other addresses, each panned as long as it is encoded, until one has no long task; a task that
// belongs to the encoding would spoil them all. That long tasks are seen at all is checked first.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { serve } from '../support/tiles.mjs'
import { CAR, ONTOLOGY, expect, mount, test, toPage } from './support/test'

test.setTimeout(400_000)
const MODEL_MS = 120_000
const ROUNDS = 25
const coffee = readFileSync(join(process.cwd(), 'server/demo/photos/coffee.png'))

test('panning has no task over 50 ms while the encoder runs', async ({ blank }) => {
  const photo = (path: string) => (path.endsWith('.png') ? coffee : undefined)
  const source = await serve(photo, { '.png': 'image/png' })
  await mount(blank, { src: `${source.origin}/0.png`, ontology: ONTOLOGY, label: CAR, tool: 'smart' })
  const phase = () => blank.evaluate(() => window.annotator.assist.phase)
  await expect.poll(phase, { timeout: MODEL_MS }).toBe('ready')
  await blank.evaluate(() => {
    const long: number[] = []
    const observer = new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => Math.round(duration))))
    observer.observe({ entryTypes: ['longtask'] })
    Object.assign(window, { long, observer })
  })

  const taken = () =>
    blank.evaluate(() => {
      const { long, observer } = window as unknown as { long: number[]; observer: PerformanceObserver }
      long.push(...observer.takeRecords().map(({ duration }) => Math.round(duration)))
      return long.splice(0)
    })

  // The observer sees what is too long.
  await blank.evaluate(() => {
    setTimeout(() => {
      const until = performance.now() + 120
      while (performance.now() < until);
    })
  })
  let seen: number[] = []
  await expect.poll(async () => (seen = seen.concat(await taken())).length).toBeGreaterThan(0)

  const rounds: { long: number[]; moves: number; frames: number }[] = []
  for (let round = 1; round <= ROUNDS; round++) {
    // Opening a photograph, decoding it and bringing it to the GPU are not the encoder's.
    await blank.evaluate(async (url) => {
      window.annotator.tool = 'select'
      await window.annotator.openImage(url)
    }, `${source.origin}/${round}.png`)
    const middle = await toPage(blank, [300, 200])
    await blank.mouse.move(...middle)
    await blank.mouse.down({ button: 'middle' })
    await blank.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
    await taken()
    const before = await blank.evaluate(() => window.annotator.debugState().frames_drawn as number)
    await blank.evaluate(() => (window.annotator.tool = 'smart'))
    let moves = 0
    while ((await phase()) !== 'ready') {
      moves += 1
      await blank.mouse.move(middle[0] + 40 * Math.sin(moves / 3), middle[1] + 30 * Math.cos(moves / 3))
    }
    const frames = (await blank.evaluate(() => window.annotator.debugState().frames_drawn as number)) - before
    await blank.mouse.up({ button: 'middle' })
    rounds.push({ long: await taken(), moves, frames })
    if (rounds.at(-1)!.long.length === 0) break
  }
  // It was panned, and drawn, while the worker was at work.
  for (const { moves, frames } of rounds) {
    expect(moves).toBeGreaterThan(10)
    expect(frames).toBeGreaterThan(10)
  }
  expect(rounds.at(-1)!.long, JSON.stringify(rounds)).toEqual([])
  await source.stop()
})
