// The unmodified npm packages `yjs` and `y-websocket` in one room with the engine.
import WebSocket from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { randomUUID } from 'node:crypto'
import { photo } from '../support/photos'
import { expect, test } from '../support/test'

test('a public Yjs client and the engine see each other’s edits and awareness', async ({ person, server }) => {
  const ada = await person('Ada')
  const script = await person('Script')
  const { project, labels } = await ada.api.createProject('Public client', ['car'])
  await ada.api.addMember(project.id, script.email, 'labeler')
  const image = await ada.api.upload(project.id, photo('public.png', 640, 480, 2))
  await ada.workbench.annotate(project.id, image.id)

  const doc = new Y.Doc()
  const provider = new WebsocketProvider(`${server.url.replace('http', 'ws')}/v1/ws/rooms`, image.room_id, doc, {
    params: { token: script.api.token },
    WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
    disableBc: true,
  })
  const records = doc.getMap<{ kind: string; geometry: number[] }>('annotations')
  await expect.poll(() => provider.synced).toBe(true)

  // From the engine to the public client.
  const drawn = await ada.workbench.drawBox([100, 100], [200, 180])
  await expect.poll(() => records.size).toBe(1)
  const [record] = [...records.values()]
  expect(record.kind).toBe('box')
  record.geometry.forEach((value, i) => expect(Math.abs(value - drawn[i])).toBeLessThan(1))

  // And back.
  records.set(randomUUID(), { v: 1, kind: 'box', label: labels[0].id, geometry: [300, 100, 50, 60], z: 0, attributes: {} } as never)
  await expect(ada.workbench.objects).toHaveCount(2)

  // Awareness, both ways.
  const seesAda = () =>
    [...provider.awareness.getStates().values()].some((state) => (state.user as { name?: string } | undefined)?.name === 'Ada')
  await expect.poll(seesAda).toBe(true)
  provider.awareness.setLocalStateField('user', { name: 'A script' })
  provider.awareness.setLocalStateField('cursor', { x: 10, y: 20 })
  await expect(ada.page.getByRole('list', { name: 'Also here' }).getByRole('listitem')).toHaveCount(1)
  provider.destroy()
  await expect(ada.page.getByRole('list', { name: 'Also here' }).getByRole('listitem')).toHaveCount(0)
})
