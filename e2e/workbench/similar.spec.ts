// Find similar, with its real model: from one coin to the others of the photograph, as suggestions.
import { COIN } from '../support/outlines'
import { expect, onlyOn, test } from '../support/test'

test.setTimeout(240_000)
// The model is loaded and looks at a photograph; on a slow machine that takes its time.
const MODEL_MS = 180_000

onlyOn('webgl2', 'the model does not draw')

test('from one coin the others are proposed, and taken back', async ({ person }) => {
  const ada = await person('Ada')
  const { page, workbench } = ada
  const { project, labels } = await ada.api.createProject('Coins', ['coin'])
  const image = await ada.api.upload(project.id, COIN.photo)
  await ada.api.annotate(image.id, labels[0].id, { type: 'polygon', rings: [COIN.outline.flat()] })
  await workbench.annotate(project.id, image.id)
  await workbench.count(1)
  await workbench.press('Select')
  await workbench.click(COIN.clicks[0]![0])
  await workbench.selected(1)
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused()
  await page.keyboard.type('Find similar here')
  // It is offered once there is something to find others of.
  await expect(page.getByRole('dialog').getByRole('option', { selected: true })).toContainText('Find similar here (experimental)')
  await page.keyboard.press('Enter')

  const panel = page.getByRole('region', { name: 'Suggestions' })
  const row = panel.getByRole('listitem').filter({ hasText: 'coin' })
  // There are 23 others in the photograph.
  await expect(row).toHaveText(/^coin(1[5-9]|2\d)(?!\d)/, { timeout: MODEL_MS })
  expect(await ada.api.annotations(image.id), 'nobody accepted anything').toHaveLength(1)
  await panel.getByRole('button', { name: 'Accept all of coin' }).click()
  await workbench.until('they are annotations', (state) => state.annotations > 15)
  await page.keyboard.press('Control+z')
  await workbench.count(1)
})
