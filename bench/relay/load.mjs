// One load on one server, in a process of its own. The argument is JSON:
// { load, target: { protocol, url, query, rooms, label }, pid, options, again }
// `again` asks the parent for the same server started anew. Prints one line of JSON.
import * as documents from './documents.mjs'
import { presence } from './presence.mjs'

const { load, target, pid, options, again } = JSON.parse(process.argv[2])

function startedAnew() {
  process.send('again')
  return new Promise((resolve) => process.once('message', resolve))
}

const line = await { presence, ...documents }[load](target, pid, options, again && startedAnew)
console.log(JSON.stringify(line))
process.exit(0)
