// The past of a photograph: named, looked at, compared, brought back, seen by everybody.
import { photo } from '../support/photos'
import { expect, onlyOn, test } from '../support/test'
import type { Workbench } from '../support/workbench'

onlyOn('webgpu', 'what was is painted as what is')

/** Until the canvas shows so many shapes of the past. */
async function shows(workbench: Workbench, shapes: number) {
  await workbench.until(`the past with ${shapes} shapes`, (state) => state.shows_past && state.shapes_shown === shapes)
}

async function shows_now(workbench: Workbench, shapes: number) {
  await workbench.until(`the present with ${shapes} shapes`, (state) => !state.shows_past && state.shapes_shown === shapes)
}

test('a version is named, looked at, and gone back to and forth, live for two people', async ({ person }) => {
  const ada = await person('Ada')
  const ben = await person('Ben')
  const { project } = await ada.api.createProject('Past', ['car'])
  await ada.api.addMember(project.id, ben.email, 'labeler')
  const image = await ada.api.upload(project.id, photo('past.png', 640, 480, 5))
  await ada.workbench.annotate(project.id, image.id)
  await ben.workbench.annotate(project.id, image.id)
  const { page, workbench } = ada

  // Draw, and name the version.
  await workbench.drawBox([50, 50], [150, 150])
  await workbench.drawBox([300, 100], [400, 220])
  await workbench.saved()
  await workbench.canvas.focus()
  await page.keyboard.press('Shift+z')
  const panel = page.getByRole('region', { name: 'History' })
  await panel.getByLabel('Name of the version').fill('two boxes')
  await panel.getByRole('button', { name: 'Name version' }).click()
  const timeline = panel.getByRole('list', { name: 'Versions and sessions' })
  await expect(timeline.getByRole('button', { name: /two boxes/ }).first()).toBeVisible()
  await expect(timeline.getByRole('button', { name: /Ada.*edits/ })).toBeVisible()
  // The same name again is refused in words.
  await panel.getByLabel('Name of the version').fill('two boxes')
  await panel.getByRole('button', { name: 'Name version' }).click()
  await expect(page.getByText('There is a version of this name already.')).toBeVisible()

  // Delete one shape, move nothing, add another.
  await workbench.choose('Select')
  await workbench.click([50, 100])
  await workbench.selected(1)
  await page.keyboard.press('Delete')
  await workbench.drawBox([450, 300], [550, 400])
  await workbench.saved()
  await ben.workbench.count(2)
  // The session goes on, and from here on stands above the version.
  await expect(timeline.getByRole('button', { name: /Ada.*4 edits/ })).toBeVisible()

  // The version beside now: one added, one removed; both are drawn, and nothing can be edited.
  await timeline.getByRole('button', { name: /two boxes/ }).first().click()
  await shows(workbench, 3)
  const banner = page.getByRole('status', { name: 'The past is shown' })
  await expect(banner).toContainText('two boxes')
  const legend = panel.getByRole('list', { name: 'What differs' })
  await expect(legend).toContainText('1 added since')
  await expect(legend).toContainText('0 changed since')
  await expect(legend).toContainText('1 removed since')
  expect((await workbench.engine())?.annotations).toBe(2)
  await expect(workbench.tool('Box')).toBeDisabled()
  await panel.getByRole('checkbox', { name: 'Show what differs from' }).uncheck()
  await shows(workbench, 2)
  await panel.getByRole('checkbox', { name: 'Show what differs from' }).check()
  await shows(workbench, 3)

  // What others do meanwhile goes into the live document, and into the difference.
  await ben.workbench.drawBox([20, 400], [80, 460])
  await shows(workbench, 4)
  await expect(legend).toContainText('2 added since')

  // Through time by the slider; Escape returns.
  const slider = panel.getByRole('slider', { name: 'Point in time' })
  await slider.fill('0')
  await shows(workbench, 3)
  await expect(legend).toContainText('3 added since')
  await slider.fill('1')
  await expect(banner).toBeVisible()
  await workbench.canvas.focus()
  await page.keyboard.press('Escape')
  await shows_now(workbench, 3)
  await expect(banner).toHaveCount(0)

  // Who drew it, and who touched it last.
  await workbench.choose('Select')
  await workbench.click([20, 430])
  await workbench.selected(1)
  await expect(page.getByText(/^Drawn by Ben, /)).toBeVisible()
  await page.keyboard.press('Shift+ArrowRight')
  await expect(page.getByText(/^Last touched by Ada, /)).toBeVisible()

  // One shape comes back by itself.
  await timeline.getByRole('button', { name: /two boxes/ }).first().click()
  await shows(workbench, 4)
  await panel.getByRole('list', { name: 'What can be brought back' }).getByRole('button', { name: 'Restore car' }).click()
  await expect(legend).toContainText('0 removed since')
  await ben.workbench.count(4)

  // All of it: Ben sees it, and Ada's undo brings the later work back exactly.
  await panel.getByRole('button', { name: 'Revert to this' }).click()
  await shows_now(workbench, 2)
  await ben.workbench.count(2)
  await workbench.saved()
  expect(await ada.api.annotations(image.id)).toHaveLength(2)
  await workbench.canvas.focus()
  await page.keyboard.press('Control+z')
  await workbench.count(4)
  await ben.workbench.count(4)
  await Promise.all([workbench.saved(), ben.workbench.saved()])
  expect(await ada.api.annotations(image.id)).toHaveLength(4)
})
