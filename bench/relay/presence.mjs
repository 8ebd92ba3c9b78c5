// Everyone moves `rate` times a second, and draws `edits` times a second, for `secs` seconds.
//
// The first `observers` sockets look at what they get; the others only take it off the wire, so that
// the load does not measure itself. What an observer sees of another is as old as the state it has
// got last, looked at a few thousand times a second at random moments.
import { author, cpuSince, quantile, rest, round, stamp } from './measure.mjs'
import { resident } from '../process.mjs'
import { joinAll, join } from './socket.mjs'

const FIRST_CLIENT = 1000
const LOOKS = 300
/** As an annotation's key stands in an update. */
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

export async function presence(target, pid, { clients, rate, edits = 0, secs, observers }) {
  const [room] = target.rooms
  const seen = new Float64Array(observers * clients)
  const delays = []
  let delivered = 0
  let measuring = false
  const watch = (observer) => (client, state, at) => {
    const other = client - FIRST_CLIENT
    if (other === observer || other < 0 || other >= clients) return
    const sent = timeOf(state)
    // The same state may come twice, with what else has changed.
    if (sent <= seen[observer * clients + other]) return
    seen[observer * clients + other] = sent
    if (!measuring) return
    delivered++
    delays.push(at - sent)
  }
  const drawn = new Map()
  const waits = []
  const update = (bytes, at) => {
    if (!measuring) return
    for (const [id] of bytes.toString('latin1').matchAll(UUID)) {
      if (drawn.has(id)) waits.push(at - drawn.get(id))
    }
  }
  const sockets = await joinAll(clients, 50, (place) =>
    join(target, room, place < observers ? { presence: watch(place), update } : {}),
  )
  await rest(500)

  const ages = []
  const look = setInterval(() => {
    if (!measuring) return
    const now = performance.now()
    for (let i = 0; i < LOOKS; i++) {
      const observer = Math.floor(Math.random() * observers)
      const other = Math.floor(Math.random() * clients)
      if (other !== observer) ages.push(now - seen[observer * clients + other])
    }
  }, 100)

  const mover = new Mover(sockets, { rate, edits, label: target.label, drawn })
  await mover.run(1000)
  const spent = cpuSince(pid)
  const own = process.cpuUsage()
  const begun = performance.now()
  measuring = true
  const sent = await mover.run(secs * 1000)
  measuring = false
  const took = (performance.now() - begun) / 1000
  const { server, children } = spent()
  const { user, system } = process.cpuUsage(own)
  clearInterval(look)
  delays.sort((a, b) => a - b)
  ages.sort((a, b) => a - b)
  waits.sort((a, b) => a - b)
  const deliveries = (delivered / observers) * clients
  const line = {
    clients,
    rate,
    edits,
    p50_ms: round(quantile(delays, 0.5)),
    p95_ms: round(quantile(delays, 0.95)),
    p99_ms: round(quantile(delays, 0.99)),
    age_p50_ms: round(quantile(ages, 0.5), 1),
    age_p95_ms: round(quantile(ages, 0.95), 1),
    edit_p50_ms: round(quantile(waits, 0.5), 1),
    edit_p99_ms: round(quantile(waits, 0.99), 1),
    sent_per_s: round(sent / took, 0),
    delivered_per_s: round(deliveries / took, 0),
    delivered_part: round(deliveries / (sent * (clients - 1)), 3),
    server_cpu_s: round(server / 1000),
    postgres_cpu_s: round(children / 1000),
    server_us_per_delivery: round((server * 1000) / deliveries),
    rss_bytes: resident(pid),
    load_cpu: round((user + system) / 1e6 / took),
  }
  for (const { socket } of sockets) socket.terminate()
  return line
}

/** Sends in everyone's name, evenly spread over each period. */
class Mover {
  constructor(sockets, { rate, edits, label, drawn }) {
    this.sockets = sockets
    this.drawn = drawn
    this.clocks = sockets.map(() => 1)
    this.authors = edits ? sockets.map(() => author(label)) : []
    const spread = (period) => sockets.map((_, place) => (place / sockets.length) * period)
    this.moves = { period: 1000 / rate, next: spread(1000 / rate) }
    this.draws = edits ? { period: 1000 / edits, next: spread(1000 / edits) } : undefined
  }

  /** For so long; returns how many positions were sent. */
  async run(ms) {
    const begun = performance.now()
    let sent = 0
    let before = begun
    for (let now = begun; now < begun + ms; now = performance.now()) {
      sent += this.due(this.moves, now - before, (place) => this.move(place))
      if (this.draws) this.due(this.draws, now - before, (place) => this.draw(place))
      before = now
      await rest(2)
    }
    return sent
  }

  due(turns, passed, act) {
    let acted = 0
    for (let place = 0; place < turns.next.length; place++) {
      turns.next[place] -= passed
      if (turns.next[place] > 0) continue
      // What could not be kept up with is left out and not made up for.
      turns.next[place] = Math.max(turns.next[place] + turns.period, 0)
      act(place)
      acted++
    }
    return acted
  }

  move(place) {
    const { make, send } = this.sockets[place]
    const cursor = [Math.floor(Math.random() * 4096), Math.floor(Math.random() * 4096)]
    const state = { t: stamp(), cursor, name: 'user', color: '#30bced' }
    send(make.presence(FIRST_CLIENT + place, this.clocks[place]++, state))
  }

  draw(place) {
    const { make, send } = this.sockets[place]
    this.drawn.set(this.authors[place].draw(this.clocks[place]), performance.now())
    for (const update of this.authors[place].take()) send(make.update(update))
  }
}

/** The number after `{"t":`, read without decoding the rest. */
function timeOf(state) {
  let value = 0
  let unit = 0
  for (let at = 5; at < state.length; at++) {
    const byte = state[at]
    if (byte === 46) unit = 1
    else if (byte < 48 || byte > 57) break
    else {
      value = value * 10 + (byte - 48)
      unit *= 10
    }
  }
  return unit ? value / unit : value
}
