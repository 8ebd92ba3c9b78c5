// A page of its own for the worker that runs models, and a site that serves what was built and the fixtures.
import { readFileSync, readdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Page } from '@playwright/test'

const FIXTURES = 'crates/infer/tests/fixtures'
const ASSETS = join(process.env.VISIONFLOW_WEB_DIR ?? 'dist/web', 'assets')
const types: Record<string, string> = { js: 'text/javascript', wasm: 'application/wasm', png: 'image/png' }

export type Detection = { class: number; score: number; shape: { type: string; box?: number[]; rings?: number[][] } }
export type Spec = { task: string; layout: string; classes: string[]; limit: number }
export type Message = {
  id: number
  kind: string
  build?: string
  threads?: number
  refused?: string
  code?: string
  message?: string
  key?: string
  model?: string
  candidates?: { score: number; polygons: number[][][] }[]
  detections?: Detection[]
  embedding?: Float32Array
  f16?: ArrayBuffer
  by?: string
  apart?: number
  is_used?: boolean
  seconds?: number
  cpu_seconds?: number
  report?: { ok: boolean; message: string; task: string; layout: string; missing: string[]; spec: Spec; alternatives: (Spec & { outputs: string[] })[]; sha256: string[]; bytes: number[] }
}

/** The hashed name of what was built. */
export const asset = (start: string, end: string) => {
  const name = readdirSync(ASSETS).find((name) => name.startsWith(`${start}-`) && name.endsWith(end))
  if (!name) throw new Error(`${start}…${end} is not among the built files`)
  return `/assets/${name}`
}

/** Without these a page has no memory that threads share. */
const ISOLATED = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'credentialless' }

/**
 * `/assets/…`, `/fixtures/…` and `/layouts/…`, a file without bytes, and one that says it has 2 GB. The page
 * `/isolated` is cross-origin isolated.
 */
export async function serve(): Promise<{ site: Server; origin: string }> {
  const site = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname
    const [, folder, name = ''] = path.split('/')
    const directory = { assets: ASSETS, fixtures: FIXTURES, layouts: join(FIXTURES, 'layouts') }[folder]
    response.setHeaders(new Map(Object.entries(path === '/' ? {} : ISOLATED)))
    if (path === '/' || path === '/isolated') return response.setHeader('content-type', 'text/html').end('<!doctype html>')
    if (path === '/empty.onnx') return response.end('')
    if (path === '/huge.onnx') return response.writeHead(200, { 'content-length': String(2 ** 31) }).flushHeaders()
    if (!directory) return response.writeHead(404).end()
    response.setHeader('content-type', types[name.split('.').pop() ?? ''] ?? 'application/octet-stream')
    response.end(readFileSync(join(directory, name)))
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  return { site, origin: `http://127.0.0.1:${(site.address() as AddressInfo).port}` }
}

/**
 * A page with a worker; `window.ask` sends a message and gives all answers up to the last. `before` runs in
 * the worker ahead of its own script.
 */
export async function start(page: Page, origin: string, before = ''): Promise<void> {
  await page.goto(origin)
  await page.evaluate(
    ([url, before]) => {
      // What is asked before the script is there is kept for it.
      const early = 'const early = []; self.onmessage = (event) => early.push(event);'
      const late = `await import(${JSON.stringify(url)}); early.forEach((event) => self.onmessage(event))`
      const code = new Blob([`${before}; ${early} ${late}`], { type: 'text/javascript' })
      const worker = new Worker(before ? URL.createObjectURL(code) : url, { type: 'module' })
      const waiting = new Map<number, (message: Message) => void>()
      // What the worker says unasked about the graphics device, and who waits for it.
      const told: Message[] = []
      let listening: ((message: Message) => void) | undefined
      let lives = (_lock: string) => {}
      const alive = new Promise<string>((resolve) => (lives = resolve))
      worker.onmessage = ({ data }) => {
        if (data.kind === 'alive') return lives(data.lock)
        if (data.kind !== 'gpu') return waiting.get(data.id)?.(data)
        if (listening) listening(data)
        else told.push(data)
        listening = undefined
      }
      const about_gpu = () =>
        new Promise<Message>((resolve) => {
          const next = told.shift()
          if (next) resolve(next)
          else listening = resolve
        })
      let last = 0
      const ask = (request: object, transfer: Transferable[] = [], heard?: (answers: Message[]) => void) =>
        new Promise<Message[]>((resolve) => {
          const id = ++last
          const answers: Message[] = []
          waiting.set(id, (message) => {
            // Rings leave the page as plain numbers.
            message.candidates?.forEach((candidate) => {
              candidate.polygons = candidate.polygons.map((rings) => rings.map((ring) => Array.from(ring)))
            })
            answers.push(message)
            heard?.(answers)
            if (!['progress', 'found'].includes(message.kind)) resolve(answers)
          })
          worker.postMessage({ id, ...request }, transfer)
        })
      const rgba = async (url: string) => {
        const bitmap = await createImageBitmap(await (await fetch(url)).blob())
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
        const context = canvas.getContext('2d')!
        context.drawImage(bitmap, 0, 0)
        const { width, height, data } = context.getImageData(0, 0, bitmap.width, bitmap.height)
        return { width, height, rgba: data.buffer }
      }
      const encode = async (key: string, url: string) => {
        const pixels = await rgba(url)
        return ask({ kind: 'encode', key, ...pixels }, [pixels.rgba])
      }
      const cancel = (of: number) => worker.postMessage({ id: ++last, kind: 'cancel', of })
      Object.assign(window, { ask, encode, cancel, about_gpu, alive: () => alive, latest: () => last })
    },
    [new URL(asset('infer_worker', '.js'), origin).href, before],
  )
}

type Tools = {
  ask(request: object, transfer?: Transferable[], heard?: (answers: Message[]) => void): Promise<Message[]>
  encode(key: string, url: string): Promise<Message[]>
  cancel(of: number): void
  about_gpu(): Promise<Message>
  alive(): Promise<string>
  latest(): number
}
declare global {
  interface Window extends Tools {}
}

export const load = (page: Page, origin: string, wasm?: string, threads?: number) =>
  page.evaluate((request) => window.ask({ kind: 'load', ...request }), {
    encoder: origin + asset('mobile_sam_encoder', '.onnx'),
    decoder: origin + asset('mobile_sam_decoder', '.onnx'),
    wasm: wasm && origin + wasm,
    threads,
  })
