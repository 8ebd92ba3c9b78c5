// A script's half of a room: the protocol of docs/rooms.md in a page of code, for Node.
//   npm install ws yjs
//   visionflow serve --rooms-open
//   node rooms-client.mjs http://127.0.0.1:8080
import { randomUUID } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import WebSocket from 'ws'
import * as Y from 'yjs'

/** A Yjs document that follows a room, through reconnections. `query` holds token or userId. */
export class Room {
  doc = new Y.Doc()
  /** The last event that the document holds. */
  seq = 0
  /** Everyone's presence, by clientId. */
  others = new Map()
  /** Updates that are not acknowledged yet, in order. */
  #unsaved = []
  #sent = 0
  #done = 0

  constructor(url, roomId, query) {
    this.address = `${url.replace(/^http/, 'ws')}/v1/ws/rooms/${roomId}?protocol=events&${new URLSearchParams(query)}`
    // An update that came from the room is not sent back to it.
    this.doc.on('update', (update, origin) => origin !== this && this.#send(update))
    this.#connect()
  }

  get saved() {
    return this.#unsaved.length === 0
  }

  show(cursor, selection = []) {
    this.#socket.send(JSON.stringify({ type: 'presence', cursor, selection }))
  }

  close() {
    this.#closed = true
    this.#socket.close()
  }

  #socket
  #closed = false
  #ready = false

  #connect() {
    const socket = new WebSocket(`${this.address}&lastSeq=${this.seq}`)
    this.#socket = socket
    this.#ready = false
    this.#sent = this.#done = 0
    this.others.clear()
    socket.on('message', (data, isBinary) => (isBinary ? this.#binary(data) : this.#text(JSON.parse(data))))
    socket.on('error', () => {})
    socket.on('close', (code) => {
      // 4400 and above: the server does not want this again.
      if (!this.#closed && code < 4400) setTimeout(() => this.#connect(), 500)
    })
  }

  #binary(data) {
    const end = 4 + data.readUInt32BE(0)
    const head = JSON.parse(data.subarray(4, end))
    Y.applyUpdate(this.doc, data.subarray(end), this)
    this.seq = head.seq
  }

  #text(message) {
    switch (message.type) {
      case 'roomInfo':
        this.info = message
        // What was not acknowledged before the connection broke; to repeat an update is harmless.
        for (const update of this.#unsaved) this.#socket.send(update)
        this.#sent = this.#unsaved.length
        this.#ready = true
        break
      case 'ack':
        this.seq = Math.max(this.seq, message.seq)
        this.#settle(message.update)
        break
      case 'presence':
        if (message.left) this.others.delete(message.clientId)
        else this.others.set(message.clientId, message)
        break
      case 'error':
        console.error(`${message.code}: ${message.message}`)
        if (message.update) this.#settle(message.update)
        break
    }
  }

  #send(update) {
    this.#unsaved.push(update)
    if (!this.#ready || this.#socket.readyState !== WebSocket.OPEN) return
    this.#socket.send(update)
    this.#sent += 1
  }

  /** Update number `update` of this connection is done with. */
  #settle(update) {
    while (this.#done < update && this.#done < this.#sent) {
      this.#unsaved.shift()
      this.#done += 1
    }
  }
}

// Draws a rectangle in a new room and moves a cursor around it.
async function main(url) {
  const call = async (path, options) => (await fetch(url + path, options)).json()
  const { id } = await call('/v1/rooms', { method: 'POST', body: JSON.stringify({ name: 'From a script' }) })
  const { labels } = await call(`/v1/rooms/${id}`)
  const label = labels.find(({ name }) => name === 'Rectangle').id
  const room = new Room(url, id, { userId: 'script' })
  room.doc.getMap('annotations').set(randomUUID(), { v: 1, kind: 'box', label, geometry: [10, 20, 200, 100], z: 0, attributes: {} })
  while (!room.saved) await new Promise((resolve) => setTimeout(resolve, 10))
  console.log(`saved as event ${room.seq} of room ${id}`)
  for (let t = 0; t < 100; t++) {
    room.show({ x: 110 + 100 * Math.cos(t / 5), y: 70 + 50 * Math.sin(t / 5) })
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  room.close()
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main(process.argv[2] ?? 'http://127.0.0.1:8080')
