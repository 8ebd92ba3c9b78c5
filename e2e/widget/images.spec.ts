// Photographs in tiles, of many bits, turned, and bad ones, in the npm package.
import { deepZoom, iiif, pngTile, QUARTERS, serve, tiledTiff } from '../support/tiles.mjs'
import { animated } from '../support/animated.mjs'
import { fourInks } from '../support/jpegs.mjs'
import { expect, mount, test, toPage } from './support/test'
import type { Page } from '@playwright/test'

const [WIDTH, HEIGHT] = [3000, 2000]
type Color = [number, number, number]

const files: Record<string, Buffer> = {
  '/plain.tif': tiledTiff(WIDTH, HEIGHT),
  '/turned.tif': tiledTiff(WIDTH, HEIGHT, { orientation: 6 }),
  '/deep.tif': tiledTiff(1500, 1000, { deep: true }),
  '/small.png': pngTile(300, 200, 0, 0, 300, 200, 1),
  '/wide.png': pngTile(18_000, 60, 0, 0, 18_000, 60, 1),
}
const whole = files['/plain.tif']!
// The directories stand at the end: what is cut out of the middle leaves them whole.
files['/hole.tif'] = Buffer.from(whole)
files['/hole.tif'].fill(0, 20_000, Math.floor(whole.length * 0.6))
for (const kind of ['cmyk', 'ycck', 'bare'] as const) files[`/${kind}.jpg`] = fourInks(320, 208, kind)
for (const kind of ['gif', 'png', 'webp'] as const) files[`/animated.${kind}`] = animated[kind]
files['/cut.tif'] = whole.subarray(0, Math.floor(whole.length * 0.6))
files['/cut.png'] = files['/small.png']!.subarray(0, 200)
files['/none.tif'] = Buffer.from('II*\0 this is no picture at all, though it begins like one')
const circle = Buffer.from(tiledTiff(300, 200))
// The only directory names itself as the next one.
const directory = circle.readUInt32LE(4)
circle.writeUInt32LE(directory, directory + 2 + 12 * circle.readUInt16LE(directory))
files['/circle.tif'] = circle

const types = {
  '.tif': 'image/tiff',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.json': 'application/json',
}
const open = () => serve((path: string, origin: string) => files[path] ?? deepZoom(path, WIDTH, HEIGHT) ?? iiif(path, origin, WIDTH, HEIGHT), types)

/** The colour on the page at a point of the photograph. */
async function colorAt(page: Page, point: [number, number]): Promise<Color> {
  const [x, y] = (await toPage(page, point)).map(Math.round)
  const shot = await page.screenshot({ clip: { x: x!, y: y!, width: 1, height: 1 } })
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
    const context = new OffscreenCanvas(1, 1).getContext('2d')!
    context.drawImage(bitmap, 0, 0)
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3) as [number, number, number]
  }, shot.toString('base64'))
}

async function expectColor(page: Page, point: [number, number], expected: Color): Promise<void> {
  await expect
    .poll(async () => Math.max(...(await colorAt(page, point)).map((value, i) => Math.abs(value - expected[i]!))), { message: `the colour at ${point}` })
    .toBeLessThanOrEqual(14)
}

/** Takes the GPU away, as a driver that crashes does, and waits until the annotator has it back. */
async function loseGpu(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { annotator } = window
    const events = ['deviceLost', 'deviceRestored'] as const
    const [lost, restored] = events.map((type) => new Promise<void>((resolve) => annotator.on(type, () => resolve())))
    const devices = (window as { devices?: { destroy(): void }[] }).devices ?? []
    const webgl = devices.length ? null : annotator.canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')
    devices.splice(0).forEach((device) => device.destroy())
    if (webgl) {
      const told = new Promise((resolve) => annotator.canvas.addEventListener('webglcontextlost', resolve, { once: true }))
      webgl.loseContext()
      await told
      // It can be given back once the event is over.
      await new Promise((resolve) => setTimeout(resolve))
      webgl.restoreContext()
    }
    await lost
    await restored
  })
}

