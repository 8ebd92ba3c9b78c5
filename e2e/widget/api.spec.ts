// The JavaScript API in a page: annotations, events, tools, keys, pictures, and what is refused.
import { CAR, drag, expect, mount, ONTOLOGY, test, toPage, TREE } from './support/test'

test('annotations go in and come out', async ({ blank }) => {
  await mount(blank, { src: 'photo.png', ontology: ONTOLOGY })
  const all = await blank.evaluate(([CAR, TREE]) => {
    const { annotator } = window
    const joints = [{ id: 1, at: [5, 5] as [number, number], state: 'visible' as const }]
    const shapes = [
      { type: 'box', box: [1, 2, 30, 40] },
      { type: 'rotated_box', center: [100, 100], size: [40, 20], angle: 0.5 },
      { type: 'ellipse', center: [200, 100], radii: [40, 20], angle: 0 },
      { type: 'polygon', rings: [[10, 10, 60, 10, 60, 60], [20, 15, 55, 15, 55, 50]] },
      { type: 'polyline', points: [0, 0, 10, 10, 20, 0] },
      { type: 'point', point: [7, 8] },
      { type: 'path', points: [0, 0, 1, 1, 2, 3] },
      { type: 'arrow', from: [0, 0], to: [50, 50] },
      { type: 'text', box: [10, 10, 100, 30], text: '<b>plain</b>', size: 16, bold: false, align: 'left' },
      { type: 'cuboid', points: [0, 0, 10, 0, 10, 10, 0, 10, 5, 5, 15, 5, 15, 15, 5, 15] },
      { type: 'mask', origin: [3, 4], size: [2, 2], runs: [0, 3, 1] },
      { type: 'skeleton', joints },
      { type: 'tag' },
    ] as const
    annotator.load(shapes.map((shape) => ({ label: CAR, shape: structuredClone(shape) as never })))
    const back = annotator.annotations.map((annotation) => annotation.shape)
    const id = annotator.add({ label: TREE, shape: { type: 'box', box: [0, 0, 5, 5] }, z: 9, source: 'model:test' })
    annotator.update(id, { label: CAR, style: { stroke: '#00ff00' }, locked: true })
    const one = annotator.annotation(id)
    annotator.undo()
    const undone = annotator.annotation(id)
    annotator.undo()
    return { back, shapes, id, one, undone, gone: annotator.annotation(id), canUndo: annotator.canUndo, canRedo: annotator.canRedo }
  }, [CAR, TREE] as const)
  // Their order is that of their ids where they lie equally high, and ids grow.
  expect(all.back).toEqual(all.shapes)
  expect(all.one).toMatchObject({ id: all.id, label: CAR, z: 9, locked: true, style: { stroke: '#00ff00' }, source: 'model:test' })
  expect(all.undone).toMatchObject({ label: TREE, locked: false, style: {} })
  expect(all.gone).toBeUndefined()
  // What was loaded is no step.
  expect(all.canUndo).toBe(false)
  expect(all.canRedo).toBe(true)
})

test('events say what happened', async ({ blank }) => {
  await mount(blank, { src: 'photo.png', ontology: ONTOLOGY, tool: 'box' })
  await blank.evaluate(() => {
    const heard: unknown[] = []
    Object.assign(window, { heard })
    for (const type of ['change', 'selection', 'tool', 'history', 'hover', 'notice'] as const) {
      window.annotator.on(type, (event) => heard.push(event))
    }
    window.annotator.on('change', () => {
      throw new Error('a listener of the page')
    }, { signal: AbortSignal.abort() })
  })
  await drag(blank, [100, 100], [200, 180])
  const events = await blank.evaluate(() => (window as unknown as { heard: { type: string }[] }).heard)
  const id = await blank.evaluate(() => window.annotator.annotations[0]!.id)
  expect(events).toContainEqual({ type: 'change', added: [id], updated: [], removed: [] })
  expect(events).toContainEqual({ type: 'history', canUndo: true, canRedo: false })
  expect(events).toContainEqual({ type: 'selection', ids: [id] })
  const shape = await blank.evaluate(() => window.annotator.annotations[0]!.shape)
  expect(shape).toMatchObject({ type: 'box' })
  const [x, y, width, height] = (shape as { box: number[] }).box
  for (const [is, wanted] of [[x, 100], [y, 100], [width, 100], [height, 80]]) expect(Math.abs(is! - wanted!)).toBeLessThan(2)
})

