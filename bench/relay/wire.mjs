// The frames of y-websocket and of hocuspocus, written by hand from the wire format, so that nothing
// of a server under test is measured with its own code.
const utf8 = new TextEncoder()

class Writer {
  bytes = new Uint8Array(256)
  length = 0
  reserve(more) {
    if (this.length + more <= this.bytes.length) return
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more))
    larger.set(this.bytes)
    this.bytes = larger
  }
  number(value) {
    this.reserve(10)
    for (; value > 127; value = Math.floor(value / 128)) this.bytes[this.length++] = 128 | value % 128
    this.bytes[this.length++] = value
    return this
  }
  block(block) {
    this.number(block.length).reserve(block.length)
    this.bytes.set(block, this.length)
    this.length += block.length
    return this
  }
  text(text) {
    return this.block(utf8.encode(text))
  }
  done() {
    return this.bytes.slice(0, this.length)
  }
}

export class Reader {
  at = 0
  constructor(bytes) {
    this.bytes = bytes
  }
  number() {
    for (let value = 0, unit = 1; ; unit *= 128) {
      const byte = this.bytes[this.at++]
      value += (byte & 127) * unit
      if (byte < 128) return value
    }
  }
  block() {
    const length = this.number()
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }
}

/** What one room's frames look like in `protocol`, `yws` or `hocus`. */
export function frames(protocol, room) {
  const head = () => (protocol === 'hocus' ? new Writer().text(room) : new Writer())
  return {
    authentication: () => head().number(2).number(0).text('token').done(),
    /** Asks for everything. */
    question: () => head().number(0).number(0).block(Uint8Array.of(0)).done(),
    update: (update) => head().number(0).number(2).block(update).done(),
    presence: (client, clock, state) => {
      const entry = new Writer().number(1).number(client).number(clock).text(JSON.stringify(state)).done()
      return head().number(1).block(entry).done()
    },
  }
}
