// What a model proposes, in a page of its own: seen, decided about by keys, and nobody's annotation before.
import { CAR, ONTOLOGY, TREE, expect, mount, test, toPage } from './support/test'

test('one box is accepted by Enter, the other rejected by Delete, and both can be undone', async ({ blank }) => {
  await mount(blank, { src: 'photo.png', ontology: ONTOLOGY, tool: 'select' })
  const [sure, other] = await blank.evaluate(([CAR, TREE]) => {
    const { annotator } = window
    const heard: unknown[] = []
    Object.assign(window, { heard })
    annotator.on('suggestions', ({ counts, shown, picked }) => heard.push({ counts, shown, picked }))
    return annotator.suggest(
      [
        { label: CAR, shape: { type: 'box', box: [60, 60, 120, 80] }, score: 0.9 },
        { label: TREE, shape: { type: 'box', box: [240, 60, 120, 80] }, score: 0.4, attributes: {} },
      ],
      { model: 'yolo' },
    )
  }, [CAR, TREE] as const)
  const verdicts = () => blank.evaluate(() => window.annotator.suggestions().map(({ verdict }) => verdict))
  const annotations = () => blank.evaluate(() => window.annotator.annotations.map(({ id }) => id))
  expect(await verdicts()).toEqual(['pending', 'pending'])
  expect(await annotations()).toEqual([])

  await blank.mouse.click(...(await toPage(blank, [120, 100])))
  expect(await blank.evaluate(() => window.annotator.pickedSuggestion)).toBe(sure)
  expect(await blank.evaluate(() => window.annotator.selection)).toEqual([])
  await blank.keyboard.press('Enter')
  expect(await annotations()).toEqual([sure])
  expect(await blank.evaluate(() => window.annotator.selection)).toEqual([sure])
  await blank.keyboard.press('Tab')
  expect(await blank.evaluate(() => window.annotator.pickedSuggestion)).toBe(other)
  await blank.keyboard.press('Delete')
  expect(await verdicts()).toEqual(['accepted', 'rejected'])

  // Exports have what was accepted and nothing else.
  const out = await blank.evaluate(async () => {
    const { annotator } = window
    const { dataset } = await annotator.toCoco()
    return { json: annotator.annotations, coco: dataset.annotations }
  })
  expect(out.json).toMatchObject([{ id: sure, label: CAR, source: 'model:yolo', shape: { box: [60, 60, 120, 80] } }])
  expect(out.coco?.map(({ bbox }) => bbox)).toEqual([[60, 60, 120, 80]])
  const last = await blank.evaluate(() => (window as unknown as { heard: unknown[] }).heard.at(-1))
  expect(last).toEqual({
    counts: [
      { label: CAR, pending: 0, accepted: 1, rejected: 0, superseded: 0 },
      { label: TREE, pending: 0, accepted: 0, rejected: 1, superseded: 0 },
    ],
    shown: 0,
    picked: null,
  })

  // Step by step back to before the model was run.
  await blank.evaluate(() => window.annotator.undo())
  expect(await verdicts()).toEqual(['accepted', 'pending'])
  await blank.evaluate(() => window.annotator.undo())
  expect([await verdicts(), await annotations()]).toEqual([['pending', 'pending'], []])
  await blank.evaluate(() => window.annotator.undo())
  expect(await verdicts()).toEqual([])
  expect(await blank.evaluate(() => window.annotator.canUndo)).toBe(false)
})

test('many are decided about at once, a new run supersedes, and a threshold hides', async ({ blank }) => {
  await mount(blank, { src: 'photo.png', ontology: ONTOLOGY })
  const result = await blank.evaluate(([CAR]) => {
    const { annotator } = window
    const boxes = (scores: number[]) =>
      scores.map((score, i) => ({ label: CAR, score, shape: { type: 'box' as const, box: [i * 60, 10, 40, 40] as [number, number, number, number] } }))
    const shown: number[] = []
    annotator.on('suggestions', (event) => shown.push(event.shown))
    annotator.suggest(boxes([0.9, 0.6, 0.3]), { model: 'yolo', undo: false })
    const canUndo = annotator.canUndo
    annotator.suggestionThreshold = 0.5
    const sure = annotator.suggestions({ minScore: 0.8, verdict: 'pending' })
    annotator.decide(sure.map(({ id }) => id), 'accepted')
    annotator.suggest(boxes([0.7]), { model: 'yolo' })
    annotator.suggest(boxes([0.8]), { model: 'other' })
    const verdicts = annotator.suggestions().map(({ score, source, verdict }) => [score, source, verdict])
    annotator.decide(sure[0]!.id, 'pending')
    return { canUndo, shown, verdicts, count: annotator.annotationCount }
  }, [CAR] as const)
  expect(result).toEqual({
    canUndo: false,
    shown: [3, 2, 1, 1, 2, 3],
    verdicts: [
      [0.9, 'model:yolo', 'accepted'],
      [0.8, 'model:other', 'pending'],
      [0.7, 'model:yolo', 'pending'],
      [0.6, 'model:yolo', 'superseded'],
      [0.3, 'model:yolo', 'superseded'],
    ],
    count: 0,
  })
})

test('what is wrong is said, and who only looks decides nothing', async ({ blank }) => {
  await mount(blank, { src: 'photo.png', ontology: ONTOLOGY })
  const faults = await blank.evaluate(([CAR]) => {
    const { annotator } = window
    const fault = (act: () => unknown) => {
      try {
        act()
        return 'nothing'
      } catch (error) {
        return (error as Error).message
      }
    }
    const shape = { type: 'box' as const, box: [1, 1, 9, 9] as [number, number, number, number] }
    const [id] = annotator.suggest([{ label: CAR, shape, score: 0.5 }])
    const faults = [
      fault(() => annotator.suggest([{ label: CAR, shape, score: 2 }])),
      fault(() => annotator.suggest([{ label: CAR, shape: { type: 'box', box: [1, 1, 0, 9] }, score: 1 }])),
      fault(() => annotator.suggest([{ label: CAR, shape, score: NaN }])),
      fault(() => annotator.decide(crypto.randomUUID(), 'accepted')),
      fault(() => annotator.decide(id!, 'perhaps' as never)),
      fault(() => annotator.suggestions({ score: 1 } as never)),
    ]
    annotator.readonly = true
    faults.push(fault(() => annotator.decide(id!, 'accepted')), fault(() => annotator.suggest([{ label: CAR, shape, score: 1 }])))
    return { faults, verdicts: annotator.suggestions().map(({ verdict }) => verdict) }
  }, [CAR] as const)
  const expected = ['between 0 and 1', 'suggestions[0].shape', 'finite number', 'no suggestion', 'perhaps', 'score', 'read-only', 'read-only']
  expected.forEach((words, i) => expect(faults.faults[i]).toContain(words))
  expect(faults.verdicts).toEqual(['pending'])
})
