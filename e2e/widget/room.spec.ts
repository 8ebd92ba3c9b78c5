// The package in a room of a VisionFlow server: what it draws is durable, and what others do appears.
import { Api } from '../support/api'
import { photo } from '../support/photos'
import { Server } from '../support/server'
import { drag, expect, mount, test } from './support/test'

test('a page of somebody else in a room of ours', async ({ blank }) => {
  test.skip(!process.env.VISIONFLOW_SERVER_BINARY, 'needs the server, which `cargo xtask test` builds')
  test.setTimeout(240_000)
  const server = await Server.start()
  try {
    const ada = await Api.signUp(server.url, 'Ada')
    const ben = await Api.signUp(server.url, 'Ben')
    const { project, labels } = await ada.api.createProject('Widget', ['Car', 'Tree'])
    const image = await ada.api.upload(project.id, photo('widget.png', 640, 420, 1))
    await ada.api.addMember(project.id, ben.email, 'labeler')
    await mount(blank, { src: 'photo.png', ontology: { version: 1, labels }, tool: 'box' })
    await blank.evaluate(
      ([url, room, token]) => {
        window.annotator.connect({ url, room, visionflow: true, journal: 'ada', user: { name: 'Ada' }, params: async () => ({ token }) })
      },
      [server.url.replace('http', 'ws'), image.room_id, ada.api.token] as const,
    )
    const state = () => blank.evaluate(() => window.annotator.saveState)
    await expect.poll(state).toBe('saved')

    await drag(blank, [100, 100], [200, 180])
    await expect.poll(state).toBe('saved')
    await expect.poll(async () => (await ada.api.annotations(image.id)).map((row) => row.data.type)).toEqual(['box'])
    await ben.api.annotate(image.id, labels[1]!.id, { type: 'polygon', rings: [[0, 0, 100, 0, 50, 80]] })
    await expect.poll(() => blank.evaluate(() => window.annotator.annotations.map(({ shape }) => shape.type).sort())).toEqual(['box', 'polygon'])

    // A token that is none: said once, and the page goes on.
    const said = await blank.evaluate(
      ([url, room]) =>
        new Promise((resolve) => {
          window.annotator.on('unauthenticated', (event) => resolve(event.type))
          window.annotator.connect({ url, room, visionflow: true, params: { token: 'nonsense' } })
        }),
      [server.url.replace('http', 'ws'), image.room_id] as const,
    )
    expect(said).toBe('unauthenticated')
  } finally {
    await server.stop()
  }
})
