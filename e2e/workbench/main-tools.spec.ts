// The main tools on both backends, and by touch: box, rotated box, polygon, brush, select.
import { boxOf, expectClose } from '../support/compare'
import { photo } from '../support/photos'
import { expect, test } from '../support/test'
import { Workbench, type Point } from '../support/workbench'

test('main tools by mouse', async ({ person }) => {
  const ada = await person('Ada')
  const { project } = await ada.api.createProject('Main tools', ['car'])
  const image = await ada.api.upload(project.id, photo('main.png', 640, 480, 2))
  const { workbench, page } = ada
  await workbench.annotate(project.id, image.id)
  await workbench.drawBox([40, 40], [160, 120])
  await workbench.drawPolygon([[200, 40], [300, 40], [260, 140]])
  await workbench.choose('Rotated box')
  for (const point of [[360, 100], [460, 60], [476, 100]] as Point[]) await workbench.click(point)
  await workbench.choose('Brush')
  await workbench.drag([60, 240], [200, 240])
  await workbench.count(4)

  await workbench.choose('Select')
  await workbench.click([100, 80])
  await workbench.selected(1)
  await workbench.drag([100, 80], [130, 100])
  await workbench.saved()
  const rows = await ada.api.annotations(image.id)
  expect(rows.map((row) => row.data.type).sort()).toEqual(['box', 'mask', 'polygon', 'rotated_box'])
  expectClose(boxOf(rows.find((row) => row.data.type === 'box')), [70, 60, 120, 80], 2)
  await page.keyboard.press('Control+a')
  await workbench.selected(4)
  await page.keyboard.press('Delete')
  await workbench.count(0)
  await page.keyboard.press('Control+z')
  await workbench.count(4)
})

test('main tools by touch', async ({ person, browser, server, watch }) => {
  const ada = await person('Ada')
  const { project } = await ada.api.createProject('Touch', ['car'])
  const image = await ada.api.upload(project.id, photo('touch.png', 640, 480, 2))
  const context = await browser.newContext({
    baseURL: server.url,
    hasTouch: true,
    storageState: await ada.context.storageState(),
  })
  const page = await context.newPage()
  watch(page)
  const workbench = new Workbench(page)
  await workbench.annotate(project.id, image.id)
  const session = await context.newCDPSession(page)
  const touch = async (...points: Point[]) => {
    const at = await Promise.all(points.map((point) => workbench.toScreen(point)))
    const [first, ...rest] = at.map(([x, y]) => [{ x: Math.round(x), y: Math.round(y) }])
    await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: first })
    for (const touchPoints of rest) await session.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints })
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  }
  const tap = async (name: 'Box' | 'Polygon' | 'Brush' | 'Select' | 'Rotated box') => {
    // Chromium drops a tap whose page answers late; a person taps again, and a tool may be chosen twice.
    await expect(async () => {
      await workbench.tool(name).tap()
      await expect(workbench.tool(name)).toHaveAttribute('aria-pressed', 'true', { timeout: 2_000 })
    }).toPass({ timeout: 15_000 })
  }

  await tap('Box')
  await touch([40, 40], [90, 80], [160, 120])
  await workbench.count(1)
  await tap('Polygon')
  for (const point of [[200, 40], [300, 40], [260, 140], [200, 40]] as Point[]) await touch(point)
  await workbench.count(2)
  await tap('Rotated box')
  for (const point of [[360, 100], [460, 60], [476, 100]] as Point[]) await touch(point)
  await workbench.count(3)
  await tap('Brush')
  await touch([60, 240], [120, 240], [200, 240])
  await workbench.count(4)
  await tap('Select')
  await touch([100, 80])
  await workbench.selected(1)
  await context.close()
})
