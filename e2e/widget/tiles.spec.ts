// The worker in a page that Vite built, and pictures of photographs in tiles at full resolution.
import { createServer } from 'node:http'
import { photo } from '../support/photos'
import { tiledTiff } from '../support/tiles.mjs'
import { expect, mount, test } from './support/test'

test('a TIFF in a page that Vite built', async ({ page, site }) => {
  await page.goto(`${site.url}/react/`)
  const size = await page.locator('visionflow-annotator[name="Original"]').evaluate(async (element, bytes) => {
    const annotator = await (element as unknown as { ready: Promise<import('./support/test').Annotator> }).ready
    await annotator.openImage(new File([new Uint8Array(bytes)], 'small.tif', { type: 'image/tiff' }))
    return annotator.imageSize
  }, [...tiledTiff(300, 200)])
  expect(size).toEqual({ width: 300, height: 200 })
})

test('Deep Zoom by its address, and a part of it as PNG at full resolution', async ({ blank }) => {
  const [side, tile] = [4_096, 512]
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    response.setHeader('access-control-allow-origin', '*')
    if (path.endsWith('.dzi')) {
      return response.end(
        `<?xml version="1.0"?><Image xmlns="http://schemas.microsoft.com/deepzoom/2008" Format="png" Overlap="0" TileSize="${tile}"><Size Width="${side}" Height="${side}"/></Image>`,
      )
    }
    const match = /_files\/(\d+)\/(\d+)_(\d+)\.png/.exec(path)
    if (!match) return response.writeHead(404).end()
    asked.push(path)
    const [, level, col, row] = match.map(Number) as [number, number, number, number]
    const size = Math.min(tile, Math.max(1, side >> (12 - level)))
    response.end(photo('tile', size, size, level * 10_000 + row * 100 + col).buffer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = server.address() as { port: number }
    await mount(blank, { src: `http://127.0.0.1:${port}/big.dzi` })
    expect(await blank.evaluate(() => window.annotator.imageSize)).toEqual({ width: side, height: side })
    expect(asked.some((path) => path.includes('/12/'))).toBe(false)
    const size = await blank.evaluate(async () => {
      const picture = window.annotator.exportPng({ region: { x: 1_000, y: 1_000, width: 600, height: 300 } })
      // The page is laid out anew while it waits for tiles.
      ;(document.body.lastElementChild as HTMLElement).style.width = '500px'
      const { width, height } = await createImageBitmap(await picture)
      return [width, height]
    })
    const widths = () =>
      blank.evaluate(() => {
        const { camera } = window.annotator.debugState() as unknown as { camera: { width: number } }
        return [camera.width, window.annotator.canvas.getBoundingClientRect().width]
      })
    await expect.poll(widths).toEqual([500, 500])
    expect(size).toEqual([600, 300])
    expect(asked.filter((path) => path.includes('/12/')).length).toBeGreaterThan(0)
    // What covered the canvas meanwhile is gone.
    await expect(blank.locator('canvas')).toHaveCount(1)
    const missing = await blank.evaluate((url) => window.annotator.openImage(url).then(() => 'opened', (error: Error) => error.message), `http://127.0.0.1:${port}/no/info.json`)
    expect(missing).not.toBe('opened')
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
