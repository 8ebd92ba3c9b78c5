// The servers under test: each `start()` gives its process, a `target` with as many rooms as are
// asked for, and its end.
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, chmodSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { call, signUp } from '../../e2e/interop/support/project.mjs'
import { freePort, start } from '../../e2e/interop/support/server.mjs'

export const servers = [
  { name: 'visionflow', start: ours },
  { name: '@y/websocket-server@0.1.1', start: yWebsocket },
  { name: '@hocuspocus/server@3.4.4', start: hocuspocus },
  { name: 'pycrdt-websocket@0.16.5', start: pycrdt },
]

async function ours() {
  const directory = mkdtempSync(join(tmpdir(), 'visionflow-bench-'))
  chmodSync(directory, 0o755)
  let server = await start([], directory)
  const person = await signUp(server.url, 'bench')
  const address = () => `${server.url.replace(/^http/, 'ws')}/v1/ws/rooms`
  const target = async (count) => {
    const rooms = []
    for (let i = 0; i < count; i++) {
      const { id } = await call(server.url, person.token, 'POST', '/v1/rooms', { name: `Bench ${i}` })
      rooms.push(id)
    }
    const { labels } = await call(server.url, person.token, 'GET', `/v1/rooms/${rooms[0]}`)
    return { protocol: 'yws', url: address(), query: `?token=${person.token}`, rooms, label: labels[0].id }
  }
  const again = async (target) => {
    await server.stop()
    server = await start([], directory)
    return { ...target, url: address() }
  }
  const stop = async () => {
    await server.stop()
    rmSync(directory, { recursive: true, force: true })
  }
  return { pid: server.pid, target, again, stop }
}

async function yWebsocket() {
  const port = await freePort()
  const program = join(process.env.VISIONFLOW_BENCH_MODULES, 'node_modules/@y/websocket-server/src/server.js')
  const environment = { HOST: '127.0.0.1', PORT: String(port) }
  return peer(process.execPath, [program], environment, port, 'yws')
}

async function hocuspocus() {
  const port = await freePort()
  const modules = createRequire(join(process.env.VISIONFLOW_BENCH_MODULES, 'package.json'))
  const environment = { PORT: String(port), HOCUSPOCUS: modules.resolve('@hocuspocus/server') }
  return peer(process.execPath, [beside('hocuspocus.mjs')], environment, port, 'hocus')
}

async function pycrdt() {
  const port = await freePort()
  return peer(process.env.VISIONFLOW_BENCH_PYTHON, [beside('pycrdt_websocket.py'), String(port)], {}, port, 'yws')
}

const beside = (name) => fileURLToPath(new URL(`../peers/${name}`, import.meta.url))

async function peer(program, args, environment, port, protocol) {
  const child = spawn(program, args, { env: { ...process.env, ...environment }, stdio: 'ignore' })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const limit = Date.now() + 20_000
  while (!(await listens(port))) {
    if (child.exitCode !== null || Date.now() > limit) throw new Error(`${program} ${args} did not start`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const target = async (count) => {
    const rooms = Array.from({ length: count }, randomUUID)
    return { protocol, url: `ws://127.0.0.1:${port}`, rooms, label: randomUUID() }
  }
  const stop = async () => {
    child.kill('SIGTERM')
    // Some wait for their sockets.
    const patience = setTimeout(() => child.kill('SIGKILL'), 5000)
    await ended
    clearTimeout(patience)
  }
  return { pid: child.pid, target, stop }
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}
