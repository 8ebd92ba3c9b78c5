// The examples as a reader of the documentation would make them: from the packed package, in fresh folders.
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './support/test'

async function drawBox(page: Page, canvas: Locator): Promise<void> {
  const box = (await canvas.boundingBox())!
  const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const
  await page.mouse.move(...at(0.4, 0.4))
  await page.mouse.down()
  await page.mouse.move(...at(0.5, 0.5))
  await page.mouse.move(...at(0.6, 0.6))
  await page.mouse.up()
}

for (const theme of ['light', 'dark'] as const) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme })

    test('a plain page', async ({ page, site }) => {
      await page.goto(`${site.url}/plain/`)
      const element = page.locator('visionflow-annotator')
      await element.evaluate((element) => (element as HTMLElement & { ready: Promise<unknown> }).ready.then(() => undefined))
      await expect.poll(() => element.evaluate((e) => (e as unknown as { annotator: { imageSize?: unknown } }).annotator.imageSize)).toEqual({ width: 640, height: 420 })
      const canvas = page.getByRole('application', { name: 'Image annotation' })
      await expect(page.getByRole('button', { name: 'Box', exact: true })).toHaveAttribute('aria-pressed', 'true')
      await drawBox(page, canvas)
      await expect(page.getByLabel('Annotations')).toContainText('"type": "box"')
      await page.screenshot({ path: `test-results/looks/widget-plain-${theme}.png` })
      await page.getByRole('button', { name: 'Undo' }).click()
      await expect(page.getByLabel('Annotations')).toHaveText('[]')
    })

    test('with Vite', async ({ page, site }) => {
      await page.goto(`${site.url}/vite/`)
      await expect(page.getByLabel('Count')).toHaveText('1 annotations')
      const canvas = page.getByRole('application', { name: 'Image annotation' })
      await canvas.focus()
      await page.keyboard.press('b')
      await expect(page.getByRole('button', { name: 'Box', exact: true })).toHaveAttribute('aria-pressed', 'true')
      await drawBox(page, canvas)
      await expect(page.getByLabel('Count')).toHaveText('2 annotations')
      const download = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Save as COCO' }).click()
      expect((await download).suggestedFilename()).toBe('annotations.json')
      const picture = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Save as PNG' }).click()
      expect((await picture).suggestedFilename()).toBe('annotated.png')
      await page.screenshot({ path: `test-results/looks/widget-vite-${theme}.png` })
    })

    test('in React', async ({ page, site }) => {
      await page.goto(`${site.url}/react/`)
      const original = page.getByRole('application', { name: 'Original' })
      const copy = page.getByRole('application', { name: 'Copy' })
      await expect(original).toBeVisible()
      await expect(copy).toBeVisible()
      const ready = (name: string) =>
        page.locator(`visionflow-annotator[name="${name}"]`).evaluate(async (element) => {
          const annotator = await (element as unknown as { ready: Promise<{ imageSize?: { width: number } }> }).ready
          return annotator.imageSize?.width
        })
      await expect.poll(() => ready('Original')).toBe(640)
      await drawBox(page, original)
      await expect(page.getByLabel('Count')).toHaveText('1 annotations')
      // The copy follows, and takes no edit.
      const seen = () =>
        page.locator('visionflow-annotator[name="Copy"]').evaluate((element) => (element as unknown as { annotations: unknown[] }).annotations.length)
      await expect.poll(seen).toBe(1)
      await drawBox(page, copy)
      expect(await seen()).toBe(1)
      await page.screenshot({ path: `test-results/looks/widget-react-${theme}.png` })
      await page.getByRole('checkbox', { name: 'Show the copy' }).uncheck()
      await expect(copy).toHaveCount(0)
      await drawBox(page, original)
      await expect(page.getByLabel('Count')).toHaveText(/annotations$/)
      await page.getByRole('checkbox', { name: 'Show the copy' }).check()
      await expect.poll(() => ready('Copy')).toBe(640)
    })
  })
}