test('what is wrong is said, and the annotator goes on', async ({ blank }) => {
  await mount(blank, { src: 'photo.png', ontology: ONTOLOGY })
  const faults = await blank.evaluate(([CAR]) => {
    const { annotator } = window
    const fault = (act: () => unknown) => {
      try {
        act()
        return 'nothing'
      } catch (error) {
        return error instanceof Error ? error.message : `not an Error: ${String(error)}`
      }
    }
    const add = (shape: unknown) => fault(() => annotator.add({ label: CAR, shape: shape as never }))
    const loop: Record<string, unknown> = {}
    loop.self = loop
    const many = Array.from({ length: 2_000_000 }, (_, i) => (i % 2 ? Math.sin(i) : Math.cos(i)) * 100 + 200)
    return {
      nan: add({ type: 'box', box: [0, NaN, 1, 1] }),
      kind: add({ type: 'circle' }),
      missing: fault(() => annotator.add({} as never)),
      list: fault(() => annotator.add([{ label: CAR, shape: { type: 'tag' } }, { label: CAR, shape: { type: 'box', box: [0, 0, 0, 4] } }])),
      text: fault(() => annotator.load('[]' as never)),
      loop: fault(() => annotator.setOntology(loop as never)),
      odd: add({ type: 'polygon', rings: [[1, 2, 3]] }),
      million: add({ type: 'polygon', rings: [many] }),
      far: add({ type: 'point', point: [1e12, 0] }),
      label: fault(() => annotator.add({ label: 'cat', shape: { type: 'tag' } })),
      unknownLabel: fault(() => (annotator.label = 'cat')),
      id: fault(() => annotator.update('x', {})),
      gone: fault(() => annotator.update('7d3c1f52-4b0e-4f6b-9a51-0d8f1b2c3d4e', { z: 1 })),
      tool: fault(() => (annotator.tool = 'laser' as never)),
      setting: fault(() => annotator.setSettings({ brush: 3 } as never)),
      view: fault(() => annotator.setView({ gamma: 'high' } as never)),
      hotkey: fault(() => annotator.setHotkeys({ 'Hyper+x': 'undo' })),
      listener: fault(() => annotator.on('change', 3 as never)),
      twice: fault(() => annotator.setOntology({ labels: [{ id: CAR, name: 'A', color: '#000000' }, { id: CAR, name: 'B', color: '#000000' }] })),
      colour: fault(() => annotator.setOntology({ labels: [{ id: CAR, name: 'A', color: 'red' }] })),
      update: fault(() => annotator.applyUpdate(new Uint8Array([1, 2, 3]))),
      count: annotator.annotationCount,
    }
  }, [CAR] as const)
  expect(faults).toEqual({
    nan: 'annotation.shape.box[1] is NaN: a finite number is needed',
    kind: expect.stringContaining('annotations[0].shape.type: unknown variant `circle`'),
    missing: 'annotations[0]: missing field `label`',
    list: 'annotations[1].shape: a box needs a width and a height above zero',
    text: 'load(): annotations is of type string: a list is needed',
    loop: expect.stringContaining('nested too deeply'),
    odd: expect.stringMatching(/annotations\[0\]\.shape: .*even number/),
    million: 'annotations[0].shape: 1000000 vertices; 100000 are the most',
    far: expect.stringContaining('annotations[0].shape: a coordinate lies outside'),
    label: expect.stringContaining('annotations[0].label: UUID parsing failed'),
    unknownLabel: 'label: there is no label “cat” in the ontology',
    id: expect.stringContaining('update(): id: “x” is no id of an annotation'),
    gone: expect.stringContaining('does not exist'),
    tool: 'there is no tool “laser”',
    setting: 'settings.brush: there is no such option',
    view: expect.stringContaining('view.gamma: invalid type'),
    hotkey: expect.stringContaining('“Hyper+x” is no key'),
    listener: 'on("change"): the listener is not a function',
    twice: expect.stringContaining('two labels share the id'),
    colour: expect.stringContaining('“red” is not a colour'),
    update: expect.any(String),
    count: 0,
  })
  // It still works.
  await blank.evaluate(() => (window.annotator.tool = 'box'))
  await drag(blank, [50, 50], [120, 120])
  await expect.poll(() => blank.evaluate(() => window.annotator.annotationCount)).toBe(1)
})

