// Live rooms on somebody else's server: the unmodified npm package `@y/websocket-server`.
import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { freePort } from '../support/server'
import { CAR, drag, expect, mount, ONTOLOGY, test } from './support/test'

const modules = process.env.VISIONFLOW_SYNC_MODULES ?? ''

class YServer {
  private child: ChildProcess | undefined

  constructor(readonly port: number) {}

  async start(): Promise<void> {
    const script = join(modules, 'node_modules/@y/websocket-server/src/server.js')
    const child = spawn('node', [script], { env: { ...process.env, HOST: '127.0.0.1', PORT: String(this.port) }, stdio: ['ignore', 'pipe', 'inherit'] })
    this.child = child
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (text: Buffer) => text.includes('running') && resolve())
      child.once('exit', (code) => reject(new Error(`the y-websocket server ended with ${code}`)))
    })
    child.removeAllListeners('exit')
  }

  async stop(): Promise<void> {
    const child = this.child
    if (!child || child.exitCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }
}

const state = (page: Page) => page.evaluate(() => window.annotator.saveState)
const shapes = (page: Page) => page.evaluate(() => window.annotator.annotations.map((annotation) => annotation.shape))

test('two people in a room of any y-websocket server', async ({ page, site, browser }) => {
  const server = new YServer(await freePort())
  await server.start()
  const open = async (page: Page, name: string) => {
    await page.goto(`${site.url}/plain/blank`)
    await page.evaluate(async () => {
      window.package = await import(new URL('./node_modules/@visionflow/annotator/dist/index.js', location.href).href)
      window.annotators = []
    })
    await mount(page, {
      src: 'photo.png',
      ontology: ONTOLOGY,
      sync: { url: `ws://127.0.0.1:${server.port}`, room: 'photo 1/ü', params: { token: 'a b' }, user: { name, color: '#ff8800' } },
    })
    await expect.poll(() => state(page)).toBe('saved')
  }
  const other = await (await browser.newContext()).newPage()
  try {
    await open(page, 'Ada')
    await open(other, 'Ben')

    // Edits, both ways.
    await page.evaluate(() => (window.annotator.tool = 'box'))
    await drag(page, [100, 100], [200, 200])
    await expect.poll(() => shapes(other).then((all) => all.length)).toBe(1)
    await other.evaluate((CAR) => window.annotator.add({ label: CAR, shape: { type: 'polygon', rings: [[0, 0, 50, 0, 50, 50]] } }), CAR)
    await expect.poll(() => shapes(page).then((all) => all.length)).toBe(2)
    expect(await shapes(page)).toEqual(await shapes(other))

    // Who is there, and where.
    const peers = () => page.evaluate(() => window.annotator.peers.map((peer) => [peer.user.name, peer.cursor !== null]))
    await drag(other, [300, 100], [320, 120])
    await expect.poll(peers).toEqual([['Ben', true]])

    // The server goes away and comes back empty: what people have is there again.
    await server.stop()
    await expect.poll(() => state(page)).toBe('offline')
    await page.evaluate((CAR) => window.annotator.add({ label: CAR, shape: { type: 'point', point: [9, 9] } }), CAR)
    await server.start()
    await expect.poll(() => shapes(other).then((all) => all.length), { timeout: 30_000 }).toBe(3)
    await expect.poll(() => state(page)).toBe('saved')

    // Leaving keeps what is here, and the others see it at once.
    await other.evaluate(() => window.annotator.disconnect())
    expect(await state(other)).toBe('local')
    expect((await shapes(other)).length).toBe(3)
    await expect.poll(peers).toEqual([])
    await other.evaluate(() => window.annotator.add({ label: '7d3c1f52-4b0e-4f6b-9a51-0d8f1b2c3d4e', shape: { type: 'tag' } }))
    await page.evaluate(() => window.annotator.destroy())
  } finally {
    await other.context().close()
    await server.stop()
  }
})
