// Loads of documents: one that writes and many that read, a long history, and many rooms.
import { author, cpuSince, quantile, rest, round, until, Y } from './measure.mjs'
import { resident } from '../process.mjs'
import { join, joinAll } from './socket.mjs'

const HISTORY_FRAME = 100
/** Longer than any of the servers keeps in memory what nobody needs for now. */
const QUIET = 40_000
/** Longer than ours takes to fold up what was drawn, which begins after two seconds. */
const RESTING = 10_000
/** Rooms before those that are weighed: what a server takes once for all of them is taken then. */
const FIRST = 100

/** One writes `updates` boxes back to back, `clients - 1` read them. */
export async function updates(target, pid, { clients, updates }) {
  const [room] = target.rooms
  const writer = author(target.label)
  for (let at = 0; at < updates; at++) writer.draw(at)
  const frames = writer.take()
  const client = writer.doc.clientID
  const end = Y.decodeStateVector(Y.encodeStateVector(writer.doc)).get(client)
  const written = frames.reduce((sum, frame) => sum + frame.length, 0)
  // Updates come in order: who has got the end has got everything.
  const newest = new Array(clients - 1)
  const hasEnd = (update) => update && Y.parseUpdateMeta(update).to.get(client) === end
  const here = await join(target, room)
  const readers = await joinAll(clients - 1, 50, (place) =>
    join(target, room, { update: (update) => (newest[place] = update.length > 2 ? update : undefined) }),
  )
  await rest(300)
  const spent = cpuSince(pid)
  const begun = performance.now()
  for (const frame of frames) here.send(here.make.update(frame))
  await until('all have everything', () => newest.every(hasEnd))
  const took = performance.now() - begun
  const { server, children } = spent()
  const line = {
    clients,
    updates,
    written_bytes: written,
    ms: round(took, 0),
    updates_per_s: round((updates / took) * 1000, 0),
    deliveries_per_s: round(((updates * (clients - 1)) / took) * 1000, 0),
    updates_per_core_s: round(updates / ((server + children) / 1000), 0),
    server_cpu_s: round(server / 1000),
    postgres_cpu_s: round(children / 1000),
    rss_bytes: resident(pid),
  }
  for (const { socket } of [here, ...readers]) socket.terminate()
  return line
}

/**
 * A room that has seen `operations`, a tenth of them new boxes and the others moves of those: how
 * long until somebody who comes then has everything, and what it weighs.
 */
export async function history(target, pid, { operations }, again) {
  const before = resident(pid)
  const writer = author(target.label)
  const boxes = operations / 10
  const ids = []
  for (let at = 0; at < boxes; at++) ids.push(writer.draw(at))
  for (let at = boxes; at < operations; at++) writer.move(ids[at % boxes], at)
  const [room] = target.rooms
  const all = writer.take()
  const here = await join(target, room)
  const witness = new Y.Doc()
  const there = await join(target, room, { update: (update) => Y.applyUpdate(witness, update) })
  const wanted = Y.encodeStateVector(writer.doc)
  const has = (doc) => Buffer.compare(Buffer.from(Y.encodeStateVector(doc)), Buffer.from(wanted)) === 0
  const begun = performance.now()
  for (let at = 0; at < all.length; at += HISTORY_FRAME) {
    here.send(here.make.update(Y.mergeUpdates(all.slice(at, at + HISTORY_FRAME))))
    await rest(1)
  }
  await until('the room has seen everything', () => has(witness))
  const written = performance.now() - begun
  const warm = await newcomer(target, room, has)
  const rss = resident(pid)
  for (const { socket } of [here, there]) socket.terminate()
  const cold = again && (await newcomer(await again(), room, has))
  return {
    operations,
    written_ms: round(written, 0),
    load_ms: round(warm.ms, 1),
    load_bytes: warm.bytes,
    cold_ms: cold && round(cold.ms, 1),
    rss_bytes: rss,
    room_bytes: rss - before,
  }
}

