// Every tool, chosen by its key and drawn with the mouse, on one photograph; undo takes it all back.
import type { Annotation, Shape } from '../support/api'
import { expectClose } from '../support/compare'
import { photo } from '../support/photos'
import { expect, onlyOn, test, type Visitor } from '../support/test'
import { TOOLS, type Point, type Tool } from '../support/workbench'

/** A person with a photograph of 640 × 480 open, and what tests ask of it. */
async function desk(ada: Visitor, name: string) {
  const { project, labels } = await ada.api.createProject(name, ['car', 'person'])
  const ontology = await ada.api.get<{ version: number; labels: Record<string, unknown>[] }>(`/api/v1/projects/${project.id}/ontology`)
  ontology.labels[1].skeleton = {
    joints: [
      { id: 1, name: 'head', x: 0.5, y: 0 },
      { id: 2, name: 'hip', x: 0.5, y: 0.5 },
      { id: 3, name: 'foot', x: 0.5, y: 1 },
    ],
    edges: [[1, 2], [2, 3]],
  }
  await ada.api.call('PUT', `/api/v1/projects/${project.id}/ontology`, ontology)
  const image = await ada.api.upload(project.id, photo('tools.png', 640, 480, 3))
  const { workbench, page } = ada
  await workbench.annotate(project.id, image.id)
  let count = 0
  return {
    ...ada,
    labels,
    image,
    /** Runs what draws one more shape, and returns it as the server has it. */
    async draws(tool: Tool, type: Shape['type'], draw: () => Promise<unknown>): Promise<Annotation> {
      return test.step(tool, async () => {
        await workbench.press(tool)
        const before = new Set((await ada.api.annotations(image.id)).map((row) => row.id))
        await draw()
        await workbench.count(++count)
        await workbench.saved()
        const made = (await ada.api.annotations(image.id)).filter((row) => !before.has(row.id))
        expect(made.map((row) => row.data.type)).toEqual([type])
        return made[0]
      })
    },
    async clicks(...points: Point[]) {
      for (const point of points) await workbench.click(point)
    },
    key: (key: string) => page.keyboard.press(key),
  }
}

onlyOn('webgpu', 'the main tools are driven on WebGL2 in main-tools.spec.ts')

test('shapes and lines', async ({ person }) => {
  const d = await desk(await person('Ada'), 'Shapes and lines')
  const { workbench } = d

  await d.draws('Box', 'box', () => workbench.drag([20, 20], [100, 80]))
  const rotated = await d.draws('Rotated box', 'rotated_box', () => d.clicks([140, 60], [220, 20], [232, 44]))
  expect(Math.abs((rotated.data as unknown as { angle: number }).angle + Math.atan2(40, 80))).toBeLessThan(0.05)
  const ellipse = await d.draws('Ellipse', 'ellipse', () => workbench.drag([260, 20], [340, 80]))
  expectClose((ellipse.data as unknown as { radii: number[] }).radii, [40, 30], 1.5)
  await d.draws('Polygon', 'polygon', async () => {
    await d.clicks([380, 20], [460, 20], [460, 80], [380, 80])
    await d.key('Enter')
  })
  await d.draws('Cuboid', 'cuboid', async () => {
    await workbench.drag([500, 40], [560, 90])
    await workbench.click([600, 20])
  })
  await d.draws('Polyline', 'polyline', async () => {
    await d.clicks([20, 120], [60, 160], [100, 120])
    await d.key('Enter')
  })
  await d.draws('Freehand', 'path', () => workbench.drag([140, 120], [180, 160], [220, 120]))
  await d.draws('Point', 'point', () => workbench.click([270, 140]))
  const arrow = await d.draws('Arrow', 'arrow', () => workbench.drag([320, 160], [400, 120]))
  expectClose((arrow.data as unknown as { to: number[] }).to, [400, 120], 1.5)
  const text = await d.draws('Text', 'text', async () => {
    await workbench.click([440, 120])
    const field = d.page.getByRole('textbox', { name: 'Text on the photograph' })
    await expect(field).toBeFocused()
    await d.page.keyboard.type('gate 7')
    await d.key('Control+Enter')
    await expect(field).toBeHidden()
  })
  expect((text.data as unknown as { text: string }).text).toBe('gate 7')
  // Escape gives up what is being typed, wherever the next click goes.
  await workbench.click([440, 300])
  const field = d.page.getByRole('textbox', { name: 'Text on the photograph' })
  await expect(field).toBeFocused()
  await d.page.keyboard.type('no')
  await d.key('Escape')
  await expect(field).toBeHidden()

  // A gesture that is given up leaves nothing; every finished one is one step of undo.
  await workbench.press('Box')
  await workbench.moveTo([20, 300])
  await d.page.mouse.down()
  await workbench.moveTo([90, 350])
  await d.key('Escape')
  await d.page.mouse.up()
  await workbench.count(10)
  for (let left = 9; left >= 0; left--) {
    await d.key('Control+z')
    await workbench.count(left)
  }
})

