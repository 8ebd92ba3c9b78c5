// Latency of the HTTP API under 200 concurrent connections, each sending its next request when the
// answer to the last has come. One line of JSON for each kind of request.
//
//   VISIONFLOW_SERVER_BINARY  our server, built with --release
//
// node bench/api.mjs [--connections 200] [--secs 8]
import { randomUUID } from 'node:crypto'
import http from 'node:http'
import { call, createProject, signUp, uploadImage } from '../e2e/interop/support/project.mjs'
import { start } from '../e2e/interop/support/server.mjs'
import { cpu } from './process.mjs'

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? otherwise : Number(process.argv[at + 1])
}
const connections = option('connections', 200)
const secs = option('secs', 8)
const IMAGES = 20

const server = await start()
try {
  const person = await signUp(server.url, 'bench')
  const { project, label, image } = await createProject(server.url, person)
  const images = [image]
  while (images.length < IMAGES) {
    images.push(await uploadImage(server.url, person, project.id, 640, 480, `grey ${images.length}.png`))
  }
  const box = (i) => ({ type: 'box', box: [i % 600, i % 400, 20, 30] })
  const annotation = (i) => ({ image_id: images[i % IMAGES].id, label_id: label.id, data: box(i) })
  for (let i = 0; i < 200; i++) await call(server.url, person.token, 'POST', '/api/v1/annotations', annotation(i))

  const kinds = {
    'GET project': () => ['GET', `/api/v1/projects/${project.id}`],
    'GET images': () => ['GET', `/api/v1/projects/${project.id}/images?limit=50`],
    'GET annotations': (i) => ['GET', `/api/v1/annotations?image_id=${images[i % IMAGES].id}`],
    'POST annotation': (i) => ['POST', '/api/v1/annotations', { id: randomUUID(), ...annotation(i) }],
  }
  const names = Object.keys(kinds)
  // Nine of ten requests read.
  const mixed = (i) => kinds[names[i % 10 === 9 ? 3 : i % 3]](i)
  // By now the photographs have hundreds of annotations each, so a page of them is full.
  const stages = [...Object.entries(kinds), ['GET annotations, full page', kinds['GET annotations']], ['mixed', mixed]]
  for (const [name, request] of stages) {
    await measure(person, 1, request)
    for (const line of await measure(person, secs, request)) {
      const { part, ...figures } = line
      console.log(JSON.stringify({ bench: 'api', request: part ? `${name}: ${part}` : name, connections, ...figures }))
    }
  }
} finally {
  await server.stop()
}

/** One line for all requests, and one each for reads and writes where there are both. */
async function measure(person, secs, request) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections })
  const reads = []
  const writes = []
  let failed = 0
  let next = 0
  const cpuBefore = cpuMs(server.pid)
  const began = performance.now()
  const until = began + secs * 1000
  const connection = async () => {
    while (performance.now() < until) {
      const [method, path, body] = request(next++)
      const sent = performance.now()
      const status = await send(agent, person, method, path, body).catch(() => 0)
      const latencies = method === 'GET' ? reads : writes
      latencies.push(performance.now() - sent)
      if (status < 200 || status > 299) failed++
    }
  }
  await Promise.all(Array.from({ length: connections }, connection))
  agent.destroy()
  const took = (performance.now() - began) / 1000
  const all = [...reads, ...writes]
  const cpu = (cpuMs(server.pid) - cpuBefore) / all.length
  const line = { ...figures(all, took), failed, server_cpu_ms: Number(cpu.toFixed(2)) }
  if (reads.length === 0 || writes.length === 0) return [line]
  return [line, { part: 'reads', ...figures(reads, took) }, { part: 'writes', ...figures(writes, took) }]
}

function figures(latencies, took) {
  latencies.sort((a, b) => a - b)
  const quantile = (q) => Number(latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * q))].toFixed(1))
  return {
    requests_per_s: Math.round(latencies.length / took),
    p50_ms: quantile(0.5),
    p95_ms: quantile(0.95),
    p99_ms: quantile(0.99),
  }
}

/** CPU time so far of the server and of its Postgres. */
function cpuMs(pid) {
  const { server, children } = cpu(pid)
  return server + children
}

function send(agent, person, method, path, body) {
  const payload = body === undefined ? undefined : JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${person.token}` }
    if (payload) Object.assign(headers, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) })
    const request = http.request(server.url + path, { agent, method, headers }, (answer) => {
      answer.resume()
      answer.once('end', () => resolve(answer.statusCode))
      answer.once('error', reject)
    })
    request.once('error', reject)
    request.end(payload)
  })
}
