// What a first visit costs over the wire until a photograph shows.
import { photo } from '../support/photos'
import { expect, test } from '../support/test'
import { Workbench } from '../support/workbench'

const LIMIT_BYTES = 2_000_000

test('a first visit fetches at most 2 MB, and a second nothing of it again', async ({ browser, person, server }) => {
  const ada = await person('Ada')
  const { project } = await ada.api.createProject('First load', ['car'])
  const image = await ada.api.upload(project.id, photo('small.png', 160, 120, 3))

  const context = await browser.newContext({ baseURL: server.url, storageState: await ada.context.storageState() })
  const page = await context.newPage()
  const caching: string[] = []
  page.on('response', (answer) => {
    if (new URL(answer.url()).pathname.startsWith('/assets/')) caching.push(answer.headers()['cache-control'] ?? 'none')
  })
  const session = await context.newCDPSession(page)
  await session.send('Network.enable')
  let bytes = 0
  session.on('Network.loadingFinished', (event) => (bytes += event.encodedDataLength))
  await new Workbench(page).annotate(project.id, image.id)
  const first = bytes
  expect(first).toBeGreaterThan(100_000)
  expect(first).toBeLessThanOrEqual(LIMIT_BYTES)
  expect(caching.filter((value) => !value.includes('immutable'))).toEqual([])

  bytes = 0
  await page.reload()
  await new Workbench(page).opened()
  expect(bytes, 'the second visit').toBeLessThan(first / 4)
  await context.close()
})
