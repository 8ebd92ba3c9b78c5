// Photographs in tiles, of many bits, turned, and bad ones, in the npm package.
import { deepZoom, iiif, pngTile, QUARTERS, serve, tiledTiff } from '../support/tiles.mjs'
import { expect, mount, test, toPage } from './support/test'
import type { Page } from '@playwright/test'

const [WIDTH, HEIGHT] = [3000, 2000]
type Color = [number, number, number]

const files: Record<string, Buffer> = {
  '/plain.tif': tiledTiff(WIDTH, HEIGHT),
  '/turned.tif': tiledTiff(WIDTH, HEIGHT, { orientation: 6 }),
  '/deep.tif': tiledTiff(1500, 1000, { deep: true }),
  '/small.png': pngTile(300, 200, 0, 0, 300, 200, 1),
}
const whole = files['/plain.tif']!
files['/cut.tif'] = whole.subarray(0, Math.floor(whole.length * 0.6))
files['/cut.png'] = files['/small.png']!.subarray(0, 200)
files['/none.tif'] = Buffer.from('II*\0 this is no picture at all, though it begins like one')
const circle = Buffer.from(tiledTiff(300, 200))
// The only directory names itself as the next one.
const directory = circle.readUInt32LE(4)
circle.writeUInt32LE(directory, directory + 2 + 12 * circle.readUInt16LE(directory))
files['/circle.tif'] = circle

const types = { '.tif': 'image/tiff', '.png': 'image/png', '.json': 'application/json' }
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
