// The fixtures of the widget's tests: a site, and pages that must not throw.
import { test as base, expect, type Page } from '@playwright/test'
import type { Annotator, MountOptions } from '@visionflow/annotator'
import { Site } from './site'

export { expect }
export type { Annotator, MountOptions }

/** What pages of the tests know by name. */
declare global {
  interface Window {
    package: typeof import('@visionflow/annotator')
    annotator: Annotator
    annotators: Annotator[]
  }
}

export const CAR = '7d3c1f52-4b0e-4f6b-9a51-0d8f1b2c3d4e'
export const TREE = '8e4d2a63-5c1f-4a7c-8b62-1e9a2c3d4e5f'
export const ONTOLOGY = {
  version: 1,
  labels: [
    { id: CAR, name: 'Car', color: '#e5484d' },
    { id: TREE, name: 'Tree', color: '#30a46c' },
  ],
}

export const test = base.extend<{ blank: Page }, { site: Site }>({
  site: [
    async ({}, use) => {
      const site = await Site.start()
      await use(site)
      await site.stop()
    },
    { scope: 'worker' },
  ],
  page: async ({ page }, use) => {
    const thrown: string[] = []
    page.on('pageerror', (error) => thrown.push(String(error.stack ?? error)))
    await use(page)
    expect(thrown, 'no page threw').toEqual([])
  },
  /** An empty page that has loaded the package, and nothing of the engine yet. */
  blank: async ({ page, site }, use) => {
    await page.goto(`${site.url}/plain/blank`)
    await page.evaluate(async () => {
      const path = './node_modules/@visionflow/annotator/dist/index.js'
      window.package = await import(new URL(path, location.href).href)
      window.annotators = []
    })
    await use(page)
  },
})

/** Mounts an annotator in an element of its own, waits for the photograph, and returns its number. */
export async function mount(page: Page, options: MountOptions = {}, size = '640px'): Promise<number> {
  return page.evaluate(
    async ([options, size]) => {
      const place = document.createElement('div')
      place.style.cssText = `width: ${size}; height: 420px; display: inline-block`
      document.body.append(place)
      const annotator = await window.package.mount(place, { ...options, src: undefined })
      if (options.src !== undefined) await annotator.openImage(options.src)
      window.annotator = annotator
      return window.annotators.push(annotator) - 1
    },
    [options, size] as const,
  )
}

/** Where a point of the photograph is on the page. */
export async function toPage(page: Page, [x, y]: [number, number], index = -1): Promise<[number, number]> {
  return page.evaluate(
    ([x, y, index]) => {
      const annotator = window.annotators.at(index as number)!
      const rect = annotator.canvas.getBoundingClientRect()
      const { scale, visible } = annotator
      return [rect.x + (x! - visible.x) * scale, rect.y + (y! - visible.y) * scale] as [number, number]
    },
    [x, y, index],
  )
}

/** Drags from one point of the photograph to another. */
export async function drag(page: Page, from: [number, number], to: [number, number], index = -1): Promise<void> {
  const [start, end] = [await toPage(page, from, index), await toPage(page, to, index)]
  await page.mouse.move(...start)
  await page.mouse.down()
  await page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
  await page.mouse.move(...end)
  await page.mouse.up()
}
