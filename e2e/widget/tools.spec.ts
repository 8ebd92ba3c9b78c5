// What becomes of gestures, selections and questions when something comes between.
import { CAR, expect, mount, ONTOLOGY, test, toPage } from './support/test'

test('a press of another button is no half of a double click', async ({ blank }) => {
  await mount(blank, { src: 'photo.png', ontology: ONTOLOGY })
  await blank.evaluate((label) => {
    const { annotator } = window
    const box = (x: number) => annotator.add({ label, shape: { type: 'box', box: [x, 40, 60, 60] } })
    annotator.select([box(40), box(140)])
    annotator.run({ command: 'group' })
    annotator.select([])
  }, CAR)
  const selected = () => blank.evaluate(() => window.annotator.selection.length)
  const inside = await toPage(blank, [70, 70])
  await blank.mouse.click(...inside, { button: 'right' })
  await blank.mouse.click(...inside)
  expect(await selected(), 'the group').toBe(2)
  await blank.mouse.click(...inside, { clickCount: 2 })
  expect(await selected(), 'one of the group').toBe(1)
})

test('a photograph that cannot be read is asked for once, and again with the next tool', async ({ blank }) => {
  await mount(blank, { src: 'photo.png', ontology: ONTOLOGY })
  await blank.evaluate(() => {
    const { annotator } = window
    const page = Object.assign(window, { tries: 0, notices: [] as string[], read: window.createImageBitmap })
    window.createImageBitmap = () => {
      page.tries += 1
      return Promise.reject(new Error('no pixels today'))
    }
    annotator.on('notice', ({ detail }) => page.notices.push(detail))
    annotator.tool = 'wand'
  })
  const seen = () => blank.evaluate(() => (({ tries, notices }) => ({ tries, notices }))(window as never as { tries: number; notices: string[] }))
  await expect.poll(async () => (await seen()).notices).toHaveLength(1)
  expect((await seen()).notices[0]).toContain('no pixels today')
  // Every move and every frame asks whether there is something to read.
  for (let x = 40; x < 200; x += 8) await blank.mouse.move(...(await toPage(blank, [x, 80])))
  expect(await seen()).toMatchObject({ tries: 1, notices: [{}] })
  await blank.evaluate(() => {
    window.createImageBitmap = (window as never as { read: typeof createImageBitmap }).read
    window.annotator.tool = 'select'
    window.annotator.tool = 'wand'
  })
  await expect(async () => {
    await blank.mouse.click(...(await toPage(blank, [120, 80])))
    expect(await blank.evaluate(() => window.annotator.annotationCount)).toBeGreaterThan(0)
  }).toPass()
})

test('a drag ends with the button that began it', async ({ blank }) => {
  await mount(blank, { src: 'photo.png', ontology: ONTOLOGY })
  const left = () => blank.evaluate(() => (window.annotator.annotations[0]!.shape as { box: number[] }).box[0])
  await blank.evaluate((label) => window.annotator.add({ label, shape: { type: 'box', box: [40, 40, 60, 60] } }), CAR)
  await blank.mouse.move(...(await toPage(blank, [70, 70])))
  await blank.mouse.down()
  await blank.mouse.move(...(await toPage(blank, [100, 90])), { steps: 4 })
  await blank.mouse.down({ button: 'right' })
  await blank.mouse.up()
  await blank.mouse.up({ button: 'right' })
  const moved = await left()
  expect(moved).toBeGreaterThan(60)
  await blank.mouse.move(...(await toPage(blank, [200, 200])), { steps: 4 })
  await blank.mouse.down()
  await blank.mouse.up()
  expect(await left()).toBe(moved)
})

test('what is hidden is not selected, and no key changes it', async ({ blank }) => {
  await mount(blank, { src: 'photo.png', ontology: ONTOLOGY })
  const after = await blank.evaluate((label) => {
    const { annotator } = window
    const [seen, hidden] = [0, 100].map((x) => annotator.add({ label, shape: { type: 'box', box: [x, 40, 60, 60] } }))
    annotator.select([seen!, hidden!])
    annotator.hide([hidden!])
    const selected = annotator.selection
    annotator.deleteSelection()
    return { selected, seen, left: annotator.annotations.map(({ id }) => id), hidden }
  }, CAR)
  expect(after.selected).toEqual([after.seen])
  expect(after.left).toEqual([after.hidden])
})

test('a question that is on its way ends with the annotator', async ({ blank }) => {
  for (const isOnItsWay of [true, false]) {
    await mount(blank, { src: 'photo.png', ontology: ONTOLOGY })
    const said = await blank.evaluate(async ([label, isOnItsWay]) => {
      const { annotator } = window
      const id = annotator.add({ label, shape: { type: 'box', box: [40, 40, 60, 60] } })
      const answer = annotator.findSimilar(id).then(() => 'found', (error: Error) => error.message)
      if (isOnItsWay) await new Promise((resolve) => setTimeout(resolve))
      annotator.destroy()
      return answer
    }, [CAR, isOnItsWay] as const)
    expect(said).toContain('destroyed')
  }
})
