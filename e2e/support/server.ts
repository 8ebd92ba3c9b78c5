// One real server with a data directory of its own, which tests may kill and start again.
import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = process.cwd()

export class Server {
  readonly url: string
  readonly logFile: string
  private child: ChildProcess | undefined
  private ended: Promise<number | null> = Promise.resolve(null)

  private constructor(
    readonly port: number,
    readonly s3Port: number,
    readonly directory: string,
    private readonly extra: string[],
  ) {
    this.url = `http://127.0.0.1:${port}`
    this.logFile = join(directory, 'server.log')
  }

  /** Starts a server on free ports and waits until it is ready. */
  static async start(extra: string[] = []): Promise<Server> {
    const directory = mkdtempSync(join(tmpdir(), 'visionflow-e2e-'))
    // As root, Postgres runs as another user, who must be able to walk here.
    chmodSync(directory, 0o755)
    const server = new Server(await freePort(), await freePort(), directory, extra)
    await server.up()
    return server
  }

  /** Starts the process again on the same ports and data. */
  async up(): Promise<void> {
    const binary = process.env.VISIONFLOW_SERVER_BINARY ?? join(root, 'dist/bin/visionflow')
    if (!existsSync(binary)) throw new Error(`${binary} is missing: run the tests with \`cargo xtask test --only e2e\``)
    const log = openSync(this.logFile, 'a')
    const args = ['serve', '--listen', `127.0.0.1:${this.port}`, '--s3-listen', `127.0.0.1:${this.s3Port}`]
    args.push('--data-dir', join(this.directory, 'data'), '--web-dir', process.env.VISIONFLOW_WEB_DIR ?? join(root, 'dist/web'))
    args.push(...this.extra)
    const child = spawn(binary, args, {
      stdio: ['ignore', log, log],
      env: { ...process.env, RUST_LOG: process.env.RUST_LOG ?? 'info', DATABASE_URL: undefined },
    })
    this.child = child
    this.ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)))
    await this.ready()
  }

  /** Ends the process without a chance to say goodbye. */
  async kill(): Promise<void> {
    this.child?.kill('SIGKILL')
    await this.ended
  }

  /** Ends the process in order and removes its data. */
  async stop(): Promise<void> {
    if (this.child?.exitCode === null && this.child.signalCode === null) this.child.kill('SIGTERM')
    await this.ended
    rmSync(this.directory, { recursive: true, force: true })
  }

  log(): string {
    return readFileSync(this.logFile, 'utf8')
  }

  private async ready(): Promise<void> {
    const limit = Date.now() + 120_000
    while (Date.now() < limit) {
      if (this.child?.exitCode !== null) throw new Error(`the server ended at start:\n${this.log().slice(-4000)}`)
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined)
      if (answer?.ok) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error(`the server was not ready in two minutes:\n${this.log().slice(-4000)}`)
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}
