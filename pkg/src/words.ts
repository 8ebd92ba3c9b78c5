// English for what the engine says by a key; sentences pass as they are.

const WORDS: Readonly<Record<string, string>> = {
  'notice-choose-label': 'Choose a label first.',
  'notice-read-only': 'This is read only.',
  'notice-too-few-vertices': 'A polygon needs at least three corners.',
  'notice-deleted-meanwhile': 'Someone deleted this meanwhile.',
}

/** A sentence for a person. */
export function words(detail: string): string {
  const known = WORDS[detail]
  if (known) return known
  // A key that this table does not have is still readable.
  if (!/^notice-[a-z0-9-]+$/.test(detail)) return detail
  const text = detail.slice('notice-'.length).replaceAll('-', ' ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
