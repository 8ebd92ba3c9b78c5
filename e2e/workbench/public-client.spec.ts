// The unmodified npm packages `yjs` and `y-websocket`, and a plain script that speaks the rooms
// protocol, in one room with the engine.
import WebSocket from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { randomUUID } from 'node:crypto'
import { photo } from '../support/photos'
import { expect, onlyOn, test } from '../support/test'

onlyOn('webgpu', 'what is told does not draw')

test('a public Yjs client, a script of the rooms protocol and the engine see each other’s edits and awareness', async ({ person, server }) => {
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

  // A script of ordered events: what was before it came, what it draws, where it is.
  // @ts-expect-error: plain JavaScript, as scripts are.
  const { Room } = await import('../../docs/rooms-client.mjs')
  const events = new Room(server.url, image.room_id, { token: script.api.token })
  await expect.poll(() => events.doc.getMap('annotations').size).toBe(2)
  const third = { v: 1, kind: 'box', label: labels[0].id, geometry: [400, 300, 50, 60], z: 0, attributes: {} }
  events.doc.getMap('annotations').set(randomUUID(), third)
  await expect(ada.workbench.objects).toHaveCount(3)
  await expect.poll(() => records.size).toBe(3)
  await ada.workbench.drawBox([20, 300], [80, 380])
  await expect.poll(() => [records.size, events.doc.getMap('annotations').size, events.saved]).toEqual([4, 4, true])
  events.show({ x: 30, y: 40 })
  await ada.workbench.until('Ada sees where the script is', ({ peers }) => {
    return peers.some(({ presence }) => presence.cursor?.x === 30 && presence.cursor.y === 40)
  })
  await expect.poll(() => [...events.others.values()].some((other: { name?: string }) => other.name === 'Ada')).toBe(true)
  events.close()
  await ada.workbench.until('the script has left', ({ peers }) => peers.every(({ presence }) => presence.cursor?.x !== 30))

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
