// CSS colours in the form that the engine takes.

/** `#rrggbb` of any opaque CSS colour; nothing for what is no colour. */
export function parseColor(css: string): string | undefined {
  const context = document.createElement('canvas').getContext('2d')
  if (!context) return undefined
  // What is no colour leaves the last one standing.
  context.fillStyle = '#010203'
  context.fillStyle = css
  const first = context.fillStyle
  context.fillStyle = '#040506'
  context.fillStyle = css
  if (context.fillStyle !== first) return undefined
  context.fillRect(0, 0, 1, 1)
  const [r = 0, g = 0, b = 0] = context.getImageData(0, 0, 1, 1).data
  return `#${[r, g, b].map((value) => value.toString(16).padStart(2, '0')).join('')}`
}
