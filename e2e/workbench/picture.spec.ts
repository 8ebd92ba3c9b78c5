// A photograph with its annotations as a picture: asked for in the workbench, drawn by the server.
import { readFile } from 'node:fs/promises'
import type { Download, Page } from '@playwright/test'
import { photo } from '../support/photos'
import { expect, test } from '../support/test'

interface Picture {
  width: number
  height: number
  rgba: number[]
}

/** The file's pixels, decoded by the browser. */
async function decoded(page: Page, download: Download): Promise<Picture> {
  const bytes = [...(await readFile(await download.path()))]
  return page.evaluate(async (bytes) => {
    const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]))
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
    if (!context) throw new Error('no canvas')
    context.drawImage(bitmap, 0, 0)
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height)
    return { width: bitmap.width, height: bitmap.height, rgba: [...data] }
  }, bytes)
}

function pixel({ width, rgba }: Picture, x: number, y: number): number[] {
  return rgba.slice((y * width + x) * 4, (y * width + x) * 4 + 4)
}

test('a drawn box is exported on white, and the photograph with it at twice its size', async ({ person }) => {
  const ada = await person('Ada')
  const { project } = await ada.api.createProject('Pictures', ['car'])
  const image = await ada.api.upload(project.id, photo('street.png', 320, 240, 1))
  const { workbench, page } = ada
  await workbench.annotate(project.id, image.id)
  const drawn = await workbench.drawBox([60, 50], [200, 150])
  await workbench.saved()
  const dialog = page.getByRole('dialog', { name: 'Export picture' })
  const exported = async () => {
    const downloading = page.waitForEvent('download')
    await dialog.getByRole('button', { name: 'Export', exact: true }).click()
    const download = await downloading
    await expect(dialog).toBeHidden()
    return download
  }

  await test.step('by the palette, as PNG on white', async () => {
    await page.keyboard.press('Control+k')
    await page.keyboard.type('export picture')
    await page.keyboard.press('Enter')
    await expect(dialog).toBeVisible()
    await expect(dialog.getByText('320 × 240 pixels')).toBeVisible()
    await dialog.getByRole('combobox', { name: 'Background' }).selectOption('White')
    const download = await exported()
    expect(download.suggestedFilename()).toBe('street annotated.png')
    const picture = await decoded(page, download)
    expect([picture.width, picture.height]).toEqual([320, 240])
    const [left, top, width, height] = drawn.map(Math.round)
    expect(pixel(picture, 5, 5)).toEqual([255, 255, 255, 255])
    // The label's #e5484d, as a line and as a fill of a fifth.
    const [r, g, b] = pixel(picture, left, top + Math.round(height / 2))
    expect([Math.abs(r - 0xe5), Math.abs(g - 0x48), Math.abs(b - 0x4d)].every((off) => off < 60)).toBe(true)
    const [, inside] = pixel(picture, left + Math.round(width / 2), top + Math.round(height / 2))
    expect(inside).toBeGreaterThan(200)
    expect(inside).toBeLessThan(235)
  })

  await test.step('by the button, as JPEG with the photograph at twice its size', async () => {
    await page.getByRole('button', { name: 'Export picture…' }).click()
    await dialog.getByRole('combobox', { name: 'File' }).selectOption('JPEG')
    await expect(dialog.getByRole('combobox', { name: 'Background' }).locator('option')).toHaveText(['Photograph', 'White'])
    await dialog.getByRole('combobox', { name: 'Size' }).selectOption('200 %')
    await expect(dialog.getByText('640 × 480 pixels')).toBeVisible()
    const download = await exported()
    expect(download.suggestedFilename()).toBe('street annotated.jpg')
    const picture = await decoded(page, download)
    expect([picture.width, picture.height]).toEqual([640, 480])
    // The bright square of the photograph, beside the box.
    const [r, g, b] = pixel(picture, 300, 320)
    expect(Math.max(Math.abs(r - 235), Math.abs(g - 200), Math.abs(b - 80))).toBeLessThan(12)
  })

  await test.step('what is too large is refused in words', async () => {
    await page.keyboard.press('Control+Shift+e')
    await dialog.getByRole('combobox', { name: 'Size' }).selectOption('For paper')
    await dialog.getByLabel('Resolution in DPI').fill('9000')
    await dialog.getByRole('button', { name: 'Export', exact: true }).click()
    await expect(page.getByText('The dpi must be between 1 and 768.')).toBeVisible()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await expect(dialog).toBeHidden()
  })
})