async function newcomer(target, room, has) {
  const doc = new Y.Doc()
  const begun = performance.now()
  let got
  const update = (update, at) => {
    Y.applyUpdate(doc, update)
    got = at
  }
  const joined = await join(target, room, { update })
  await until('a newcomer has everything', () => has(doc))
  joined.socket.terminate()
  return { ms: got - begun, bytes: joined.bytes }
}

/**
 * A thousand rooms with a hundred boxes and one socket each, weighed ten seconds after they were drawn
 * and when nobody has drawn for a while; then a reader comes into each, and somebody draws in every room
 * once a second.
 */
export async function rooms(target, pid, { secs }) {
  await filled({ ...target, rooms: target.rooms.splice(0, FIRST) })
  await rest(QUIET)
  const before = resident(pid)
  const { people, writers } = await filled(target)
  await rest(RESTING)
  const resting = resident(pid)
  await rest(QUIET)
  const quiet = resident(pid)
  const delays = []
  const sentAt = new Map()
  await joinAll(people.length, 50, (place) => {
    const doc = new Y.Doc()
    doc.getMap('annotations').observe(({ keysChanged }) => {
      const now = performance.now()
      for (const id of keysChanged) if (sentAt.has(id)) delays.push(now - sentAt.get(id))
    })
    return join(target, target.rooms[place], { update: (update) => Y.applyUpdate(doc, update) })
  })
  await rest(2000)
  const spent = cpuSince(pid)
  let drawn = 0
  for (const end = performance.now() + secs * 1000; performance.now() < end; ) {
    const begun = performance.now()
    for (let place = 0; place < people.length; place++) {
      // Evenly over a second.
      while (performance.now() < begun + (place / people.length) * 1000) await rest(1)
      const id = people[place].draw(drawn++)
      sentAt.set(id, performance.now())
      for (const update of people[place].take()) writers[place].send(writers[place].make.update(update))
    }
  }
  await rest(2000)
  const { server, children } = spent()
  delays.sort((a, b) => a - b)
  return {
    rooms: people.length,
    room_bytes: Math.round((resting - before) / people.length),
    quiet_room_bytes: Math.round((quiet - before) / people.length),
    edits: drawn,
    edits_seen: delays.length,
    p50_ms: round(quantile(delays, 0.5)),
    p99_ms: round(quantile(delays, 0.99)),
    server_cpu_ms_per_edit: round(server / drawn, 3),
    postgres_cpu_ms_per_edit: round(children / drawn, 3),
    rss_bytes: resident(pid),
  }
}

/** Somebody draws a hundred boxes in each of the target's rooms, and stays. */
async function filled(target) {
  const people = target.rooms.map(() => author(target.label))
  const writers = await joinAll(people.length, 50, async (place) => {
    const writer = await join(target, target.rooms[place])
    for (let at = 0; at < 100; at++) people[place].draw(at)
    writer.send(writer.make.update(Y.mergeUpdates(people[place].take())))
    return writer
  })
  return { people, writers }
}

/** So many sockets that say nothing, spread over the target's rooms. */
export async function sockets(target, pid, { sockets, secs }) {
  // The rooms are open before anything is counted.
  await joinAll(target.rooms.length, 50, (place) => join(target, target.rooms[place]))
  await rest(3000)
  const before = resident(pid)
  const begun = performance.now()
  const joined = await joinAll(sockets, 100, (place) => join(target, target.rooms[place % target.rooms.length]))
  const took = performance.now() - begun
  await rest(3000)
  const spent = cpuSince(pid)
  await rest(secs * 1000)
  const { server } = spent()
  const open = joined.filter(({ socket }) => socket.readyState === 1).length
  return {
    sockets,
    open,
    joined_ms: round(took, 0),
    socket_bytes: Math.round((resident(pid) - before) / sockets),
    idle_cpu: round(server / 1000 / secs, 4),
    rss_bytes: resident(pid),
  }
}
