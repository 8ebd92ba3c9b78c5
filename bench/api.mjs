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
  for (const [name, request] of [...Object.entries(kinds), ['mixed', mixed]]) {
    await measure(person, 1, request)
    console.log(JSON.stringify({ bench: 'api', request: name, connections, ...(await measure(person, secs, request)) }))
  }
} finally {
  await server.stop()
}

async function measure(person, secs, request) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections })
  const latencies = []
  let failed = 0
  let next = 0
  const began = performance.now()
  const until = began + secs * 1000
  const connection = async () => {
    while (performance.now() < until) {
      const sent = performance.now()
      const status = await send(agent, person, ...request(next++)).catch(() => 0)
      latencies.push(performance.now() - sent)
      if (status < 200 || status > 299) failed++
    }
  }
  await Promise.all(Array.from({ length: connections }, connection))
  agent.destroy()
  const took = (performance.now() - began) / 1000
  latencies.sort((a, b) => a - b)
  const quantile = (q) => Number(latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * q))].toFixed(1))
  return {
    requests_per_s: Math.round(latencies.length / took),
    p50_ms: quantile(0.5),
    p95_ms: quantile(0.95),
    p99_ms: quantile(0.99),
    failed,
  }
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
