// The relay beside its peers, one after another on this machine: ours, @y/websocket-server,
// @hocuspocus/server and pycrdt-websocket. One line of JSON for each server and load.
//
//   VISIONFLOW_SERVER_BINARY  our server, built with --release
//   VISIONFLOW_BENCH_MODULES  a directory whose node_modules hold the two peers in JavaScript
//   VISIONFLOW_BENCH_PYTHON   a Python with pycrdt-websocket and hypercorn
//
// node bench/relay.mjs [server, ...] [load, ...]
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { servers } from './relay/servers.mjs'

const LOADS = [
  // Fifty people at work, and a crowd.
  { name: 'work', load: 'presence', rooms: 1, options: { clients: 50, rate: 30, edits: 1, secs: 8, observers: 50 } },
  { name: 'crowd', load: 'presence', rooms: 1, options: { clients: 200, rate: 20, secs: 8, observers: 10 } },
  { name: 'updates', load: 'updates', rooms: 1, options: { clients: 50, updates: 5000 } },
  { name: 'history', load: 'history', rooms: 1, options: { operations: 100_000 } },
  { name: 'rooms', load: 'rooms', rooms: 1100, options: { secs: 10 } },
  { name: 'sockets', load: 'sockets', rooms: 100, options: { sockets: 10_000, secs: 10 } },
]

/** A load that takes longer is given up, which its line says. */
const LIMIT_SECS = 200

const wanted = process.argv.slice(2)
const chosen = (all) => {
  const named = all.filter(({ name }) => wanted.includes(name))
  return named.length ? named : all
}
for (const load of chosen(LOADS)) {
  // Each load meets a server that has done nothing else.
  for (const { name, start } of chosen(servers)) await measure(name, await start(), load)
}

async function measure(name, server, { name: mode, load, rooms, options }) {
  const line = { bench: 'relay', mode, server: name }
  try {
    const target = await server.target(rooms)
    const given = { load, target, pid: server.pid, options, again: Boolean(server.again) }
    console.log(JSON.stringify({ ...line, ...(await run(given, server)) }))
  } catch (error) {
    console.log(JSON.stringify({ ...line, note: error.message }))
  } finally {
    await server.stop()
  }
}

function run(given, server) {
  const program = join(fileURLToPath(new URL('.', import.meta.url)), 'relay/load.mjs')
  const child = fork(program, [JSON.stringify(given)], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  let output = ''
  let errors = ''
  child.stdout.on('data', (text) => (output += text))
  child.stderr.on('data', (text) => (errors += text))
  child.on('message', async () => {
    child.send(await server.again(given.target))
  })
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_SECS * 1000)
  return new Promise((resolve, reject) => {
    child.once('close', (code, signal) => {
      clearTimeout(limit)
      if (signal) return reject(new Error(`stopped after ${LIMIT_SECS} s`))
      const line = output.split('\n').find((line) => line.startsWith('{'))
      if (code === 0 && line) resolve(JSON.parse(line))
      else reject(new Error(/Error: (.*)/.exec(errors)?.[1] ?? `the load ended with ${code}`))
    })
  })
}
