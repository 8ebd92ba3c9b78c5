// The files of models for `infer_worker.js`: out of the browser's storage or from their addresses, checked.

const CACHE = 'visionflow-models'

// What is told the asker: a code, and words.
export class Failure extends Error {
  constructor(code, message) {
    super(message)
    this.code = code
  }
}

// A model's bytes out of the cache or from its address, with the sum that they should have. An address may
// be signed anew each day, so what has a sum is kept by that. `sum_of` gives that of bytes.
export async function file(url, sum, sum_of, tell, right_size) {
  // Without a secure context or in a private window there may be no storage; that is no error.
  const cache = await self.caches?.open(CACHE).catch(() => undefined)
  const name = sum ? new URL(`./${CACHE}/${sum}`, import.meta.url).href : url
  const kept = await cache?.match(name).catch(() => undefined)
  const right = async (bytes) => !sum || (await sum_of(bytes)) === sum
  if (kept) {
    const bytes = new Uint8Array(await kept.arrayBuffer())
    if (await right(bytes)) {
      tell(bytes.length, bytes.length)
      return bytes
    }
    await cache.delete(name).catch(() => undefined)
  }
  const bytes = await fetched(url, tell, right_size)
  if (!(await right(bytes))) throw new Failure('checksum', `${url} is not the file that was expected`)
  const response = new Response(bytes, { headers: { 'content-type': 'application/octet-stream' } })
  // Nor is a storage that is full.
  await cache?.put(name, response).catch(() => undefined)
  return bytes
}

// The bytes at an address; `tell` hears how many are here of how many, `right_size` throws at too many.
export async function fetched(url, tell, right_size = () => {}) {
  const response = await fetch(url).catch((error) => {
    throw new Failure('fetch', `${url} could not be fetched: ${error.message}`)
  })
  if (!response.ok) throw new Failure('fetch', `${url} answered ${response.status}`)
  const stated = Number(response.headers.get('content-length')) || 0
  try {
    right_size(stated)
  } catch (error) {
    response.body.cancel().catch(() => undefined)
    throw error
  }
  const chunks = []
  let received = 0
  const reader = response.body.getReader()
  for (;;) {
    const { done, value } = await reader.read().catch((error) => {
      throw new Failure('fetch', `${url} was cut off: ${error.message}`)
    })
    if (done) break
    chunks.push(value)
    received += value.length
    try {
      right_size(received)
    } catch (error) {
      reader.cancel().catch(() => undefined)
      throw error
    }
    tell(received, Math.max(stated, received))
  }
  const bytes = new Uint8Array(received)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  tell(received, received)
  return bytes
}
