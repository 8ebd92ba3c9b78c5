// Two people who have the same photograph open.
import { photo } from './photos'
import type { Visitor } from './test'

/** Ada, whose project it is, and Ben, who labels in it. */
export async function two(person: (name: string) => Promise<Visitor>) {
  const ada = await person('Ada')
  const ben = await person('Ben')
  const { project, labels } = await ada.api.createProject('Together', ['car', 'person'])
  await ada.api.addMember(project.id, ben.email, 'labeler')
  const image = await ada.api.upload(project.id, photo('together.png', 640, 480, 8))
  await ada.workbench.annotate(project.id, image.id)
  await ben.workbench.annotate(project.id, image.id)
  return { ada, ben, project, labels, image }
}