test('photographs that cannot be shown', async ({ blank }) => {
  await mount(blank, { ontology: ONTOLOGY })
  const open = (what: 'missing' | 'text' | 'empty') =>
    blank.evaluate(async (what) => {
      const source = { missing: 'nowhere.png', text: new Blob(['not a picture'], { type: 'image/png' }), empty: new Blob([]) }[what]
      return window.annotator.openImage(source).then(
        () => 'opened',
        (error: Error) => error.message,
      )
    }, what)
  expect(await open('missing')).toContain('404')
  expect(await open('text')).toMatch(/could not be|cannot be|no image|not an image/)
  expect(await open('empty')).not.toBe('opened')
  const size = await blank.evaluate(async () => {
    const file = new File([await (await fetch('photo.png')).blob()], 'photo.png')
    await window.annotator.openImage(file)
    return window.annotator.imageSize
  })
  expect(size).toEqual({ width: 640, height: 420 })
})

test('read-only shows and selects, and changes nothing', async ({ blank }) => {
  await mount(blank, { src: 'photo.png', ontology: ONTOLOGY, tool: 'select', readonly: true, annotations: [{ label: CAR, shape: { type: 'box', box: [100, 100, 80, 80] } }] })
  const before = await blank.evaluate(() => window.annotator.annotations)
  await drag(blank, [140, 140], [240, 200])
  await blank.evaluate(() => window.annotator.focus())
  await blank.keyboard.press('Delete')
  const after = await blank.evaluate(() => {
    const fault = (act: () => unknown) => {
      try {
        act()
        return 'nothing'
      } catch (error) {
        return (error as Error).message
      }
    }
    const { annotator } = window
    return { annotations: annotator.annotations, fault: fault(() => annotator.remove(annotator.annotations[0]!.id)) }
  })
  expect(after).toEqual({ annotations: before, fault: 'this annotator is read-only' })
  await expect(blank.getByRole('button', { name: 'Box', exact: true })).toBeDisabled()
  await blank.evaluate(() => (window.annotator.readonly = false))
  await expect(blank.getByRole('button', { name: 'Box', exact: true })).toBeEnabled()
  await drag(blank, [140, 140], [240, 200])
  expect(await blank.evaluate(() => window.annotator.annotations)).not.toEqual(before)
})

test('a pen draws, and a second pointer meanwhile does not', async ({ blank }) => {
  await mount(blank, { src: 'photo.png', ontology: ONTOLOGY, tool: 'box' })
  const [from, to] = [await toPage(blank, [50, 40]), await toPage(blank, [150, 120])]
  const box = await blank.evaluate(
    ([from, to]) => {
      const { canvas } = window.annotator
      const send = (type: string, [clientX, clientY]: number[], own = {}) => {
        const pen = { pointerId: 7, pointerType: 'pen', isPrimary: true, pressure: 0.4, bubbles: true, button: 0, buttons: 1 }
        canvas.dispatchEvent(new PointerEvent(type, { ...pen, clientX, clientY, ...own }))
      }
      send('pointermove', from!, { button: -1, buttons: 0, pressure: 0 })
      send('pointerdown', from!)
      // The palm of the hand.
      send('pointerdown', to!, { pointerId: 8, pointerType: 'touch', isPrimary: false })
      send('pointerup', to!, { pointerId: 8, pointerType: 'touch', isPrimary: false, buttons: 0 })
      send('pointermove', to!, { button: -1 })
      send('pointerup', to!, { buttons: 0, pressure: 0 })
      return window.annotator.annotations.map(({ shape }) => (shape as { box: number[] }).box.map(Math.round))
    },
    [from, to] as const,
  )
  expect(box).toEqual([[50, 40, 100, 80]])
})

