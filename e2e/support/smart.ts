// A photograph open for the smart polygon with its real model, and how well what it made agrees.
import { expect, type Locator, type Request } from '@playwright/test'
import type { Annotation } from './api'
import { CUP, iou, ringsOf, type Subject } from './outlines'
import type { Visitor } from './test'

/** The model is loaded and looks at a photograph; on a slow machine that takes its time. */
export const MODEL_MS = 120_000

/** Waits until the model looks at the photograph; asked often, for it may be quick. */
export async function looking(model: Locator): Promise<void> {
  await expect.poll(() => model.textContent(), { timeout: MODEL_MS, intervals: [20] }).toContain('Looking at the photograph')
}

export const overlap = (row: Annotation, { photo, outline }: Subject) =>
  iou(photo, ringsOf((row.data as unknown as { rings: number[][] }).rings), [outline])

type SmartDesk = Awaited<ReturnType<typeof smartDesk>>

/** A person with the photograph open, and every request that the page made. */
export async function smartDesk(ada: Visitor, name: string, photo = CUP.photo) {
  const requests: Request[] = []
  ada.page.on('request', (request) => requests.push(request))
  const { project } = await ada.api.createProject(name, ['cup', 'other'])
  const image = await ada.api.upload(project.id, photo)
  await ada.workbench.annotate(project.id, image.id)
  const model = ada.page.getByRole('status', { name: 'Model', exact: true })
  const alternatives = ada.page.getByRole('group', { name: 'What may be meant' }).getByRole('status')
  return { ...ada, project, image, model, alternatives, requests, rows: () => ada.api.annotations(image.id) }
}

/** Clicks as often as a subject asks for, and accepts what was found; the row that came of it. */
export async function outline({ page, workbench, alternatives, rows }: SmartDesk, subject: Subject): Promise<Annotation> {
  for (const [point, isPart] of subject.clicks) {
    if (!isPart) await page.keyboard.down('Alt')
    await workbench.click(point)
    await page.keyboard.up('Alt')
    await expect(alternatives).toContainText('1 of', { timeout: MODEL_MS })
  }
  await page.keyboard.press('Enter')
  await workbench.until('it is accepted', (state) => state.annotations === 1, MODEL_MS)
  await workbench.saved()
  return (await rows())[0]!
}

/** What was sent that may hold a photograph. */
export const large = (requests: Request[]) =>
  requests
    .filter((request) => request.method() !== 'GET' && (request.postDataBuffer()?.length ?? 0) > 20_000)
    .map((request) => request.url())
