// Every page in dark and in light, kept as pictures for people to look at.
import { photo } from '../support/photos'
import { expect, onlyOn, test } from '../support/test'

onlyOn('webgpu', 'the pages are the same on both')

for (const theme of ['dark', 'light'] as const) {
  test(`every page in ${theme}`, async ({ person, browser, server }, info) => {
    const ada = await person('Ada')
    const { project, labels } = await ada.api.createProject('Harbour at dawn', ['boat', 'crane', 'person'])
    const images = []
    for (let i = 1; i <= 6; i++) images.push(await ada.api.upload(project.id, photo(`harbour ${i}.png`, 640, 480, i)))
    await ada.api.annotate(images[0].id, labels[0].id, { type: 'box', box: [60, 80, 160, 120] })
    await ada.api.annotate(images[0].id, labels[1].id, { type: 'polygon', rings: [[300, 100, 460, 90, 520, 260, 380, 320]] })
    const { page, workbench } = ada
    await page.addInitScript((name) => localStorage.setItem('visionflow.theme', name), theme)
    const shoot = async (name: string) => {
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
      await page.screenshot({ path: info.outputPath(`${theme}-${name}.png`) })
    }

    await page.goto('/projects')
    await expect(page.getByRole('link', { name: /Harbour at dawn/ })).toBeVisible()
    await shoot('projects')
    await page.goto(`/projects/${project.id}`)
    await expect(page.getByRole('link', { name: 'harbour 6.png' })).toBeVisible()
    await shoot('gallery')
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    await expect(page.getByRole('dialog', { name: 'Export dataset' })).toBeVisible()
    await shoot('export')
    await page.goto(`/projects/${project.id}/settings`)
    await expect(page.getByRole('heading', { name: 'Labels' })).toBeVisible()
    await shoot('settings')
    await page.getByRole('button', { name: 'Skeleton of person' }).click()
    await page.getByRole('button', { name: 'Presets' }).click()
    await page.getByRole('menuitem', { name: /COCO/ }).click()
    await shoot('skeleton')
    await page.getByRole('button', { name: 'Style of person' }).click()
    await shoot('style')
    await workbench.annotate(project.id, images[0].id)
    await expect(workbench.objects).toHaveCount(2)
    await shoot('annotate')
    await page.getByRole('button', { name: 'Filter objects' }).click()
    await page.keyboard.press('Control+a')
    await workbench.selected(2)
    await page.getByText('Style', { exact: true }).click()
    await page.getByRole('button', { name: 'How the photograph is shown' }).click()
    await shoot('view')
    await page.keyboard.press('Escape')
    const [x, y] = await workbench.toScreen([140, 140])
    await page.mouse.click(x, y, { button: 'right' })
    await expect(page.getByRole('menu', { name: 'Actions' })).toBeVisible()
    await shoot('menu')
    await page.keyboard.press('Escape')
    for (const tool of ['Brush', 'Magic wand', 'Polygon', 'Text'] as const) {
      await workbench.press(tool)
      await shoot(`tool-${tool.toLowerCase().replace(' ', '-')}`)
    }
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
    await shoot('shortcuts')
    await page.getByRole('button', { name: 'Change shortcuts' }).click()
    await expect(page.getByRole('dialog', { name: 'Change shortcuts' })).toBeVisible()
    await shoot('keys')

    const stranger = await browser.newContext({ baseURL: server.url })
    const out = await stranger.newPage()
    await out.addInitScript((name) => localStorage.setItem('visionflow.theme', name), theme)
    for (const path of ['sign-in', 'sign-up']) {
      await out.goto(`/${path}`)
      await expect(out.getByRole('heading', { level: 1 })).toBeVisible()
      await out.screenshot({ path: info.outputPath(`${theme}-${path}.png`) })
    }
    await stranger.close()
  })
}
