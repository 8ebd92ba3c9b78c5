// What the widget's tests open: the examples as they were built from the packed package, and empty
// pages beside the plain one's node_modules.
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { extname, join, normalize } from 'node:path'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.png': 'image/png',
  '.json': 'application/json',
}

/** Serves the examples, each below its name; `/blank` is an empty page of the plain one. */
export class Site {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<Site> {
    const root = process.env.VISIONFLOW_EXAMPLES_DIR ?? join(process.cwd(), 'dist/package/examples')
    if (!existsSync(root)) throw new Error(`${root} is missing: run the tests with \`cargo xtask test --only widget\``)
    const folders: Record<string, string> = {
      plain: join(root, 'plain'),
      vite: join(root, 'vite/dist'),
      react: join(root, 'react/dist'),
    }
    const server = createServer((request, response) => {
      const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname))
      if (path === '/plain/blank') {
        response.writeHead(200, { 'content-type': TYPES['.html'] })
        return response.end('<!doctype html><html lang="en"><title>Blank</title><body style="margin:0">')
      }
      const [, name = '', ...rest] = path.split('/')
      const folder = folders[name]
      let file = folder && join(folder, ...rest)
      if (file && existsSync(file) && statSync(file).isDirectory()) file = join(file, 'index.html')
      if (!file || !existsSync(file)) return response.writeHead(404).end()
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
      createReadStream(file).pipe(response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (!address || typeof address !== 'object') throw new Error('the site has no port')
    return new Site(server, `http://127.0.0.1:${address.port}`)
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }
}
