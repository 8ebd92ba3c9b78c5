// A black-box load generator for a Yjs relay: any server that speaks y-websocket's or hocuspocus's
// framing. Frames are built by hand from the wire format, so that nothing of the server under test
// is measured with its own code. Prints one line of JSON.
//
// node bench/relay_load.mjs --url ws://127.0.0.1:1234 --room r1 --proto yws|hocus --n 50 --rate 20 --secs 8
//      [--token t] [--query k=v] [--pid server's, for CPU and memory]
//   --mode awareness  n clients send `rate` states a second each; every delivery to another is a sample
//   --mode ping       2 clients, one state in flight: round trips
//   --mode update     1 writer sends k pre-encoded updates back to back, n - 1 readers count
import WebSocket from 'ws'
import fs from 'node:fs'
const arg = (k, d) => { const i = process.argv.indexOf('--' + k); return i < 0 ? d : process.argv[i + 1] }
const url = arg('url', 'ws://127.0.0.1:1234'), room = arg('room', 'bench-' + Date.now()), proto = arg('proto', 'yws')
const N = +arg('n', 10), RATE = +arg('rate', 20), SECS = +arg('secs', 8), MODE = arg('mode', 'awareness'), K = +arg('k', 5000)
const token = arg('token', 'tok'), query = arg('query', '')
const te = new TextEncoder()
class W { constructor(c = 256) { this.b = new Uint8Array(c); this.i = 0 }
  need(n) { if (this.i + n > this.b.length) { const x = new Uint8Array(Math.max(this.b.length * 2, this.i + n)); x.set(this.b); this.b = x } }
  u(n) { this.need(10); while (n > 127) { this.b[this.i++] = 128 | (n % 128); n = Math.floor(n / 128) } this.b[this.i++] = n; return this }
  raw(a) { this.need(a.length); this.b.set(a, this.i); this.i += a.length; return this }
  bytes(a) { return this.u(a.length).raw(a) }
  str(s) { return this.bytes(te.encode(s)) }
  out() { return this.b.slice(0, this.i) } }
class R { constructor(b) { this.b = b; this.i = 0 }
  u() { let n = 0, m = 1; for (;;) { const c = this.b[this.i++]; n += (c & 127) * m; if (c < 128) return n; m *= 128 } }
  bytes() { const l = this.u(); const r = this.b.subarray(this.i, this.i + l); this.i += l; return r }
  get left() { return this.b.length - this.i } }
const head = () => { const w = new W(); if (proto === 'hocus') w.str(room); return w }
const awMsg = (cid, clock, state) => head().u(1).bytes(new W().u(1).u(cid).u(clock).str(JSON.stringify(state)).out()).out()
const upMsg = (u) => head().u(0).u(2).bytes(u).out()
const step1 = () => head().u(0).u(0).bytes(Uint8Array.of(0)).out()
const now = () => performance.now()
const connect = (cid, onAw, onUpd) => new Promise((res, rej) => {
  const u = proto === 'hocus' ? url + (query ? '?' + query : '') : url + '/' + room + (query ? '?' + query : '')
  const ws = new WebSocket(u, { perMessageDeflate: false }); ws.binaryType = 'nodebuffer'
  ws.on('open', () => { if (proto === 'hocus') { ws.send(head().u(2).u(0).str(token).out()) } ws.send(step1()); if (proto !== 'hocus') res(ws) })
  ws.on('error', rej)
  ws.on('message', (m) => { const t = now(); const r = new R(m); if (proto === 'hocus') r.bytes()
    const ty = r.u()
    if (ty === 2 && proto === 'hocus') { res(ws); return }
    if (ty === 1) { const a = new R(r.bytes()); let n = a.u(); while (n--) { const c = a.u(); a.u(); const s = a.bytes(); if (c !== cid) onAw(ws, c, s, t) } }
    else if (ty === 0) { const st = r.u(); if (st === 2 || st === 1) onUpd && onUpd(ws, r.bytes(), t) } }) })
