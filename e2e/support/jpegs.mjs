// JPEGs of four inks in four flat quarters: a few bits for each block, so that even a large one is
// quickly made.
import { QUARTERS } from './tiles.mjs'

/**
 * A baseline JPEG; `width` and `height` are multiples of 16. `kind` says how the inks are stored:
 * inverted as Adobe does (`cmyk`), also without its marker (`bare`),
 * or transformed besides (`ycck`).
 */
export function fourInks(width, height, kind) {
  const quarters = Object.values(QUARTERS).map((rgb) => samples(rgb, kind))
  const bits = new Bits()
  const before = [0, 0, 0, 0]
  for (let row = 0; row < height / 8; row++) {
    for (let col = 0; col < width / 8; col++) {
      const color = quarters[(col * 16 >= width ? 1 : 0) + (row * 16 >= height ? 2 : 0)]
      for (let n = 0; n < 4; n++) {
        bits.difference(color[n] - before[n])
        before[n] = color[n]
        // End of block.
        bits.put(0, 1)
      }
    }
  }
  const frame = [8, height >> 8, height & 255, width >> 8, width & 255, 4, ...[1, 2, 3, 4].flatMap((id) => [id, 0x11, 0])]
  const adobe = { cmyk: [0], ycck: [2], bare: undefined }[kind]
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    adobe ? segment(0xee, [...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, ...adobe]) : Buffer.alloc(0),
    segment(0xdb, [0, ...Array(64).fill(8)]),
    segment(0xc0, frame),
    // Differences of 0 bits have the code 0, those of 1 to 8 bits five bits each.
    segment(0xc4, [0x00, 1, 0, 0, 0, 8, ...Array(11).fill(0), 0, 1, 2, 3, 4, 5, 6, 7, 8]),
    segment(0xc4, [0x10, 1, ...Array(15).fill(0), 0]),
    segment(0xda, [4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0]),
    bits.end(),
    Buffer.from([0xff, 0xd9]),
  ])
}

/** What is stored of a colour, around zero. A tenth of the light is taken by the black ink. */
function samples(rgb, kind) {
  const black = 230
  const light = rgb.map((value) => Math.round((value * 255) / black))
  if (light.some((value) => value > 255)) throw new Error('too bright for this black')
  // The transform takes the inks for red, green and blue.
  const stored = kind === 'ycck' ? [...ycbcr(light.map((value) => 255 - value)), black] : [...light, black]
  return stored.map((value) => value - 128)
}

/** ITU-T T.871, section 7. */
function ycbcr([r, g, b]) {
  const y = 0.299 * r + 0.587 * g + 0.114 * b
  return [y, 128 + (b - y) / 1.772, 128 + (r - y) / 1.402].map((value) => Math.max(0, Math.min(255, Math.round(value))))
}

function segment(marker, bytes) {
  const length = bytes.length + 2
  return Buffer.from([0xff, marker, length >> 8, length & 255, ...bytes])
}

class Bits {
  #bytes = []
  #held = 0
  #count = 0

  put(value, count) {
    this.#held = (this.#held << count) | value
    this.#count += count
    while (this.#count >= 8) {
      this.#count -= 8
      const byte = (this.#held >> this.#count) & 255
      this.#bytes.push(byte)
      if (byte === 255) this.#bytes.push(0)
    }
    this.#held &= (1 << this.#count) - 1
  }

  /** T.81, section F.1.2.1. */
  difference(value) {
    const size = value === 0 ? 0 : 32 - Math.clz32(Math.abs(value))
    if (size === 0) return this.put(0, 1)
    this.put(15 + size, 5)
    this.put(value < 0 ? value + (1 << size) - 1 : value, size)
  }

  end() {
    if (this.#count > 0) this.put((1 << (8 - this.#count)) - 1, 8 - this.#count)
    return Buffer.from(this.#bytes)
  }
}
