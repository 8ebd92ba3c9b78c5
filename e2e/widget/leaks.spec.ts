// Mounting and destroying leaves nothing behind: no listener, no timer, no canvas, no graphics, no memory.
import type { CDPSession, Page } from '@playwright/test'
import { expect, ONTOLOGY, test } from './support/test'

/** Counts what a page holds; before any script of the page runs. */
function count(): void {
  const contexts: WeakRef<WebGL2RenderingContext>[] = []
  const timers = new Set<unknown>()
  const frames = new Set<number>()
  const getContext = HTMLCanvasElement.prototype.getContext
  HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...args: unknown[]) {
    const context = Reflect.apply(getContext, this, args) as RenderingContext | null
    if (context instanceof WebGL2RenderingContext && !contexts.some((known) => known.deref() === context)) {
      contexts.push(new WeakRef(context))
    }
    return context
  } as typeof getContext
  const { setInterval, clearInterval, requestAnimationFrame, cancelAnimationFrame } = window
  window.setInterval = ((...args: Parameters<typeof setInterval>) => {
    const timer = setInterval(...args)
    timers.add(timer)
    return timer
  }) as typeof setInterval
  window.clearInterval = (timer) => {
    timers.delete(timer)
    clearInterval(timer)
  }
  window.requestAnimationFrame = (callback) => {
    const frame = requestAnimationFrame((time) => {
      frames.delete(frame)
      callback(time)
    })
    frames.add(frame)
    return frame
  }
  window.cancelAnimationFrame = (frame) => {
    frames.delete(frame)
    cancelAnimationFrame(frame)
  }
  Object.assign(window, {
    held: () => ({
      contexts: contexts.filter((context) => context.deref()?.isContextLost() === false).length,
      timers: timers.size,
      frames: frames.size,
    }),
  })
}

/** Mounts, uses and destroys annotators one after another; the size of the engine's memory at the end. */
async function cycles(page: Page, times: number): Promise<number> {
  return page.evaluate(
    async ([ontology, times]) => {
      let bytes = 0
      for (let i = 0; i < times; i++) {
        const place = document.createElement('div')
        place.style.cssText = 'width: 320px; height: 200px'
        document.body.append(place)
        const annotator = await window.package.mount(place, { ontology, tool: 'box', theme: 'dark' })
        annotator.on('change', () => {})
        await annotator.openImage('photo.png')
        const label = ontology.labels[0]!.id
        annotator.add({ label, shape: { type: 'box', box: [10, 10, 50, 50] } })
        const id = annotator.add({ label, shape: { type: 'polygon', rings: [[100, 100, 200, 100, 150, 200]] } })
        annotator.select(id)
        annotator.undo()
        await new Promise(requestAnimationFrame)
        bytes = annotator.debugState().memory_bytes as number
        annotator.destroy()
        annotator.destroy()
        place.remove()
      }
      return bytes
    },
    [ONTOLOGY, times] as const,
  )
}

async function metrics(page: Page, session: CDPSession) {
  // What WebGPU and finalisers give back comes after a collection and a turn of the loop.
  for (let i = 0; i < 3; i++) {
    await session.send('HeapProfiler.collectGarbage')
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)))
  }
  const { metrics } = await session.send('Performance.getMetrics')
  const of = (name: string) => metrics.find((metric) => metric.name === name)!.value
  const held = await page.evaluate(() => (window as unknown as { held: () => { contexts: number; timers: number; frames: number } }).held())
  return { listeners: of('JSEventListeners'), nodes: of('Nodes'), heap: of('JSHeapUsedSize'), ...held }
}

test('mounting and destroying a hundred times leaves nothing behind', async ({ page, site }) => {
  test.setTimeout(240_000)
  await page.addInitScript(count)
  await page.goto(`${site.url}/plain/blank`)
  await page.evaluate(async () => {
    window.package = await import(new URL('./node_modules/@visionflow/annotator/dist/index.js', location.href).href)
  })
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  // The first ones load the engine and fill its caches.
  const bytesBefore = await cycles(page, 10)
  const before = await metrics(page, session)
  const bytesAfter = await cycles(page, 100)
  const after = await metrics(page, session)
  console.log(JSON.stringify({ before, after, bytesBefore, bytesAfter }))
  expect(after.contexts, 'WebGL contexts').toBe(0)
  expect(after.timers, 'timers').toBe(0)
  expect(after.frames, 'animation frames').toBe(0)
  expect(after.listeners, 'listeners').toBeLessThanOrEqual(before.listeners)
  expect(after.nodes - before.nodes, 'nodes').toBeLessThan(20)
  expect(after.heap - before.heap, 'JavaScript heap').toBeLessThan(1_000_000)
  // Memory of WebAssembly grows by pages of 64 KiB and never shrinks; a hundred mounts that kept
  // a document each would show as megabytes.
  expect(bytesAfter - bytesBefore, 'memory of the engine').toBeLessThan(1_000_000)
})

test('destroying while the engine starts, and while a photograph loads', async ({ blank }) => {
  const result = await blank.evaluate(async (ontology) => {
    await import(new URL('./node_modules/@visionflow/annotator/dist/element.js', location.href).href)
    const element = document.createElement('visionflow-annotator') as HTMLElement & { annotator?: unknown }
    document.body.append(element)
    element.remove()
    await new Promise((resolve) => setTimeout(resolve))
    const place = document.createElement('div')
    document.body.append(place)
    const annotator = await window.package.mount(place)
    const opening = annotator.openImage('photo.png').then(
      () => 'opened',
      (error: Error) => error.message,
    )
    annotator.destroy()
    const use = () => {
      try {
        annotator.undo()
        return 'nothing'
      } catch (error) {
        return (error as Error).message
      }
    }
    // From within a listener, while the engine is at work.
    const second = await window.package.mount(place, { ontology })
    second.on('change', () => second.destroy())
    second.add({ label: ontology.labels[0]!.id, shape: { type: 'tag' } })
    return { opening: await opening, use: use(), second: second.isDestroyed, children: place.childElementCount, mounted: element.annotator !== undefined }
  }, ONTOLOGY)
  expect(result).toEqual({
    opening: expect.stringMatching(/another photograph|destroyed/),
    use: 'this annotator was destroyed',
    second: true,
    children: 0,
    mounted: false,
  })
})
