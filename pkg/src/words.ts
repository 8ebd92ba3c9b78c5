// English for what the engine says by a key; sentences pass as they are.

const WORDS: Readonly<Record<string, string>> = {
  'notice-choose-label': 'Choose a label first.',
  'notice-read-only': 'You can look here, but not edit.',
  'notice-too-few-vertices': 'A polygon needs at least three corners.',
  'notice-deleted-meanwhile': 'Someone deleted what you were changing.',
  'notice-too-few-points': 'A line needs at least two points.',
  'notice-no-pixels': 'The picture is still loading.',
  'notice-no-skeleton': 'This label has no skeleton.',
  'notice-nothing-to-slice': 'The line crosses nothing that can be cut. Select an area or a line.',
  'notice-nothing-to-erase': 'There is no mask here to erase.',
  'notice-no-hole': 'There is no hole here to fill.',
  'notice-locked': 'This shape is locked.',
  'notice-under-locked': 'Locked masks keep all these pixels.',
  'notice-nothing-left': 'Nothing would be left of the shape.',
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
