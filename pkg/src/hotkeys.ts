// Keys to actions, while the focus is in the annotator.
import { checkObject } from './check.js'
import type { ToolName } from './types.js'
import type { Annotator } from './annotator.js'

/** What a key does: the name of an action, or a function of the host page. */
export type Action =
  | `tool:${ToolName}`
  | `label:${string}`
  | 'undo'
  | 'redo'
  | 'delete'
  | 'duplicate'
  | 'copy'
  | 'paste'
  | 'zoom-in'
  | 'zoom-out'
  | 'zoom-fit'
  | 'zoom-actual'
  | ((annotator: Annotator) => void)

/** The keys of the workbench: one letter a tool. `Mod` is Ctrl, on a Mac Command. */
export const DEFAULT_HOTKEYS: Readonly<Record<string, Action>> = {
  v: 'tool:select',
  b: 'tool:box',
  r: 'tool:rotated_box',
  e: 'tool:ellipse',
  p: 'tool:polygon',
  l: 'tool:polyline',
  d: 'tool:point',
  f: 'tool:path',
  a: 'tool:arrow',
  t: 'tool:text',
  k: 'tool:cuboid',
  g: 'tool:brush',
  'Shift+g': 'tool:eraser',
  w: 'tool:wand',
  i: 'tool:scissors',
  s: 'tool:smart',
  j: 'tool:skeleton',
  x: 'tool:slice',
  q: 'tool:lasso',
  m: 'tool:measure',
  h: 'tool:pan',
  'Mod+z': 'undo',
  'Mod+Shift+z': 'redo',
  'Mod+y': 'redo',
  'Mod+d': 'duplicate',
  'Mod+c': 'copy',
  'Mod+v': 'paste',
  '+': 'zoom-in',
  '=': 'zoom-in',
  '-': 'zoom-out',
  '0': 'zoom-fit',
  '1': 'zoom-actual',
}

/** Keys by their normal form; the ones that were taken away are left out. */
export type Keymap = ReadonlyMap<string, Action>

/** The built-in keys with the host page's over them; `null` takes a key away, `false` takes all. */
export function keymap(own: Readonly<Record<string, Action | null>> | false | undefined, where: string): Keymap {
  const map = new Map<string, Action>()
  if (own === false) return map
  for (const [key, action] of Object.entries(DEFAULT_HOTKEYS)) map.set(normal(key, where), action)
  if (own === undefined) return map
  checkObject(own, where)
  for (const [key, action] of Object.entries(own)) {
    if (action === null) map.delete(normal(key, where))
    else if (typeof action === 'string' || typeof action === 'function') map.set(normal(key, where), action)
    else throw new TypeError(`${where}["${key}"] is neither an action nor a function`)
  }
  return map
}

/** The normal form of a pressed key, as {@link keymap} has them. */
export function keyOf(event: KeyboardEvent): string {
  const mod = isMac() ? event.metaKey : event.ctrlKey
  const other = isMac() ? event.ctrlKey : event.metaKey
  const { key } = event
  // Of signs, Shift is part of the sign: on most keyboards `+` is not typed without it.
  const shift = event.shiftKey && (key.length > 1 || key.toLowerCase() !== key.toUpperCase())
  return join(mod, other, event.altKey, shift, key)
}

const MODIFIERS = ['mod', 'ctrl', 'meta', 'alt', 'shift']

function normal(written: string, where: string): string {
  // `+` itself is a key: `Mod++`.
  const parts = written === '+' ? ['+'] : written.replace(/\+\+$/, '+plus').split('+')
  const key = parts.pop() ?? ''
  const modifiers = new Set(parts.map((part) => part.toLowerCase()))
  const unknown = [...modifiers].find((modifier) => !MODIFIERS.includes(modifier))
  if (key === '' || unknown !== undefined) {
    throw new TypeError(`${where}: “${written}” is no key; write it like "b", "Shift+b" or "Mod+z"`)
  }
  const ctrl = modifiers.has('ctrl')
  const meta = modifiers.has('meta')
  const mod = modifiers.has('mod') || (isMac() ? meta : ctrl)
  return join(mod, isMac() ? ctrl : meta, modifiers.has('alt'), modifiers.has('shift'), key === 'plus' ? '+' : key)
}

function join(mod: boolean, other: boolean, alt: boolean, shift: boolean, key: string): string {
  return `${mod ? 'mod+' : ''}${other ? 'other+' : ''}${alt ? 'alt+' : ''}${shift ? 'shift+' : ''}${key.toLowerCase()}`
}

function isMac(): boolean {
  return /Mac|iP(hone|ad|od)/.test(navigator.platform)
}