/** Keeps hold of the devices that the page is given, so that one can be taken away. */
test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    const found = globalThis as unknown as { GPUAdapter?: { prototype: { requestDevice(...options: unknown[]): Promise<{ destroy(): void }> } } }
    if (!found.GPUAdapter) return
    const devices: { destroy(): void }[] = []
    Object.assign(window, { devices })
    const request = found.GPUAdapter.prototype.requestDevice
    found.GPUAdapter.prototype.requestDevice = async function (...options) {
      const device = await request.apply(this, options)
      devices.push(device)
      return device
    }
  })
})

async function expectQuarters(page: Page, [width, height]: [number, number], order: (keyof typeof QUARTERS)[]): Promise<void> {
  const places: [number, number][] = [[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]]
  for (const [i, [x, y]] of places.entries()) await expectColor(page, [width * x, height * y], QUARTERS[order[i]!] as Color)
}

for (const path of ['/plain.tif', '/zoom.dzi', '/iiif/page/info.json']) {
  test(`${path} shows, whole and close`, async ({ blank }) => {
    const source = await open()
    await mount(blank, { src: source.origin + path })
    await expectQuarters(blank, [WIDTH, HEIGHT], ['red', 'green', 'blue', 'yellow'])
    // The middle, where all quarters meet, one pixel a pixel.
    await blank.evaluate(() => window.annotator.zoomToActual())
    for (const [dx, dy, name] of [[-60, -60, 'red'], [60, -60, 'green'], [-60, 60, 'blue'], [60, 60, 'yellow']] as const) {
      await expectColor(blank, [WIDTH / 2 + dx, HEIGHT / 2 + dy], QUARTERS[name] as Color)
    }
    await source.stop()
  })
}

test('a TIFF is read in parts', async ({ blank }) => {
  const source = await open()
  await mount(blank, { src: `${source.origin}/plain.tif` })
  await expectQuarters(blank, [WIDTH, HEIGHT], ['red', 'green', 'blue', 'yellow'])
  expect(source.counts.requests).toBeGreaterThan(2)
  await source.stop()
})

test('a turned TIFF stands upright', async ({ blank }) => {
  const source = await open()
  await mount(blank, { src: `${source.origin}/turned.tif` })
  // A quarter turn to the right.
  await expectQuarters(blank, [HEIGHT, WIDTH], ['blue', 'red', 'yellow', 'green'])
  await source.stop()
})

test('sixteen bits are shown from their darkest to their brightest', async ({ blank }) => {
  const source = await open()
  await mount(blank, { src: `${source.origin}/deep.tif` })
  await expectColor(blank, [30, 500], [5, 5, 5])
  await expectColor(blank, [750, 500], [128, 128, 128])
  await expectColor(blank, [1470, 500], [250, 250, 250])
  await source.stop()
})

test('a window that is set takes the place of the usual one', async ({ blank }) => {
  const source = await open()
  await mount(blank, { src: `${source.origin}/deep.tif` })
  await expectColor(blank, [750, 500], [128, 128, 128])
  // The samples go from 1000 to 3000 of 65,535: their upper half alone.
  await blank.evaluate(() => window.annotator.setView({ window: [2000 / 65_535, 3000 / 65_535] }))
  await expectColor(blank, [700, 500], [0, 0, 0])
  await expectColor(blank, [1125, 500], [128, 128, 128])
  await blank.evaluate(() => window.annotator.setView({ window: null }))
  await expectColor(blank, [750, 500], [128, 128, 128])
  await source.stop()
})

for (const kind of ['cmyk', 'ycck', 'bare'] as const) {
  test(`a JPEG of four inks (${kind}) has its colours, at once and in tiles`, async ({ blank }) => {
    const source = await open()
    await mount(blank, { src: `${source.origin}/${kind}.jpg` })
    await expectQuarters(blank, [320, 208], ['red', 'green', 'blue', 'yellow'])
    // So large that the worker decodes it.
    files['/large.jpg'] = fourInks(6400, 5120, kind)
    await blank.evaluate((url) => window.annotator.openImage(url), `${source.origin}/large.jpg`)
    await expectQuarters(blank, [6400, 5120], ['red', 'green', 'blue', 'yellow'])
    await blank.evaluate(() => window.annotator.zoomToActual())
    await expectColor(blank, [3200 - 100, 2560 - 100], QUARTERS.red as Color)
    await expectColor(blank, [3200 + 100, 2560 + 100], QUARTERS.yellow as Color)
    await source.stop()
  })
}

