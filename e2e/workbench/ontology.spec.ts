// The labels' page: skeleton templates, styles, attributes of every type.
import { photo } from '../support/photos'
import { expect, test } from '../support/test'
import type { Point } from '../support/workbench'

test('a skeleton is made by preset and by hand, saved, and drawn', async ({ person }, info) => {
  test.skip(info.project.name !== 'webgpu', 'the page has no canvas')
  const ada = await person('Ada')
  const { project, labels } = await ada.api.createProject('Ontology', ['person', 'dog'])
  const image = await ada.api.upload(project.id, photo('ontology.png', 640, 480, 1))
  const { page, workbench } = ada
  await page.goto(`/projects/${project.id}/settings`)

  await page.getByRole('button', { name: 'Skeleton of person' }).click()
  const editor = page.getByRole('group', { name: 'Skeleton of person' })
  await editor.getByRole('button', { name: 'Presets' }).click()
  await page.getByRole('menuitem', { name: /COCO/ }).click()
  const joints = editor.getByRole('list', { name: 'Joints' }).getByRole('listitem')
  await expect(joints).toHaveCount(17)

  // One more joint by a click, moved by a drag, named, and joined to the nose.
  const frame = editor.getByRole('group', { name: 'Frame of the skeleton' })
  const box = (await frame.boundingBox())!
  await page.mouse.click(box.x + 40, box.y + 40)
  await expect(joints).toHaveCount(18)
  await page.mouse.move(box.x + 40, box.y + 40)
  await page.mouse.down()
  await page.mouse.move(box.x + 60, box.y + 60, { steps: 3 })
  await page.mouse.up()
  await joints.nth(17).getByLabel('Joint name').fill('hat')
  // Its name has the focus, so it is the one that the next is joined to.
  await expect(editor.getByRole('button', { name: 'hat', exact: true })).toHaveAttribute('aria-pressed', 'true')
  await editor.getByRole('button', { name: 'nose', exact: true }).focus()
  await page.keyboard.press('Enter')

  await page.getByRole('button', { name: 'Style of dog' }).click()
  await page.getByRole('slider', { name: 'Width' }).fill('5')
  await page.getByRole('button', { name: 'Attributes of person' }).click()
  await page.getByRole('button', { name: 'Add attribute' }).click()
  const attribute = page.getByRole('list', { name: 'Attributes of person' }).getByRole('listitem')
  await attribute.getByRole('combobox', { name: 'Kind' }).selectOption('checkbox')
  await attribute.getByRole('combobox', { name: 'Default' }).selectOption('yes')
  await page.getByRole('button', { name: 'Save labels' }).click()
  await expect(page.getByText('Labels saved.')).toBeVisible()
  const stored = await ada.api.get<{ labels: { attributes: unknown[]; style?: { width?: number }; skeleton?: { joints: { id: number; name: string; x: number }[]; edges: number[][] } }[] }>(
    `/api/v1/projects/${project.id}/ontology`,
  )
  const skeleton = stored.labels[0].skeleton!
  expect(skeleton.joints.at(-1)).toMatchObject({ id: 18, name: 'hat' })
  expect(skeleton.edges.at(-1)).toEqual([18, 1])
  expect(stored.labels[1].style?.width).toBe(5)
  expect(stored.labels[0].attributes).toMatchObject([{ kind: 'checkbox', default: true }])

  await workbench.annotate(project.id, image.id)
  await workbench.press('Skeleton')
  await workbench.drag([100, 60], [220, 400])
  await workbench.count(1)
  await expect(page.getByRole('group', { name: 'Joints' }).getByRole('group')).toHaveCount(18)
  await page.getByRole('group', { name: 'hat' }).getByRole('button', { name: 'Covered' }).click()
  const drawn = async () => {
    await workbench.saved()
    const [row] = await ada.api.annotations(image.id)
    const joints = (row.data as unknown as { joints: { id: number; at: Point; state: string }[] }).joints
    return { row, hat: joints.find((joint) => joint.id === 18)! }
  }
  const { row, hat } = await drawn()
  expect(row.label_id).toBe(labels[0].id)
  expect(Object.values(row.attributes), 'drawn with its default').toEqual([true])
  expect(hat.state).toBe('occluded')

  // With a joint chosen digits are about it, and not about the labels that have the same.
  await workbench.press('Select')
  await workbench.click(hat.at)
  for (const [key, state, shown] of [['1', 'visible', 'Visible'], ['2', 'occluded', 'Covered']] as const) {
    await page.keyboard.press(key)
    await expect(page.getByRole('group', { name: 'hat' }).getByRole('button', { name: shown, pressed: true })).toBeVisible()
    const now = await drawn()
    expect([now.hat.state, now.row.label_id]).toEqual([state, labels[0].id])
  }
})
