// One socket of the load: whatever it may be asked to watch, it always reads what comes.
import { createRequire } from 'node:module'
import { join as path } from 'node:path'
import { frames, Reader } from './wire.mjs'

const { WebSocket } = createRequire(path(process.env.VISIONFLOW_BENCH_MODULES, 'package.json'))('ws')

/**
 * Joins `room` of `target` and asks for its document.
 *
 * `presence(client, state, at)` and `update(bytes, at)` are told what comes; without them a frame is
 * counted in `bytes` and not looked into.
 */
export function join(target, room, { presence, update } = {}) {
  const { protocol, url, query = '' } = target
  const make = frames(protocol, room)
  const address = protocol === 'hocus' ? url : `${url}/${room}${query}`
  const socket = new WebSocket(address, { perMessageDeflate: false })
  socket.binaryType = 'nodebuffer'
  const joined = { socket, make, bytes: 0, send: (frame) => socket.send(frame) }
  socket.on('message', (message, isBinary) => {
    joined.bytes += message.length
    if (!isBinary || !(presence || update)) return
    const at = performance.now()
    const reader = new Reader(message)
    if (protocol === 'hocus') reader.block()
    // A frame may hold several messages.
    while (reader.at < message.length) {
      const kind = reader.number()
      if (kind === 1) readPresence(new Reader(reader.block()), presence, at)
      else if (kind === 0) {
        const step = reader.number()
        const body = reader.block()
        if (step !== 0) update?.(body, at)
      } else return
    }
  })
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('close', (code) => reject(new Error(`closed with ${code}`)))
    socket.on('close', (code) => (joined.closed = code))
    socket.once('open', () => {
      if (protocol === 'hocus') socket.send(make.authentication())
      socket.send(make.question())
    })
    // The first thing that any of them says follows the admission.
    socket.once('message', () => resolve(joined))
  })
}

/** `many` sockets, `atOnce` of them on their way at a time. */
export async function joinAll(many, atOnce, one) {
  const joined = new Array(many)
  let next = 0
  const worker = async () => {
    while (next < many) {
      const place = next++
      joined[place] = await one(place)
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, many) }, worker))
  return joined
}

function readPresence(reader, presence, at) {
  if (!presence) return
  for (let left = reader.number(); left > 0; left--) {
    const client = reader.number()
    reader.number()
    presence(client, reader.block(), at)
  }
}
