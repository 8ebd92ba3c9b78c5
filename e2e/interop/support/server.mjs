// A real server for a script: the one at VISIONFLOW_URL, or one of its own from
// VISIONFLOW_SERVER_BINARY that lives as long as the script.
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Runs `script(url)` against a server and ends the process with 0, or with 1 and the reason. */
export async function withServer(script, extra = []) {
  let server
  try {
    server = process.env.VISIONFLOW_URL ? { url: process.env.VISIONFLOW_URL, stop: async () => {} } : await start(extra)
    await script(server.url, server)
    await server.stop()
    process.exit(0)
  } catch (error) {
    console.error(error)
    if (server?.log) console.error(server.log().slice(-3000))
    await server?.stop().catch(() => {})
    process.exit(1)
  }
}

/** Starts a server on free ports, with a data directory of its own or the one in `kept`, which stays. */
export async function start(extra = [], kept) {
  const binary = process.env.VISIONFLOW_SERVER_BINARY
  if (!binary) throw new Error('VISIONFLOW_URL or VISIONFLOW_SERVER_BINARY has to say which server to use')
  const directory = kept ?? mkdtempSync(join(tmpdir(), 'visionflow-'))
  // As root, Postgres runs as another user, who must be able to walk here.
  chmodSync(directory, 0o755)
  const logFile = join(directory, 'server.log')
  const output = openSync(logFile, 'a')
  const port = await freePort()
  const args = ['serve', '--listen', `127.0.0.1:${port}`, '--s3-listen', `127.0.0.1:${await freePort()}`]
  args.push('--data-dir', join(directory, 'data'), ...extra)
  const child = spawn(binary, args, { stdio: ['ignore', output, output] })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const log = () => readFileSync(logFile, 'utf8')
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    await ended
    if (!kept) rmSync(directory, { recursive: true, force: true })
  }
  const url = `http://127.0.0.1:${port}`
  const limit = Date.now() + 120_000
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended at its start:\n${log().slice(-3000)}`)
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    if (answer?.ok) return { url, pid: child.pid, log, stop }
    if (Date.now() > limit) {
      await stop()
      throw new Error('the server was not ready within two minutes')
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}