// state is {"t":1234.567,"cursor":[..],...}; read number after {"t":
const tOf = (s) => { let v = 0, d = 0; for (let i = 5; i < s.length; i++) { const c = s[i]; if (c === 46) { d = 1; continue } if (c < 48 || c > 57) break; v = v * 10 + (c - 48); if (d) d *= 10 } return d ? v / d : v }
const q = (a, p) => a.length ? a[Math.min(a.length - 1, Math.floor(a.length * p))] : NaN
const stamp = () => Number(now().toFixed(3))
const mkState = () => ({ t: stamp(), cursor: [Math.random() * 4096 | 0, Math.random() * 4096 | 0], name: 'user', color: '#30bced' })
const pid = arg('pid', ''), cpu = () => { if (!pid) return NaN; const f = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' '); return (+f[11] + +f[12]) * 10 }, rss = () => pid ? +(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1] / 1024).toFixed(0) : undefined // ms (HZ=100)
const out = { mode: MODE, proto, n: N }
if (MODE === 'awareness') {
  const lat = new Float64Array(4_000_000); let nl = 0, recv = 0, measuring = false, c0 = 0, s0
  const cs = [], last = new Float64Array(N * N), stale = []
  for (let i = 0; i < N; i++) cs.push(await connect(1000 + i, (_, c, s, t) => { const ts = tOf(s); if (c >= 1000 && c < 1000 + N) last[i * N + c - 1000] = ts; if (!measuring) return; recv++; if (nl < lat.length) lat[nl++] = t - ts }))
  await new Promise(r => setTimeout(r, 500))
  const clock = new Array(N).fill(1), next = Array.from({ length: N }, (_, i) => now() + (i / N) * (1000 / RATE)); let sent = 0
  const t0 = now(); let tm = 0; const end = t0 + (SECS + 1) * 1000
  let maxLag = 0; const sampler = setInterval(() => { if (!measuring) return; const t = now(); for (let k = 0; k < 300; k++) { const i = Math.random() * N | 0, j = Math.random() * N | 0; if (i !== j) stale.push(last[i * N + j] ? t - last[i * N + j] : t - t0) } }, 100)
  await new Promise(res => { const tick = () => { const t = now(); if (!measuring && t > t0 + 1000) { measuring = true; tm = t; sent = 0; c0 = cpu(); s0 = process.cpuUsage() }
      for (let i = 0; i < N; i++) if (next[i] <= t) { maxLag = Math.max(maxLag, t - next[i]); next[i] += 1000 / RATE; if (next[i] < t - 200) next[i] = t; cs[i].send(awMsg(1000 + i, clock[i]++, mkState())); sent++ }
      if (t < end) setTimeout(tick, 2); else res() }; tick() })
  const wall = (now() - tm) / 1000, c1 = cpu() - c0, cl = process.cpuUsage(s0); clearInterval(sampler); stale.sort((a, b) => a - b); const recvInWindow = recv; 
  await new Promise(r => setTimeout(r, 1500))
  const l = Array.from(lat.subarray(0, nl)).sort((a, b) => a - b)
  Object.assign(out, { rate: RATE, offered_in: N * RATE, sent_per_s: +(sent / wall).toFixed(0), expected_out_per_s: N * (N - 1) * RATE, delivered_per_s: +(recvInWindow / wall).toFixed(0), delivered_ratio: +(recv / (sent * (N - 1))).toFixed(3), p50_ms: +q(l, .5).toFixed(2), p95_ms: +q(l, .95).toFixed(2), p99_ms: +q(l, .99).toFixed(2), stale_p50_ms: +q(stale, .5).toFixed(1), stale_p95_ms: +q(stale, .95).toFixed(1), server_cpu_pct: +(c1 / wall / 10).toFixed(0), server_us_per_delivery: +(c1 * 1000 / recvInWindow).toFixed(2), client_cpu_pct: +((cl.user + cl.system) / wall / 1e4).toFixed(0), server_rss_mb: rss() })
  for (const c of cs) c.terminate()
} else if (MODE === 'ping') {
  const l = []; let resolve; const rounds = +arg('rounds', 2000)
  let A, B, cb = 1, ca = 1
  A = await connect(1, (ws, c, s, t) => { if (c === 2 && resolve) { resolve(t) } })
  B = await connect(2, (ws, c, s, t) => { if (c === 1) ws.send(awMsg(2, cb++, { t: stamp() })) })
  await new Promise(r => setTimeout(r, 300))
  const t00 = now()
  for (let i = 0; i < rounds; i++) { const p = new Promise(r => resolve = r); const t = now(); A.send(awMsg(1, ca++, { t: stamp() })); l.push(await p - t) }
  const tot = now() - t00; l.sort((a, b) => a - b)
  Object.assign(out, { n: 2, rounds, rtt_p50_ms: +q(l, .5).toFixed(3), rtt_p95_ms: +q(l, .95).toFixed(3), rtt_p99_ms: +q(l, .99).toFixed(3), roundtrips_per_s: +(rounds / tot * 1000).toFixed(0) })
  A.terminate(); B.terminate()
} else if (MODE === 'update') {
  const Y = await import('yjs')
  const d = new Y.Doc(), ups = []; d.on('update', u => ups.push(u)); const m = d.getMap('annotations')
  for (let i = 0; i < K; i++) m.set('a' + i, { id: i, type: 'rect', x: i % 1000, y: i % 700, w: 30, h: 20, label: 3 })
  const target = ups.length; const counts = new Array(N).fill(0); let done = 0, fin; const p = new Promise(r => fin = r)
  const docs = []; const cs = []
  for (let i = 0; i < N; i++) { const me = i; cs.push(await connect(10 + i, () => {}, (ws, u) => { if (me === 0) return; if (u.length > 2) { counts[me]++; if (me === 1) docs[1] && Y.applyUpdate(docs[1], u); if (counts[me] >= target) { if (++done === N - 1) fin() } } })) }
  docs[1] = new Y.Doc(); await new Promise(r => setTimeout(r, 300)); counts.fill(0)
  const frames = ups.map(upMsg); const c0 = cpu(); const t0 = now(); for (const f of frames) cs[0].send(f)
  const to = setTimeout(fin, 60000); await p; clearTimeout(to); const dt = now() - t0
  Object.assign(out, { k: target, readers: N - 1, ms: +dt.toFixed(0), updates_in_per_s: +(target / dt * 1000).toFixed(0), deliveries_per_s: +(counts.reduce((a, b) => a + b, 0) / dt * 1000).toFixed(0), server_cpu_ms: cpu() - c0, server_us_per_delivery: +((cpu() - c0) * 1000 / counts.reduce((a, b) => a + b, 0)).toFixed(2), server_rss_mb: rss(), min_count: Math.min(...counts.slice(1)), reader1_keys: docs[1].getMap('annotations').size })
  for (const c of cs) c.terminate()
}
console.log(JSON.stringify(out)); process.exit(0)
