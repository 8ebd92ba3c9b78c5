// The rooms API from a plain script (docs/rooms-client.mjs: `ws` and `yjs`, nothing of ours) beside
// the unmodified y-websocket in one room: over HTTP, edits, replay, presence both ways.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import WebSocket from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { Room } from '../../docs/rooms-client.mjs'
import { call, greyPng, signUp } from './support/project.mjs'
import { withServer } from './support/server.mjs'

await withServer(async (url) => {
  const ada = await signUp(url, 'ada')
  const ben = await signUp(url, 'ben')

  // A room, its image, and what is told of both.
  const { id } = await call(url, ada.token, 'POST', '/v1/rooms', { name: 'Poster' })
  const png = greyPng(320, 200)
  const form = new FormData()
  form.append('file', new Blob([png], { type: 'image/png' }), 'poster.png')
  const authorization = { authorization: `Bearer ${ada.token}` }
  const posted = await fetch(`${url}/v1/rooms/${id}/image`, { method: 'POST', headers: authorization, body: form })
  assert.equal(posted.status, 201, await posted.text())
  const fetched = await fetch(`${url}/v1/rooms/${id}/image`, { headers: authorization })
  assert.deepEqual(Buffer.from(await fetched.arrayBuffer()), png)
  const room = await call(url, ada.token, 'GET', `/v1/rooms/${id}`)
  assert.deepEqual([room.image.width, room.image.height, room.image.mime], [320, 200, 'image/png'])
  await call(url, ada.token, 'POST', `/api/v1/projects/${room.projectId}/members`, { email: ben.email, role: 'labeler' })
  const label = room.labels.find(({ name }) => name === 'Rectangle')

  // The public client and two scripts.
  const doc = new Y.Doc()
  const provider = new WebsocketProvider(`${url.replace(/^http/, 'ws')}/v1/ws/rooms`, id, doc, {
    params: { token: ben.token },
    WebSocketPolyfill: WebSocket,
    disableBc: true,
  })
  const records = doc.getMap('annotations')
  const one = new Room(url, id, { token: ada.token })
  const two = new Room(url, id, { token: ben.token })
  await until('all are in', () => provider.synced && one.info && two.info)
  assert.equal(one.info.userId, ada.id)

  // Edits, every way.
  const [first, second, third] = [randomUUID(), randomUUID(), randomUUID()]
  drawn(one).set(first, box(label, [10, 20, 30, 40]))
  records.set(second, box(label, [50, 60, 70, 80]))
  drawn(two).set(third, box(label, [1, 2, 3, 4]))
  const all = () => [records, drawn(one), drawn(two)]
  await until('all have all three', () => all().every((map) => map.size === 3))
  await until('all is saved', () => one.saved && two.saved && one.seq === 3 && two.seq === 3)
  const rows = await call(url, ada.token, 'GET', `/api/v1/annotations?image_id=${room.image.id}`)
  const authors = Object.fromEntries(rows.items.map((row) => [row.id, row.annotator_id]))
  assert.deepEqual(authors, { [first]: ada.id, [second]: ben.id, [third]: ben.id })

  // Presence, every way.
  one.show({ x: 100, y: 200 }, [first])
  const states = () => [...provider.awareness.getStates().values()]
  await until('the public client sees the script', () => states().some((state) => state.user?.id === ada.id && state.cursor?.x === 100))
  await until('the script sees the script', () => [...two.others.values()].some((other) => other.userId === ada.id && other.cursor?.x === 100))
  provider.awareness.setLocalStateField('user', { name: 'public' })
  provider.awareness.setLocalStateField('cursor', { x: 7, y: 8 })
  const seen = () => one.others.get(doc.clientID)
  await until('the script sees the public client', () => seen()?.cursor?.x === 7)
  assert.equal(seen().userId, ben.id)
  assert.equal(seen().name, 'public')

  // Away for a while; then only what was missed comes, in order.
  two.close()
  const missed = Array.from({ length: 20 }, randomUUID)
  for (const id of missed) records.set(id, box(label, [5, 5, 5, 5]))
  await until('the others have them', () => drawn(one).size === 23 && one.seq === 23)
  await until('who left is gone', () => ![...one.others.values()].some((other) => other.userId === ben.id && other.clientId !== doc.clientID))
  const events = await replay(url, id, ben, two.seq)
  assert.deepEqual(events.map(({ seq }) => seq), Array.from({ length: 20 }, (_, i) => i + 4))
  assert.ok(events.every(({ type, user }) => type === 'update' && user === ben.id))

  one.close()
  provider.destroy()
  await call(url, ada.token, 'DELETE', `/v1/rooms/${id}`)
  console.log('rooms from a script: HTTP, image, edits, presence and replay beside y-websocket')
})

/** The heads of the events after `seq`, read without a client. */
function replay(url, id, person, seq) {
  return new Promise((resolve, reject) => {
    const heads = []
    let last
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/v1/ws/rooms/${id}?protocol=events&lastSeq=${seq}&token=${person.token}`)
    socket.on('error', reject)
    socket.on('message', (data, isBinary) => {
      if (!isBinary) {
        const message = JSON.parse(data)
        if (message.type === 'roomInfo') last = message.seq
        return
      }
      heads.push(JSON.parse(data.subarray(4, 4 + data.readUInt32BE(0))))
      if (heads.at(-1).seq === last) {
        socket.close()
        resolve(heads)
      }
    })
  })
}

function drawn(room) {
  return room.doc.getMap('annotations')
}

function box(label, geometry) {
  return { v: 1, kind: 'box', label: label.id, geometry, z: 0, attributes: {} }
}

async function until(what, holds) {
  const limit = Date.now() + 15_000
  while (!(await holds())) {
    if (Date.now() > limit) throw new Error(`in 15 s it did not happen that ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
