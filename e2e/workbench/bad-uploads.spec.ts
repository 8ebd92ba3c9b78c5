// Files that are no photographs: each is named with its reason, and the others go through.
import { hugeClaim, notAnImage, photo, truncated } from '../support/photos'
import { expect, onlyOn, test } from '../support/test'

onlyOn('webgpu', 'what is refused is not drawn')

test('what cannot be a photograph is refused with a reason, file by file', async ({ person }) => {
  const ada = await person('Ada')
  const { project } = await ada.api.createProject('Bad uploads', ['car'])
  const { page } = ada
  await page.goto(`/projects/${project.id}`)
  const files = [
    photo('good.png', 320, 240, 1),
    notAnImage('shopping.png'),
    truncated('half.png'),
    hugeClaim('huge.png'),
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('not even called a picture') },
    { name: 'empty.png', mimeType: 'image/png', buffer: Buffer.alloc(0) },
  ].map(({ name, mimeType, buffer }) => ({ name, mimeType, buffer }))
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose files' }).click()
  await (await chooser).setFiles(files)

  const uploads = page.getByRole('region', { name: 'Uploads' })
  await expect(uploads.getByText('1 uploaded, 5 failed')).toBeVisible({ timeout: 30_000 })
  for (const name of ['shopping.png', 'half.png', 'huge.png', 'notes.txt', 'empty.png']) {
    const row = uploads.getByRole('listitem').filter({ hasText: name })
    await expect(row).toContainText(/not a photograph|not an image|truncated|incomplete|ends|too large|pixels|empty/i)
  }
  await expect(page.getByRole('link', { name: 'good.png' })).toBeVisible()
  expect((await ada.api.images(project.id)).map((image) => image.filename)).toEqual(['good.png'])
})

test('the API answers bad input with a sentence and stores nothing', async ({ person, server }) => {
  const ada = await person('Ada')
  const eve = await person('Eve')
  const { project, labels } = await ada.api.createProject('Bad input', ['car'])
  const image = await ada.api.upload(project.id, photo('good.png'))
  const box = { type: 'box', box: [1, 1, 5, 5] }
  const ask = (name: string, contentType: string, size: number) => ({ filename: name, content_type: contentType, size_bytes: size })
  const cases: [string, string, unknown, number][] = [
    ['a path that climbs out', `/api/v1/projects/${project.id}/upload_url`, ask('../../etc/passwd.png', 'image/png', 10), 422],
    ['a page instead of a picture', `/api/v1/projects/${project.id}/upload_url`, ask('x.html', 'text/html', 10), 422],
    ['a size beyond reason', `/api/v1/projects/${project.id}/upload_url`, ask('x.png', 'image/png', 10 ** 12), 422],
    ['a label that does not exist', '/api/v1/annotations', { image_id: image.id, label_id: image.id, data: box }, 422],
    ['geometry outside all reason', '/api/v1/annotations', { image_id: image.id, label_id: labels[0].id, data: { type: 'box', box: [1e12, 0, 5, 5] } }, 422],
    ['no geometry', '/api/v1/annotations', { image_id: image.id, label_id: labels[0].id, data: { type: 'box' } }, 422],
  ]
  for (const [what, path, body, status] of cases) {
    const answer = await ada.api.call('POST', path, body).then(() => undefined, (error) => error)
    expect([400, 413, status], what).toContain(answer?.status)
    const problem = JSON.parse(answer.body)
    expect(problem.detail, what).toMatch(/\S+ \S+/)
    expect(problem.request_id, what).toBeTruthy()
  }
  expect(await ada.api.annotations(image.id)).toHaveLength(0)

  // Another tenant's things do not exist.
  for (const path of [`/api/v1/projects/${project.id}`, `/api/v1/images/${image.id}`, `/api/v1/projects/${project.id}/images`]) {
    const status = await eve.api.get(path).then(() => 200, (error) => error.status)
    expect(status, path).toBe(404)
  }
  for (const token of ['', 'nonsense', `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`]) {
    const answer = await fetch(`${server.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } })
    expect(answer.status).toBe(401)
  }
})
