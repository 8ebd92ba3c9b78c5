// Fan-out of the relay beside its peers, one after another on this machine: ours,
// @y/websocket-server and @hocuspocus/server. One line of JSON for each server and load.
//
//   VISIONFLOW_SERVER_BINARY  our server, built with --release
//   VISIONFLOW_BENCH_MODULES  a directory whose node_modules hold the two peers
//
// node bench/relay.mjs [--n 50] [--rate 20] [--secs 8] [--updates 2000]
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createProject, signUp } from '../e2e/interop/support/project.mjs'
import { freePort, start } from '../e2e/interop/support/server.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? otherwise : process.argv[at + 1]
}
const clients = option('n', '50')
const rate = option('rate', '20')
const secs = option('secs', '8')
const updates = option('updates', '2000')

const servers = [
  { name: 'visionflow', start: ours },
  { name: '@y/websocket-server@0.1.1', start: yWebsocket },
  { name: '@hocuspocus/server@3.4.4', start: hocuspocus },
]
for (const { name, start } of servers) {
  const server = await start()
  try {
    await load(name, server, ['--mode', 'awareness', '--n', clients, '--rate', rate, '--secs', secs])
    await load(name, server, ['--mode', 'update', '--n', clients, '--k', updates])
  } finally {
    await server.stop()
  }
}

async function load(server, { target, pid }, options) {
  const args = [join(here, 'relay_load.mjs'), ...(await target()), ...options, '--pid', String(pid)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (text) => (output += text))
  const code = await new Promise((resolve) => child.once('exit', resolve))
  if (code !== 0) throw new Error(`the load on ${server} ended with ${code}`)
  const line = output.split('\n').find((line) => line.startsWith('{'))
  console.log(JSON.stringify({ bench: 'relay', server, ...JSON.parse(line) }))
}

async function ours() {
  const { url, pid, stop } = await start()
  const person = await signUp(url, 'bench')
  // Each load has a room of its own, as the peers' loads have.
  const target = async () => {
    const { image } = await createProject(url, person)
    const rooms = `${url.replace(/^http/, 'ws')}/v1/ws/rooms`
    return ['--proto', 'yws', '--url', rooms, '--room', image.room_id, '--query', `token=${person.token}`]
  }
  return { pid, stop, target }
}

async function yWebsocket() {
  const port = await freePort()
  const program = join(packageOf('@y/websocket-server'), 'src/server.js')
  return peer(program, { HOST: '127.0.0.1', PORT: String(port) }, ['--proto', 'yws', '--url', `ws://127.0.0.1:${port}`])
}

async function hocuspocus() {
  const port = await freePort()
  const environment = { PORT: String(port), HOCUSPOCUS: modules().resolve('@hocuspocus/server') }
  return peer(join(here, 'peers/hocuspocus.mjs'), environment, ['--proto', 'hocus', '--url', `ws://127.0.0.1:${port}`])
}

async function peer(program, environment, target) {
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const limit = Date.now() + 20_000
  while (!(await fetch(`http://127.0.0.1:${environment.PORT}`).catch(() => undefined))) {
    if (child.exitCode !== null || Date.now() > limit) throw new Error(`${program} did not start`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  return { pid: child.pid, stop, target: async () => [...target, '--room', `bench-${Date.now()}`] }
}

function modules() {
  const directory = process.env.VISIONFLOW_BENCH_MODULES
  if (!directory) throw new Error('VISIONFLOW_BENCH_MODULES has to say where the peers are installed')
  return createRequire(join(directory, 'package.json'))
}

function packageOf(name) {
  return join(process.env.VISIONFLOW_BENCH_MODULES ?? '', 'node_modules', name)
}