for (const kind of ['gif', 'png', 'webp'] as const) {
  test(`an animated ${kind} shows its first picture, and says so`, async ({ blank }) => {
    const source = await open()
    await mount(blank)
    const notices = await blank.evaluate(async (url) => {
      const heard: string[] = []
      window.annotator.on('notice', (event) => heard.push(event.detail))
      await window.annotator.openImage(url)
      return heard
    }, `${source.origin}/animated.${kind}`)
    expect(notices).toEqual([expect.stringMatching(/animated.*first/)])
    await expectQuarters(blank, [64, 48], ['red', 'green', 'blue', 'yellow'])
    await source.stop()
  })
}

test('a photograph wider than any texture shows every part where it belongs', async ({ blank }) => {
  const source = await open()
  await mount(blank, { src: `${source.origin}/wide.png` })
  await blank.evaluate(() => window.annotator.zoomToActual())
  for (const [dx, dy, name] of [[-60, -15, 'red'], [60, -15, 'green'], [-60, 15, 'blue'], [60, 15, 'yellow']] as const) {
    await expectColor(blank, [9000 + dx, 30 + dy], QUARTERS[name] as Color)
  }
  await source.stop()
})

for (const path of ['/plain.tif', '/zoom.dzi']) {
  test(`${path} comes back after the GPU was lost, whole and close`, async ({ blank }) => {
    const source = await open()
    await mount(blank, { src: source.origin + path })
    await expectQuarters(blank, [WIDTH, HEIGHT], ['red', 'green', 'blue', 'yellow'])
    for (const close of [false, true]) {
      if (close) await blank.evaluate(() => window.annotator.zoomToActual())
      await loseGpu(blank)
      const [dx, dy] = close ? [60, 60] : [WIDTH / 4, HEIGHT / 4]
      await expectColor(blank, [WIDTH / 2 - dx, HEIGHT / 2 - dy], QUARTERS.red as Color)
      await expectColor(blank, [WIDTH / 2 + dx, HEIGHT / 2 + dy], QUARTERS.yellow as Color)
    }
    await source.stop()
  })
}

test('a TIFF whose middle is damaged says so, shows the rest, and the next one opens', async ({ blank }) => {
  const source = await open()
  await mount(blank)
  await blank.evaluate(() => {
    const heard: string[] = []
    window.annotator.on('notice', (event) => heard.push(event.detail))
    Object.assign(window, { heard })
  })
  await blank.evaluate((url) => window.annotator.openImage(url), `${source.origin}/hole.tif`)
  await blank.evaluate(() => window.annotator.zoomToActual())
  await expect.poll(() => blank.evaluate(() => (window as unknown as { heard: string[] }).heard.join())).toMatch(/damaged|inflated/)
  // The coarse levels lie behind the damage, and stand in for what cannot be read.
  await expectColor(blank, [WIDTH / 2 - 60, HEIGHT / 2 - 60], QUARTERS.red as Color)
  await blank.evaluate((url) => window.annotator.openImage(url), `${source.origin}/small.png`)
  await expectQuarters(blank, [300, 200], ['red', 'green', 'blue', 'yellow'])
  await source.stop()
})

test('bad files are refused in words, and the next one opens', async ({ blank }) => {
  const source = await open()
  await mount(blank)
  const cases: [string, RegExp][] = [
    ['/cut.tif', /cut off/],
    ['/cut.png', /cut off/],
    ['/none.tif', /TIFF|cut off/],
    ['/circle.tif', /circle/],
    ['/missing.dzi', /404/],
  ]
  for (const [path, words] of cases) {
    const answer = await blank.evaluate((url) => window.annotator.openImage(url).then(() => 'it opened', String), source.origin + path)
    expect(answer, path).toMatch(words)
    await blank.evaluate((url) => window.annotator.openImage(url), `${source.origin}/small.png`)
    await expectQuarters(blank, [300, 200], ['red', 'green', 'blue', 'yellow'])
  }
  await source.stop()
})