test('masks, wand, scissors, skeleton, slice', async ({ person }) => {
  const d = await desk(await person('Ada'), 'Masks')
  const { workbench, page } = d
  const area = (row: Annotation) => (row.data as unknown as { runs: number[] }).runs.filter((_, i) => i % 2 === 1).reduce((a, b) => a + b, 0)

  const stroke = await d.draws('Brush', 'mask', () => workbench.drag([40, 60], [160, 60]))
  const painted = area(stroke)
  expect(painted).toBeGreaterThan(1000)
  await test.step('Eraser', async () => {
    await workbench.press('Eraser')
    await workbench.drag([100, 20], [100, 100])
    await expect.poll(async () => area((await d.api.annotations(d.image.id))[0])).toBeLessThan(painted)
  })
  await test.step('the brush grows by its key', async () => {
    await workbench.press('Brush')
    const size = page.getByRole('group', { name: 'Tool settings' }).getByRole('slider', { name: 'Size' })
    const before = await size.getAttribute('aria-valuetext')
    await d.key(']')
    await expect(size).not.toHaveAttribute('aria-valuetext', before ?? '')
  })
  // The bright square of the photograph spans 192 to 320 and 192 to 336.
  // The photograph's pixels are read once the tool is chosen; a click before that finds none.
  const wand = await d.draws('Magic wand', 'mask', () =>
    expect(async () => {
      await workbench.click([250, 260])
      expect((await workbench.engine())!.annotations).toBe(2)
    }).toPass(),
  )
  expect(Math.abs(area(wand) - 128 * 144) / (128 * 144)).toBeLessThan(0.05)
  const cut = await d.draws('Scissors', 'polygon', async () => {
    await d.clicks([192, 192], [320, 192], [320, 336], [192, 336])
    await d.key('Enter')
  })
  expect((cut.data as unknown as { rings: number[][] }).rings[0].length).toBeGreaterThanOrEqual(8)
  await page.getByRole('listbox', { name: 'Labels' }).getByRole('option', { name: 'person' }).click()
  const figure = await d.draws('Skeleton', 'skeleton', () => workbench.drag([400, 60], [480, 260]))
  expect((figure.data as unknown as { joints: unknown[] }).joints).toHaveLength(3)

  await d.draws('Polygon', 'polygon', async () => {
    await d.clicks([420, 320], [600, 320], [600, 440], [420, 440])
    await d.key('Enter')
  })
  await test.step('Slice', async () => {
    await workbench.press('Slice')
    await workbench.drag([510, 300], [510, 460])
    await d.key('Enter')
    await workbench.count(6)
    await workbench.saved()
    const parts = (await d.api.annotations(d.image.id)).filter((row) => row.data.type === 'polygon')
    expect(parts).toHaveLength(3)
  })
  await test.step('Slice of a box and a line', async () => {
    await d.api.annotate(d.image.id, d.labels[0].id, { type: 'box', box: [20, 380, 100, 60] })
    await d.api.annotate(d.image.id, d.labels[0].id, { type: 'polyline', points: [20, 460, 120, 460] })
    await workbench.count(8)
    await d.key('Escape')
    await workbench.press('Select')
    await workbench.click([620, 20])
    await workbench.selected(0)
    await workbench.press('Slice')
    await workbench.drag([70, 360], [70, 475])
    await d.key('Enter')
    await workbench.count(10)
    await workbench.saved()
    const types = (await d.api.annotations(d.image.id)).map((row) => row.data.type)
    expect(types.filter((type) => type === 'polygon')).toHaveLength(5)
    expect(types.filter((type) => type === 'polyline')).toHaveLength(2)
    expect(types).not.toContain('box')
  })
})

test('lasso, measure, pan, and every tool by its button', async ({ person }) => {
  const d = await desk(await person('Ada'), 'Looking')
  const { workbench } = d
  await d.api.annotate(d.image.id, d.labels[0].id, { type: 'box', box: [100, 100, 80, 60] })
  await d.api.annotate(d.image.id, d.labels[0].id, { type: 'box', box: [300, 100, 80, 60] })
  await workbench.count(2)
  await workbench.press('Lasso')
  await workbench.drag([80, 80], [200, 80], [200, 180], [80, 180], [80, 80])
  await workbench.selected(1)
  await workbench.press('Measure')
  await d.clicks([100, 300], [200, 300])
  await expect(d.page.getByRole('status', { name: 'Measured' })).toContainText(/(99|100)(\.\d)? px/)
  await d.key('Escape')
  await test.step('names of labels are switched off for good', async () => {
    await workbench.canvas.focus()
    await d.key('Alt+n')
    await d.page.getByRole('button', { name: 'How the photograph is shown' }).click()
    const names = d.page.getByRole('dialog').getByRole('checkbox', { name: 'Names of labels' })
    await expect(names).not.toBeChecked()
    await d.page.reload()
    await workbench.opened()
    await d.page.getByRole('button', { name: 'How the photograph is shown' }).click()
    await expect(names).not.toBeChecked()
    await names.check()
    await d.key('Escape')
  })
  await workbench.press('Pan')
  const before = (await workbench.engine())!.camera.x
  await workbench.drag([300, 300], [340, 300])
  await workbench.until('the picture has moved', (state) => state.camera.x !== before)
  for (const name of Object.keys(TOOLS) as Tool[]) await workbench.choose(name)
})
