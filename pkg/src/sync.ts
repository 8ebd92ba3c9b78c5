// Rooms of y-websocket servers: what to connect to, checked.
import { checkObject, checkText } from './check.js'
import type { Connection } from './types.js'

/** How others see this person. */
export interface SyncUser {
  id?: string
  name?: string
  /** `#rrggbb` */
  color?: string
}

/**
 * A room of any server that speaks the y-websocket protocol.
 *
 * The address of the socket is `url`, a slash, and `room`, with `params` behind a question mark, as
 * the npm package `y-websocket` builds it.
 */
export interface SyncOptions {
  /** `ws://…` or `wss://…`; a page's own server may be written as `/path`. */
  url: string
  room: string
  /** Parameters of the address, a token for instance; a function is asked before each connection. */
  params?: Readonly<Record<string, string>> | (() => Record<string, string> | Promise<Record<string, string>>)
  user?: SyncUser
  /**
   * Keeps edits that the server has not taken yet in this browser (IndexedDB), and sends them when
   * the room is opened again, under this name of an account.
   */
  journal?: string
  /**
   * A VisionFlow server, which says what is durable, who may edit and what it refused: `url` has no
   * path then, `room` is the id of the item's room, and `params` returns or promises `{ token }`.
   */
  visionflow?: boolean
}

/** The engine's form of the options. */
export function connection(options: SyncOptions): Connection & { params: () => Promise<string> } {
  checkObject(options, 'connect()')
  checkText(options.url, 'connect(): url')
  checkText(options.room, 'connect(): room')
  const { params } = options
  const user: SyncUser = options.user ?? {}
  checkObject(user, 'connect(): user')
  return {
    url: address(options.url, options.room),
    journal: options.journal,
    visionflow: options.visionflow ?? false,
    user: { id: user.id ?? '', name: user.name ?? '', color: user.color ?? '' },
    params: async () => {
      const pairs: unknown = typeof params === 'function' ? await params() : (params ?? {})
      checkObject(pairs, 'connect(): params')
      if (options.visionflow) {
        const { token } = pairs as { token?: unknown }
        checkText(token, 'connect(): params.token')
        return token
      }
      return new URLSearchParams(pairs as Record<string, string>).toString()
    },
  }
}

function address(base: string, room: string): string {
  const url = new URL(base, location.href)
  if (url.protocol === 'http:' || url.protocol === 'https:') url.protocol = url.protocol.replace('http', 'ws')
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') {
    throw new TypeError(`connect(): url has the scheme “${url.protocol}”; ws: or wss: is needed`)
  }
  url.search = ''
  url.hash = ''
  return `${url.href.replace(/\/+$/, '')}/${room.split('/').map(encodeURIComponent).join('/')}`
}
