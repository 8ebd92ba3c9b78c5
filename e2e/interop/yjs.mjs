// The unmodified npm packages yjs and y-websocket in a room of ours, beside a second person and the
// HTTP API: everyone sees everyone's edits and awareness.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import WebSocket from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { call, createProject, signUp } from './support/project.mjs'
import { withServer } from './support/server.mjs'

await withServer(async (url) => {
  const ada = await signUp(url, 'ada')
  const ben = await signUp(url, 'ben')
  const eve = await signUp(url, 'eve')
  const { project, label, image } = await createProject(url, ada)
  await call(url, ada.token, 'POST', `/api/v1/projects/${project.id}/members`, { email: ben.email, role: 'labeler' })

  const a = join(url, image.room_id, ada)
  const b = join(url, image.room_id, ben)
  await Promise.all([synced(a), synced(b)])

  // Awareness, both ways, with a cursor that moves.
  a.provider.awareness.setLocalStateField('user', { name: 'ada' })
  b.provider.awareness.setLocalStateField('user', { name: 'ben' })
  await until('they see each other', () => nameSeen(a, b) === 'ben' && nameSeen(b, a) === 'ada')
  a.provider.awareness.setLocalStateField('cursor', { x: 12, y: 34 })
  await until('the cursor moves', () => stateSeen(b, a)?.cursor?.x === 12)

  // Edits, both ways.
  const [first, second, third] = [randomUUID(), randomUUID(), randomUUID()]
  a.records.set(first, box(label, [10, 20, 30, 40]))
  b.records.set(second, box(label, [50, 60, 70, 80]))
  await until('they see each other’s boxes', () => a.records.has(second) && b.records.has(first))

  // The HTTP API reads them, and writes one that appears live.
  const rows = async () => (await call(url, ada.token, 'GET', `/api/v1/annotations?image_id=${image.id}`)).items
  await until('both stand in the rows', async () => (await rows()).length === 2)
  const byId = Object.fromEntries((await rows()).map((row) => [row.id, row]))
  assert.deepEqual(byId[first].data, { type: 'box', box: [10, 20, 30, 40] })
  assert.equal(byId[first].annotator_id, ada.id)
  assert.equal(byId[second].annotator_id, ben.id)
  await call(url, ben.token, 'POST', '/api/v1/annotations', {
    id: third,
    image_id: image.id,
    label_id: label.id,
    data: { type: 'polygon', rings: [[0, 0, 100, 0, 50, 80]] },
  })
  await until('the API’s polygon is live', () => a.records.has(third) && b.records.has(third))
  assert.deepEqual(a.records.get(third).geometry, [[0, 0, 100, 0, 50, 80]])
  await call(url, ben.token, 'PATCH', `/api/v1/annotations/${first}`, { data: { type: 'box', box: [1, 2, 3, 4] } })
  await until('the API’s change is live', () => b.overrides.get(`${first}/geometry`)?.[2] === 3)

  // Offline for a while, on both sides; then everything merges.
  b.provider.disconnect()
  const [fourth, fifth] = [randomUUID(), randomUUID()]
  b.records.set(fourth, box(label, [5, 5, 5, 5]))
  a.records.set(fifth, box(label, [6, 6, 6, 6]))
  b.provider.connect()
  await until('both sides have merged', () => a.records.has(fourth) && b.records.has(fifth))
  // After reconnecting, public clients repeat presence under the old clock, which y-protocols takes
  // for old news until it is renewed, fifteen seconds later at the latest. Movements do the same.
  a.provider.awareness.setLocalStateField('cursor', { x: 1, y: 1 })
  b.provider.awareness.setLocalStateField('cursor', { x: 2, y: 2 })
  await until('awareness is back', () => nameSeen(a, b) === 'ben' && nameSeen(b, a) === 'ada')

  // A newcomer gets everything at once; who leaves is gone at once.
  const late = join(url, image.room_id, ada)
  await synced(late)
  await until('the newcomer has all five', () => late.records.size === 5)
  await until('the newcomer sees the others', () => nameSeen(late, b) === 'ben')
  late.provider.destroy()
  b.provider.destroy()
  await until('who left is gone', () => stateSeen(a, b) === undefined && stateSeen(a, late) === undefined)

  // No access: the socket is closed with a code that a browser sees.
  assert.equal(await closeCode(`${socketUrl(url)}/${image.room_id}?token=${eve.token}`), 4404)
  assert.equal(await closeCode(`${socketUrl(url)}/${image.room_id}?token=nonsense`), 4401)
  assert.equal(await closeCode(`${socketUrl(url)}/${randomUUID()}?token=${ada.token}`), 4404)
  a.provider.destroy()
  console.log('yjs and y-websocket: edits, awareness, offline merge, REST, refusals')
})

function join(url, roomId, person) {
  const doc = new Y.Doc()
  const provider = new WebsocketProvider(socketUrl(url), roomId, doc, {
    params: { token: person.token },
    WebSocketPolyfill: WebSocket,
    disableBc: true,
  })
  return { doc, provider, records: doc.getMap('annotations'), overrides: doc.getMap('overrides') }
}

function socketUrl(url) {
  return `${url.replace(/^http/, 'ws')}/v1/ws/rooms`
}

function box(label, geometry) {
  return { v: 1, kind: 'box', label: label.id, geometry, z: 0, attributes: {} }
}

function synced({ provider }) {
  return new Promise((resolve) => (provider.synced ? resolve() : provider.once('sync', resolve)))
}

function stateSeen(by, of) {
  return by.provider.awareness.getStates().get(of.doc.clientID)
}

function nameSeen(by, of) {
  return stateSeen(by, of)?.user?.name
}

function closeCode(url) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url)
    socket.once('close', resolve)
    socket.once('error', reject)
  })
}

async function until(what, holds) {
  const limit = Date.now() + 15_000
  while (!(await holds())) {
    if (Date.now() > limit) throw new Error(`in 15 s it did not happen that ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
