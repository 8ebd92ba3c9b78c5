// Everything that a hand on the keyboard does alone.
import { photo } from '../support/photos'
import { expect, test } from '../support/test'

test('tools, labels, nudging, photographs and help by keys alone', async ({ person }) => {
  const ada = await person('Ada')
  const { project, labels } = await ada.api.createProject('Keys', ['car', 'person'])
  const first = await ada.api.upload(project.id, photo('first.png', 640, 480, 1))
  await ada.api.upload(project.id, photo('second.png', 640, 480, 2))
  await ada.api.annotate(first.id, labels[0].id, { type: 'box', box: [100, 100, 100, 100] })
  const { workbench, page } = ada
  await workbench.annotate(project.id, first.id)
  await expect(workbench.objects).toHaveCount(1)

  for (const [key, name] of [['b', 'Box'], ['p', 'Polygon'], ['v', 'Select']] as const) {
    await page.keyboard.press(key)
    await expect(workbench.tool(name)).toHaveAttribute('aria-pressed', 'true')
  }

  // Select all, give it the second label, nudge it, take the nudge back.
  await page.keyboard.press('Control+a')
  await workbench.until('it is selected', (state) => state.selection.length === 1)
  await expect(workbench.objects.first()).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('2')
  await workbench.canvas.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowDown')
  await workbench.saved()
  const box = async () => (await ada.api.annotations(first.id))[0]
  expect(await box()).toMatchObject({ label_id: labels[1].id, data: { type: 'box', box: [101, 101, 100, 100] } })
  await page.keyboard.press('Control+z')
  await workbench.saved()
  expect((await box()).data).toMatchObject({ box: [101, 100, 100, 100] })

  await page.keyboard.press('?')
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(sheet.getByText('Polygon tool')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(sheet).toBeHidden()

  await page.keyboard.press('Control+k')
  // A person sees the field before they type; keys until then are the canvas's.
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused()
  await page.keyboard.type('next photo')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/second\.png|first\.png/)
  await expect(page).not.toHaveURL(new RegExp(first.id))
})

test('the forms are reached and sent without a mouse', async ({ page, server }) => {
  await page.goto(`${server.url}/sign-up`)
  await page.getByLabel('Name', { exact: true }).focus()
  await page.keyboard.type('Kim Keyboard')
  await page.keyboard.press('Tab')
  await page.keyboard.type(`kim.${Date.now()}@example.org`)
  await page.keyboard.press('Tab')
  await page.keyboard.type('correct horse battery')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Projects', exact: true })).toBeVisible()
})
