// What the select tool does by mouse and keys: turning, resizing what leans, copies, groups, points, marquee.
import { boxOf, expectClose } from '../support/compare'
import { photo } from '../support/photos'
import { expect, test } from '../support/test'
import type { Point } from '../support/workbench'

test('turn, resize, copy, go into a group, go down through what overlaps, edit points', async ({ person }) => {
  const ada = await person('Ada')
  const { project, labels } = await ada.api.createProject('Selection', ['car'])
  const image = await ada.api.upload(project.id, photo('selection.png', 640, 480, 4))
  const draw = (data: Parameters<typeof ada.api.annotate>[2]) => ada.api.annotate(image.id, labels[0].id, data)
  const first = await draw({ type: 'box', box: [100, 200, 120, 60] })
  const second = await draw({ type: 'box', box: [400, 100, 100, 100] })
  const inner = await draw({ type: 'box', box: [420, 120, 60, 60] })
  const { workbench, page } = ada
  await workbench.annotate(project.id, image.id)
  await workbench.count(3)
  const shape = async (id: string) => {
    await workbench.saved()
    return (await ada.api.annotations(image.id)).find((row) => row.id === id)!.data
  }
  const scale = (await workbench.engine())!.camera.scale
  const dragWith = async (keys: string[], ...points: Point[]) => {
    for (const key of keys) await page.keyboard.down(key)
    await workbench.drag(...points)
    for (const key of keys) await page.keyboard.up(key)
  }

  await test.step('the handle above a box turns it, with Shift onto steps of 15°', async () => {
    await workbench.press('Select')
    await workbench.click([160, 230])
    await workbench.selected(1)
    await dragWith(['Shift'], [160, 200 - 26 / scale], [250, 235])
    await expect.poll(async () => (await shape(first.id)).type).toBe('rotated_box')
    const turned = (await shape(first.id)) as unknown as { angle: number; size: number[] }
    expectClose([turned.angle, ...turned.size], [Math.PI / 2, 120, 60], 1e-6)
  })

  await test.step('its sides move along its own axes', async () => {
    // At a quarter turn its right side is below: from y = 290 to 330.
    await workbench.drag([160, 290], [165, 330])
    await expect.poll(async () => (await shape(first.id) as unknown as { size: number[] }).size[0]).toBeGreaterThan(155)
    const resized = (await shape(first.id)) as unknown as { center: number[]; size: number[] }
    expectClose([...resized.center, ...resized.size], [160, 250, 160, 60], 2)
  })

  await test.step('Alt-click goes down through what overlaps', async () => {
    await page.keyboard.down('Alt')
    for (const id of [inner.id, second.id, inner.id]) {
      await workbench.click([450, 150])
      await workbench.until('the next one is selected', (state) => state.selection[0] === id)
    }
    await page.keyboard.up('Alt')
  })

  await test.step('Control-drag leaves a copy, and undo takes it away', async () => {
    await workbench.drag([600, 400], [600, 400])
    await dragWith(['Control'], [450, 150], [300, 380])
    await workbench.count(4)
    await workbench.selected(1)
    await page.keyboard.press('Control+z')
    await workbench.count(3)
    await workbench.saved()
    expect(boxOf(await ada.api.annotations(image.id).then((rows) => rows.find((row) => row.id === inner.id)!))).toEqual([420, 120, 60, 60])
  })

  await test.step('a marquee to the right encloses, to the left touches', async () => {
    await workbench.drag([380, 80], [450, 220])
    await workbench.selected(0)
    await workbench.drag([450, 220], [380, 80])
    await workbench.selected(2)
  })

  await test.step('a group is selected by a member, and entered by a double click', async () => {
    // The key means something once the page has heard of the selection.
    await expect(page.getByRole('row', { selected: true })).toHaveCount(2)
    await page.keyboard.press('Control+g')
    await workbench.until('the two are a group', (state) => !state.can_redo)
    await workbench.click([600, 400])
    await workbench.selected(0)
    await workbench.click([405, 195])
    await workbench.selected(2)
    const [x, y] = await workbench.toScreen([405, 195])
    await page.mouse.dblclick(x, y)
    await workbench.until('the member alone is selected', (state) => state.selection.length === 1 && state.selection[0] === second.id)
    await page.keyboard.press('Escape')
    await workbench.selected(2)
  })

  await test.step('a held arrow key is one step', async () => {
    for (let repeat = 0; repeat < 12; repeat++) await page.keyboard.down('ArrowRight')
    await page.keyboard.up('ArrowRight')
    await expect.poll(async () => ((await shape(second.id)) as { box: number[] }).box[0]).toBe(412)
    await page.keyboard.press('Control+z')
    await expect.poll(async () => ((await shape(second.id)) as { box: number[] }).box[0]).toBe(400)
  })

  await test.step('corners are dragged, inserted and removed', async () => {
    const triangle = await draw({ type: 'polygon', rings: [[300, 300, 380, 300, 300, 380]] })
    await workbench.count(4)
    await workbench.click([315, 315])
    await workbench.until('the polygon is selected', (state) => state.selection[0] === triangle.id)
    await workbench.drag([340, 340], [390, 390])
    await expect.poll(async () => ((await shape(triangle.id)) as { rings: number[][] }).rings[0].length).toBe(8)
    await page.keyboard.down('Alt')
    await workbench.click([300, 300])
    await page.keyboard.up('Alt')
    await expect.poll(async () => ((await shape(triangle.id)) as { rings: number[][] }).rings[0].length).toBe(6)
  })
})