test('keys belong to the annotator that has the focus', async ({ blank }) => {
  await mount(blank, { src: 'photo.png', ontology: ONTOLOGY, hotkeys: { y: 'tool:polygon', b: null, 'Shift+n': 'tool:pan' } }, '500px')
  await mount(blank, { src: 'photo.png', ontology: ONTOLOGY }, '500px')
  const tools = () => blank.evaluate(() => window.annotators.map((annotator) => annotator.tool))
  await blank.evaluate(() => window.annotators[0]!.focus())
  await blank.keyboard.press('y')
  expect(await tools()).toEqual(['polygon', 'select'])
  await blank.keyboard.press('b')
  expect(await tools()).toEqual(['polygon', 'select'])
  await blank.keyboard.press('Shift+N')
  expect(await tools()).toEqual(['pan', 'select'])
  await blank.evaluate(() => window.annotators[1]!.focus())
  await blank.keyboard.press('b')
  expect(await tools()).toEqual(['pan', 'box'])
  // What a browser fills in comes as a key event without a key.
  await blank.evaluate(() => ['keydown', 'keyup'].forEach((type) => document.body.dispatchEvent(new Event(type, { bubbles: true }))))
  // Two annotators, two documents.
  await drag(blank, [50, 50], [150, 150], 1)
  expect(await blank.evaluate(() => window.annotators.map((annotator) => annotator.annotationCount))).toEqual([0, 1])
  await blank.keyboard.press('Control+z')
  expect(await blank.evaluate(() => window.annotators.map((annotator) => annotator.annotationCount))).toEqual([0, 0])
  // A field of the page keeps its keys.
  await blank.evaluate(() => document.body.append(Object.assign(document.createElement('input'), { id: 'field' })))
  await blank.locator('#field').pressSequentially('ph')
  await expect(blank.locator('#field')).toHaveValue('ph')
  expect(await tools()).toEqual(['pan', 'box'])
  await blank.evaluate(() => window.annotators.forEach((annotator) => annotator.destroy()))
  await expect(blank.locator('canvas')).toHaveCount(0)
})

test('the toolbar by keyboard', async ({ blank }) => {
  await mount(blank, { src: 'photo.png', ontology: ONTOLOGY, toolbar: ['select', 'box', 'polygon'] })
  const button = (name: string) => blank.getByRole('button', { name, exact: true })
  await expect(blank.getByRole('toolbar', { name: 'Annotation tools' }).getByRole('button')).toHaveCount(8)
  await blank.keyboard.press('Tab')
  await expect(button('Select')).toBeFocused()
  await blank.keyboard.press('ArrowRight')
  await expect(button('Box')).toBeFocused()
  await blank.keyboard.press('Enter')
  await expect(button('Box')).toHaveAttribute('aria-pressed', 'true')
  await blank.keyboard.press('End')
  await expect(button('Fit to view')).toBeFocused()
  await blank.keyboard.press('Tab')
  await expect(blank.getByRole('application')).toBeFocused()
  await blank.keyboard.press('Shift+Tab')
  await expect(button('Fit to view')).toBeFocused()
  await blank.getByRole('combobox', { name: 'Label' }).selectOption('Tree')
  expect(await blank.evaluate(() => window.annotator.label)).toBe(TREE)
  await blank.evaluate(() => window.annotator.setToolbar(false))
  await expect(blank.getByRole('toolbar')).toHaveCount(0)
})

test('text is never markup', async ({ blank }) => {
  const evil = '<img src=x onerror="window.hit = 1">'
  await mount(blank, { src: 'photo.png', ontology: { version: 1, labels: [{ id: CAR, name: evil, color: '#e5484d' }] }, annotations: [{ label: CAR, shape: { type: 'box', box: [50, 50, 100, 100] } }, { label: CAR, shape: { type: 'text', box: [10, 10, 300, 60], text: evil, size: 20, bold: false, align: 'left' } }] })
  await expect(blank.getByRole('option', { name: evil })).toHaveCount(1)
  expect(await blank.evaluate(() => [(window as unknown as { hit?: number }).hit, document.querySelectorAll('img').length])).toEqual([undefined, 0])
})

