// What host pages hand in is checked before the engine sees it, so that an error says what and where.

const MAX_DEPTH = 32

/**
 * Throws unless `value` is made of plain JSON values with finite numbers; `where` opens the message.
 *
 * `JSON.stringify` alone would turn NaN into null and drop what it does not know.
 */
export function checkPlain(value: unknown, where: string, depth = 0): void {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${where} is ${value}: a finite number is needed`)
      return
    case 'object':
      break
    default:
      throw new TypeError(`${where} is a ${typeof value}, which JSON does not have`)
  }
  if (value === null) return
  if (depth > MAX_DEPTH) throw new TypeError(`${where} is nested too deeply, or contains itself`)
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))) {
    const list = value as ArrayLike<unknown>
    for (let i = 0; i < list.length; i++) {
      const item = list[i]
      // The long lists are coordinates; no path is made for those that are fine.
      if (typeof item === 'number' && Number.isFinite(item)) continue
      checkPlain(item, `${where}[${i}]`, depth + 1)
    }
    return
  }
  for (const [key, item] of Object.entries(value)) checkPlain(item, `${where}.${key}`, depth + 1)
}

/** Throws unless `value` is an array. */
export function checkList(value: unknown, where: string): asserts value is unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`${where} is ${kindOf(value)}: a list is needed`)
}

/** Throws unless `value` is a non-empty string. */
export function checkText(value: unknown, where: string): asserts value is string {
  if (typeof value !== 'string' || value === '') throw new TypeError(`${where} is ${kindOf(value)}: a string is needed`)
}

/** Throws unless `value` is an object that is no list. */
export function checkObject(value: unknown, where: string): asserts value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`${where} is ${kindOf(value)}: an object is needed`)
  }
}

/** Throws unless `value` is a finite number between `least` and `most`. */
export function checkNumber(value: unknown, where: string, least: number, most: number): asserts value is number {
  if (typeof value !== 'number' || !(value >= least && value <= most)) {
    throw new TypeError(`${where} is ${String(value)}: a number from ${least} to ${most} is needed`)
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (value === '') return 'empty'
  return value === undefined ? 'missing' : `of type ${typeof value}`
}

/** An error whose message opens with where it happened. */
export function at(where: string, cause: unknown): Error {
  const message = cause instanceof Error ? cause.message : String(cause)
  return new Error(`${where}: ${message}`, { cause })
}
