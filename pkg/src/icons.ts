// Icons of the toolbar: the outlines of Lucide (https://lucide.dev, ISC licence, see LICENSE-LUCIDE).

type Part = readonly [element: string, attributes: Readonly<Record<string, string>>]

const ICONS: Readonly<Record<string, readonly Part[]>> = {
  select: [['path', { d: 'M4.037 4.688a.495.495 0 0 1 .651-.651l16 6.5a.5.5 0 0 1-.063.947l-6.124 1.58a2 2 0 0 0-1.438 1.435l-1.579 6.126a.5.5 0 0 1-.947.063z' }]],
  box: [['rect', { width: '18', height: '18', x: '3', y: '3', rx: '2' }]],
  rotated_box: [['path', { d: 'M2.7 10.3a2.41 2.41 0 0 0 0 3.41l7.59 7.59a2.41 2.41 0 0 0 3.41 0l7.59-7.59a2.41 2.41 0 0 0 0-3.41l-7.59-7.59a2.41 2.41 0 0 0-3.41 0Z' }]],
  ellipse: [['circle', { cx: '12', cy: '12', r: '10' }]],
  polygon: [['path', { d: 'M10.83 2.38a2 2 0 0 1 2.34 0l8 5.74a2 2 0 0 1 .73 2.25l-3.04 9.26a2 2 0 0 1-1.9 1.37H7.04a2 2 0 0 1-1.9-1.37L2.1 10.37a2 2 0 0 1 .73-2.25z' }]],
  polyline: [['path', { d: 'm10.586 5.414-5.172 5.172' }], ['path', { d: 'm18.586 13.414-5.172 5.172' }], ['path', { d: 'M6 12h12' }], ['circle', { cx: '12', cy: '20', r: '2' }], ['circle', { cx: '12', cy: '4', r: '2' }], ['circle', { cx: '20', cy: '12', r: '2' }], ['circle', { cx: '4', cy: '12', r: '2' }]],
  point: [['circle', { cx: '12', cy: '12', r: '1' }], ['circle', { cx: '12', cy: '12', r: '10' }]],
  path: [['path', { d: 'M7 3.5c5-2 7 2.5 3 4C1.5 10 2 15 5 16c5 2 9-10 14-7s.5 13.5-4 12c-5-2.5.5-11 6-2' }]],
  arrow: [['path', { d: 'M13 5H19V11' }], ['path', { d: 'M19 5L5 19' }]],
  text: [['path', { d: 'M12 4v16' }], ['path', { d: 'M4 7V5a1 1 0 0 1 1-1h14a1 1 0 0 1 1 1v2' }], ['path', { d: 'M9 20h6' }]],
  cuboid: [['path', { d: 'M21 8a2 2 0 0 0-1-1.73l-7-4a2 2 0 0 0-2 0l-7 4A2 2 0 0 0 3 8v8a2 2 0 0 0 1 1.73l7 4a2 2 0 0 0 2 0l7-4A2 2 0 0 0 21 16Z' }], ['path', { d: 'm3.3 7 8.7 5 8.7-5' }], ['path', { d: 'M12 22V12' }]],
  brush: [['path', { d: 'm11 10 3 3' }], ['path', { d: 'M6.5 21A3.5 3.5 0 1 0 3 17.5a2.62 2.62 0 0 1-.708 1.792A1 1 0 0 0 3 21z' }], ['path', { d: 'M9.969 17.031 21.378 5.624a1 1 0 0 0-3.002-3.002L6.967 14.031' }]],
  eraser: [['path', { d: 'M21 21H8a2 2 0 0 1-1.42-.587l-3.994-3.999a2 2 0 0 1 0-2.828l10-10a2 2 0 0 1 2.829 0l5.999 6a2 2 0 0 1 0 2.828L12.834 21' }], ['path', { d: 'm5.082 11.09 8.828 8.828' }]],
  wand: [['path', { d: 'm21.64 3.64-1.28-1.28a1.21 1.21 0 0 0-1.72 0L2.36 18.64a1.21 1.21 0 0 0 0 1.72l1.28 1.28a1.2 1.2 0 0 0 1.72 0L21.64 5.36a1.2 1.2 0 0 0 0-1.72' }], ['path', { d: 'm14 7 3 3' }], ['path', { d: 'M5 6v4' }], ['path', { d: 'M19 14v4' }], ['path', { d: 'M10 2v2' }], ['path', { d: 'M7 8H3' }], ['path', { d: 'M21 16h-4' }], ['path', { d: 'M11 3H9' }]],
  scissors: [['circle', { cx: '6', cy: '6', r: '3' }], ['path', { d: 'M8.12 8.12 12 12' }], ['path', { d: 'M20 4 8.12 15.88' }], ['circle', { cx: '6', cy: '18', r: '3' }], ['path', { d: 'M14.8 14.8 20 20' }]],
  smart: [['path', { d: 'M11.017 2.814a1 1 0 0 1 1.966 0l1.051 5.558a2 2 0 0 0 1.594 1.594l5.558 1.051a1 1 0 0 1 0 1.966l-5.558 1.051a2 2 0 0 0-1.594 1.594l-1.051 5.558a1 1 0 0 1-1.966 0l-1.051-5.558a2 2 0 0 0-1.594-1.594l-5.558-1.051a1 1 0 0 1 0-1.966l5.558-1.051a2 2 0 0 0 1.594-1.594z' }], ['path', { d: 'M20 2v4' }], ['path', { d: 'M22 4h-4' }], ['circle', { cx: '4', cy: '20', r: '2' }]],
  skeleton: [['circle', { cx: '12', cy: '5', r: '1' }], ['path', { d: 'm9 20 3-6 3 6' }], ['path', { d: 'm6 8 6 2 6-2' }], ['path', { d: 'M12 10v4' }]],
  slice: [['path', { d: 'M11 16.586V19a1 1 0 0 1-1 1H2L18.37 3.63a1 1 0 1 1 3 3l-9.663 9.663a1 1 0 0 1-1.414 0L8 14' }]],
  lasso: [['path', { d: 'M3.704 14.467a10 8 0 1 1 3.115 2.375' }], ['path', { d: 'M7 22a5 5 0 0 1-2-3.994' }], ['circle', { cx: '5', cy: '16', r: '2' }]],
  measure: [['path', { d: 'M21.3 15.3a2.4 2.4 0 0 1 0 3.4l-2.6 2.6a2.4 2.4 0 0 1-3.4 0L2.7 8.7a2.41 2.41 0 0 1 0-3.4l2.6-2.6a2.41 2.41 0 0 1 3.4 0Z' }], ['path', { d: 'm14.5 12.5 2-2' }], ['path', { d: 'm11.5 9.5 2-2' }], ['path', { d: 'm8.5 6.5 2-2' }], ['path', { d: 'm17.5 15.5 2-2' }]],
  pan: [['path', { d: 'M18 11V6a2 2 0 0 0-2-2a2 2 0 0 0-2 2' }], ['path', { d: 'M14 10V4a2 2 0 0 0-2-2a2 2 0 0 0-2 2v2' }], ['path', { d: 'M10 10.5V6a2 2 0 0 0-2-2a2 2 0 0 0-2 2v8' }], ['path', { d: 'M18 8a2 2 0 1 1 4 0v6a8 8 0 0 1-8 8h-2c-2.8 0-4.5-.86-5.99-2.34l-3.6-3.6a2 2 0 0 1 2.83-2.82L7 15' }]],
  undo: [['path', { d: 'M9 14 4 9l5-5' }], ['path', { d: 'M4 9h10.5a5.5 5.5 0 0 1 5.5 5.5a5.5 5.5 0 0 1-5.5 5.5H11' }]],
  redo: [['path', { d: 'm15 14 5-5-5-5' }], ['path', { d: 'M20 9H9.5A5.5 5.5 0 0 0 4 14.5A5.5 5.5 0 0 0 9.5 20H13' }]],
  'zoom-in': [['circle', { cx: '11', cy: '11', r: '8' }], ['line', { x1: '21', x2: '16.65', y1: '21', y2: '16.65' }], ['line', { x1: '11', x2: '11', y1: '8', y2: '14' }], ['line', { x1: '8', x2: '14', y1: '11', y2: '11' }]],
  'zoom-out': [['circle', { cx: '11', cy: '11', r: '8' }], ['line', { x1: '21', x2: '16.65', y1: '21', y2: '16.65' }], ['line', { x1: '8', x2: '14', y1: '11', y2: '11' }]],
  'zoom-fit': [['path', { d: 'M8 3H5a2 2 0 0 0-2 2v3' }], ['path', { d: 'M21 8V5a2 2 0 0 0-2-2h-3' }], ['path', { d: 'M3 16v3a2 2 0 0 0 2 2h3' }], ['path', { d: 'M16 21h3a2 2 0 0 0 2-2v-3' }]],
}

/** The icon of a tool or an action, as decoration of a control that has a name; none for unknown names. */
export function icon(name: string): SVGElement | undefined {
  const parts = ICONS[name]
  if (!parts) return undefined
  const make = (element: string) => document.createElementNS('http://www.w3.org/2000/svg', element)
  const svg = make('svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  for (const [element, attributes] of parts) {
    const part = make(element)
    for (const [attribute, value] of Object.entries(attributes)) part.setAttribute(attribute, value)
    svg.append(part)
  }
  return svg
}
