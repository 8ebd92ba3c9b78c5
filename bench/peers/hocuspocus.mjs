// A hocuspocus server as its documentation starts one; bench/relay.mjs says where the package lies.
import { createRequire } from 'node:module'

const { Server } = createRequire(import.meta.url)(process.env.HOCUSPOCUS)
await new Server({ port: Number(process.env.PORT), address: '127.0.0.1', quiet: true, debounce: 2000 }).listen()
