// Words for what the engine says by a key; sentences pass as they are.
import { ENGLISH } from './texts.js'

/** Words in place of the built-in ones, by the engine's keys. */
export type Words = Readonly<Partial<Record<keyof typeof ENGLISH, string>>>

/** The built-in words, for whoever translates them. */
export const ENGLISH_WORDS: Readonly<Record<keyof typeof ENGLISH, string>> = ENGLISH

/** A sentence for a person. */
export function words(detail: string, own: Words = {}): string {
  const known = (own as Readonly<Record<string, string | undefined>>)[detail] ?? (ENGLISH as Readonly<Record<string, string | undefined>>)[detail]
  if (known !== undefined) return known
  // A key that this table does not have is still readable.
  if (!/^(hint|notice)-[a-z0-9-]+$/.test(detail)) return detail
  const text = detail.slice(detail.indexOf('-') + 1).replaceAll('-', ' ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