test('a picture holds the photograph and the annotations', async ({ blank }) => {
  await mount(blank, { src: 'photo.png', ontology: ONTOLOGY, annotations: [{ label: CAR, shape: { type: 'box', box: [300, 20, 100, 100] }, style: { fill: '#00ff00', opacity: 1, stroke: '#0000ff', width: 6 } }] })
  const pixels = (options: object) =>
    blank.evaluate(async (options) => {
      const { region, scale = 1 } = options as { region?: { x: number; y: number }; scale?: number }
      const frames = window.annotator.debugState().camera
      const bitmap = await createImageBitmap(await window.annotator.exportPng(options))
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
      const context = canvas.getContext('2d')!
      context.drawImage(bitmap, 0, 0)
      const at = (x: number, y: number) => [...context.getImageData((x - (region?.x ?? 0)) * scale, (y - (region?.y ?? 0)) * scale, 1, 1).data]
      return { size: [bitmap.width, bitmap.height], inside: at(350, 70), edge: at(300, 70), car: at(270, 320), same: JSON.stringify(frames) === JSON.stringify(window.annotator.debugState().camera) }
    }, options)
  const close = (is: number[], wanted: number[]) => is.every((value, index) => Math.abs(value - wanted[index]!) <= 3)
  for (const options of [{}, { scale: 2 }, { scale: 0.5 }, { region: { x: 200, y: 10, width: 300, height: 400 } }]) {
    const { size, inside, edge, car, same } = await pixels(options)
    const { scale = 1, region = { width: 640, height: 420 } } = options as { scale?: number; region?: { width: number; height: number } }
    expect(size).toEqual([region.width * scale, region.height * scale])
    expect(close(inside, [0, 255, 0, 255]), `inside ${inside}`).toBe(true)
    expect(close(edge, [0, 0, 255, 255]), `edge ${edge}`).toBe(true)
    expect(close(car, [196, 52, 48, 255]), `car ${car}`).toBe(true)
    // The view is as it was.
    expect(same).toBe(true)
  }
  const fault = await blank.evaluate(() => window.annotator.exportPng({ scale: 900 }).then(() => 'made', (error: Error) => error.message))
  expect(fault).toContain('choose a smaller scale or region')
})

test('themes and custom properties reach the canvas', async ({ blank }) => {
  await mount(blank, { ontology: ONTOLOGY, theme: 'dark' })
  const shown = async () => {
    // Twice: the first frame after a change may still be on its way.
    await blank.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
    const png = await blank.getByRole('application').screenshot()
    return blank.evaluate(async (data) => {
      const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob())
      const context = new OffscreenCanvas(1, 1).getContext('2d')!
      context.drawImage(bitmap, -20, -20)
      return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3)
    }, png.toString('base64'))
  }
  expect(await shown()).toEqual([0x11, 0x11, 0x13])
  await blank.evaluate(() => window.annotator.setTheme('light'))
  expect(await shown()).toEqual([0xe8, 0xe8, 0xec])
  await blank.evaluate(() => {
    document.body.style.setProperty('--vf-canvas', 'rebeccapurple')
    window.annotator.restyle()
  })
  expect(await shown()).toEqual([0x66, 0x33, 0x99])
})

test('COCO, commands, copy and paste, settings, the lost device', async ({ blank }) => {
  await mount(blank, { src: 'photo.png', ontology: ONTOLOGY })
  await mount(blank, { src: 'photo.png', ontology: ONTOLOGY })
  const result = await blank.evaluate(async () => {
    const [a, b] = window.annotators as [typeof window.annotator, typeof window.annotator]
    const { notes, ontology } = await a.loadCoco({
      images: [{ id: 5, file_name: 'photo.png', width: 640, height: 420 }],
      categories: [{ id: 1, name: 'car' }, { id: 2, name: 'Sun' }],
      annotations: [
        { id: 1, image_id: 5, category_id: 1, bbox: [208, 268, 124, 94], segmentation: [] },
        { id: 2, image_id: 5, category_id: 2, segmentation: { size: [420, 640], counts: [420 * 455 + 50, 80, 340, 80, 420 * 640 - 420 * 455 - 550] } },
      ],
    })
    const [first, second] = a.annotations
    a.select(first!.id)
    a.run({ command: 'duplicate' })
    const doubled = a.annotationCount
    const clipboard = a.copy()
    b.paste(clipboard)
    b.run({ command: 'select_all' })
    b.run({ command: 'convert', with: 'polygon' })
    a.setSettings({ brush_radius: 31, text: { ...a.settings.text, bold: true } })
    a.setView({ brightness: 0.2, window: [0.1, 0.9], crosshair: true })
    const { dataset } = await a.toCoco()
    return {
      notes, labels: ontology.labels.map((label) => label.name), kinds: [first!.shape.type, second!.shape.type], doubled,
      pasted: b.annotations.map((annotation) => annotation.shape.type), settings: a.settings, view: a.view,
      written: dataset.annotations.map((annotation) => annotation.category_id),
    }
  })
  expect(result).toMatchObject({
    notes: [], labels: ['Car', 'Tree', 'Sun'], kinds: ['box', 'mask'], doubled: 3, pasted: ['polygon'],
    settings: { brush_radius: 31, text: { bold: true } }, view: { crosshair: true, window: [expect.closeTo(0.1), expect.closeTo(0.9)] },
    written: [1, 3, 1],
  })
})
