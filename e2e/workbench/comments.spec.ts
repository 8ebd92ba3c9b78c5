// Comments between two people: pins, answers, mentions, resolving, and what is written offline.
import { randomUUID } from 'node:crypto'
import type { Locator } from '@playwright/test'
import { expect, onlyOn, test, type Visitor } from '../support/test'
import { two } from '../support/two'
import type { Workbench } from '../support/workbench'

onlyOn('webgpu', 'threads do not draw')

interface Thread {
  id: string
  number: number
  anchor: { annotation_id?: string; x: number; y: number }
  resolved_at: string | null
  comments: { body: string }[]
}

const threads = async ({ api }: Visitor, image: string) =>
  (await api.get<{ items: Thread[] }>(`/api/v1/images/${image}/comment_threads`)).items

const pin = ({ page }: Workbench, name: string | RegExp): Locator => page.getByRole('button', { name })
const card = ({ page }: Workbench, name: string): Locator => page.getByRole('dialog', { name, exact: true })
const list = ({ page }: Workbench): Locator => page.getByRole('list', { name: 'Comments', exact: true })

/** Takes the comment tool by its key, clicks, and says something there. */
async function say(workbench: Workbench, at: [number, number], words: string): Promise<void> {
  await workbench.press('Comment')
  await workbench.click(at)
  const field = card(workbench, 'New comment').getByRole('combobox', { name: 'New comment' })
  await expect(field).toBeFocused()
  await workbench.page.keyboard.type(words)
  await workbench.page.keyboard.press('Enter')
}

/** What was said with these words, in the open card. */
const comment = ({ page }: Workbench, words: string): Locator => page.getByRole('list', { name: 'What was said' }).getByRole('listitem').filter({ hasText: words })

const messages = ({ page }: Visitor): Locator => page.getByRole('status', { name: 'Messages' })

async function answer(workbench: Workbench, words: string): Promise<void> {
  await workbench.page.getByRole('combobox', { name: 'Reply' }).fill(words)
  await workbench.page.keyboard.press('Enter')
  await expect(comment(workbench, words)).toBeVisible()
}

/** Presses one of the buttons that stand beside somebody's own words. */
async function act(workbench: Workbench, words: string, name: string): Promise<void> {
  await comment(workbench, words).hover()
  await comment(workbench, words).getByRole('button', { name }).click()
}

async function edit(workbench: Workbench, words: string, others: string): Promise<void> {
  await act(workbench, words, 'Edit comment')
  await workbench.page.getByRole('combobox', { name: 'Edit comment' }).fill(others)
  await workbench.page.keyboard.press('Enter')
}

const online = ({ page }: Visitor): Promise<boolean> => page.evaluate(() => window.dispatchEvent(new Event('online')))

test('two people talk about a shape: pin, answer, mention, resolve, open again', async ({ person }) => {
  const { ada, ben, image } = await two(person)
  const [x, y] = await ada.workbench.drawBox([100, 100], [200, 180])
  await ada.workbench.saved()

  // Escape leaves nothing behind.
  await ada.workbench.press('Comment')
  await ada.workbench.click([300, 300])
  await expect(card(ada.workbench, 'New comment')).toBeVisible()
  await ada.page.keyboard.type('never mind')
  await ada.page.keyboard.press('Escape')
  await expect(card(ada.workbench, 'New comment')).toBeHidden()
  expect(await threads(ada, image.id)).toEqual([])

  // On the shape: Ben sees it at once, unread, and where it is.
  await say(ada.workbench, [150, 140], 'Is this a car?')
  await expect(card(ada.workbench, 'Comment 1')).toContainText('Is this a car?')
  const bens = pin(ben.workbench, 'Comment 1 by Ada, 1 unread')
  await expect(bens).toBeVisible()
  const [thread] = await threads(ada, image.id)
  expect(thread.anchor.annotation_id).toBeTruthy()
  expect(Math.abs(thread.anchor.x - (150 - x)) + Math.abs(thread.anchor.y - (140 - y))).toBeLessThan(4)

  // Ben opens it by the keyboard; while he types, Ada is told so.
  await bens.focus()
  await ben.page.keyboard.press('Enter')
  const answer = card(ben.workbench, 'Comment 1').getByRole('combobox', { name: 'Reply' })
  await expect(answer).toBeFocused()
  await expect(pin(ben.workbench, 'Comment 1 by Ada')).toBeVisible()
  await ben.page.keyboard.type('It is, ')
  await expect(card(ada.workbench, 'Comment 1').getByRole('status')).toHaveText('Ben is typing…')
  await ben.page.keyboard.type('@ad')
  await expect(ben.page.getByRole('option', { name: 'Ada' })).toHaveAttribute('aria-selected', 'true')
  await ben.page.keyboard.press('Enter')
  await ben.page.keyboard.type('!')
  await ben.page.keyboard.press('Enter')
  await expect(card(ada.workbench, 'Comment 1')).toContainText('It is, @Ada !')
  await expect(card(ada.workbench, 'Comment 1').getByRole('status')).toHaveText('')
  expect((await threads(ada, image.id))[0].comments[1].body).toContain(`@[Ada](user:${ada.api.userId})`)

  // The pin goes where the shape goes, for both.
  await ada.page.keyboard.press('Escape')
  const before = await bens.or(pin(ben.workbench, 'Comment 1 by Ada')).boundingBox()
  await ada.workbench.press('Select')
  await ada.workbench.drag([110, 110], [210, 160])
  await ada.workbench.saved()
  const scale = (await ben.workbench.engine())!.camera.scale
  await expect
    .poll(async () => {
      const now = await pin(ben.workbench, 'Comment 1 by Ada').boundingBox()
      return Math.hypot(now!.x - before!.x - 100 * scale, now!.y - before!.y - 50 * scale)
    })
    .toBeLessThan(3)

  // Resolved it is out of the way, and can be opened again.
  await card(ben.workbench, 'Comment 1').getByRole('button', { name: 'Resolve' }).click()
  await expect(pin(ben.workbench, /^Comment 1/)).toBeHidden()
  await expect(pin(ada.workbench, /^Comment 1/)).toBeHidden()
  await ada.page.getByRole('combobox', { name: 'Which comments' }).selectOption('all')
  await list(ada.workbench).getByRole('button').click()
  await card(ada.workbench, 'Comment 1').getByRole('button', { name: 'Open again' }).click()
  await expect(pin(ben.workbench, 'Comment 1 by Ada')).toBeVisible()

  // The shape goes: the pin stays where it was.
  const last = await pin(ada.workbench, 'Comment 1 by Ada').boundingBox()
  await ada.page.keyboard.press('Escape')
  await ada.workbench.press('Select')
  await ada.workbench.click([215, 155])
  await ada.workbench.selected(1)
  await ada.page.keyboard.press('Delete')
  await ada.workbench.saved()
  await expect.poll(async () => (await ada.api.annotations(image.id)).length).toBe(0)
  await ada.page.reload()
  await ada.workbench.opened()
  const kept = await pin(ada.workbench, 'Comment 1 by Ada').boundingBox()
  expect(Math.hypot(kept!.x - last!.x, kept!.y - last!.y)).toBeLessThan(3)
})

test('a mention is told in the top bar and leads to the thread; a project lists its threads', async ({ person }) => {
  const { ada, ben, project, image } = await two(person)
  const started = { id: randomUUID(), anchor: { x: 320, y: 240 }, comment: { id: randomUUID(), body: 'Ben?', mentions: [ben.api.userId] } }
  await ada.api.call('POST', `/api/v1/images/${image.id}/comment_threads`, started)
  // Live where a room is open, and read where none is.
  await expect(ben.page.getByRole('button', { name: 'Notifications, 1 unread' })).toBeVisible()
  await ben.page.goto('/projects')
  await ben.page.getByRole('button', { name: 'Notifications, 1 unread' }).click()
  await ben.page.getByRole('dialog', { name: 'Notifications' }).getByRole('button', { name: /Ada mentioned you/ }).click()
  await expect(card(ben.workbench, 'Comment 1')).toContainText('Ben?')
  await expect(ben.page.getByRole('button', { name: 'Notifications', exact: true })).toBeVisible()

  await ada.page.goto(`/projects/${project.id}`)
  await ada.page.getByRole('link', { name: 'Comments' }).click()
  await list(ada.workbench).getByRole('link', { name: /Ben\?.*together\.png/s }).click()
  await expect(card(ada.workbench, 'Comment 1')).toContainText('Ben?')
})

test('what is written offline waits, survives a reload, and is sent once', async ({ person }) => {
  const { ada, ben, image } = await two(person)
  // The server cannot be reached for comments; the pages themselves can be loaded.
  let sent = 0
  await ada.page.route(/comment_threads/, (route) => route.abort())
  await say(ada.workbench, [400, 300], 'from the train')
  await expect(card(ada.workbench, 'Comment on its way')).toContainText('Waiting to be sent')
  await ada.page.reload()
  await ada.workbench.opened()
  await expect(list(ada.workbench)).toContainText('from the train')
  expect(await threads(ben, image.id)).toEqual([])

  // The first answer is lost on its way back: it is sent again, and stored once.
  await ada.page.unroute(/comment_threads/)
  await ada.page.route(/comment_threads$/, async (route) => {
    if (route.request().method() !== 'POST') return route.continue()
    sent += 1
    if (sent > 1) return route.continue()
    await route.fetch()
    await route.abort()
  })
  await online(ada)
  await expect(list(ben.workbench)).toContainText('from the train')
  await online(ada)
  await expect(pin(ada.workbench, 'Comment 1 by Ada')).toBeVisible()
  await ada.page.reload()
  await ada.workbench.opened()
  await expect(list(ada.workbench).getByRole('button')).toHaveCount(1)
  expect((await threads(ben, image.id)).map(({ comments }) => comments.map(({ body }) => body))).toEqual([['from the train']])
})

test('what is changed offline waits, survives a reload, and is sent once, in its order', async ({ person }) => {
  const { ada, ben, image } = await two(person)
  await say(ada.workbench, [200, 200], 'helo')
  const talk = card(ada.workbench, 'Comment 1')
  await expect(talk).toBeVisible()
  await answer(ada.workbench, 'nonsense')
  await expect(talk.getByText('Waiting to be sent')).toHaveCount(0)

  // What is read comes, what is written does not go.
  await ada.page.route(/\/api\/v1\/comment/, (route) => (route.request().method() === 'GET' ? route.continue() : route.abort()))
  await edit(ada.workbench, 'helo', 'hello')
  await expect(comment(ada.workbench, 'hello')).toContainText('Waiting to be sent')
  await act(ada.workbench, 'nonsense', 'Delete comment')
  await expect(comment(ada.workbench, 'Comment deleted')).toContainText('Waiting to be sent')
  await answer(ada.workbench, 'lat')
  await edit(ada.workbench, 'lat', 'late')
  await answer(ada.workbench, 'never')
  await act(ada.workbench, 'never', 'Delete comment')
  await expect(comment(ada.workbench, 'never')).toHaveCount(0)
  await talk.getByRole('button', { name: 'Resolve' }).click()
  await expect(pin(ada.workbench, /^Comment 1/)).toBeHidden()

  await ada.page.reload()
  await ada.workbench.opened()
  await ada.page.getByRole('combobox', { name: 'Which comments' }).selectOption('all')
  await expect(list(ada.workbench)).toContainText('Resolved · Waiting to be sent')
  await list(ada.workbench).getByRole('button').click()
  for (const words of ['hello', 'Comment deleted', 'late']) await expect(comment(ada.workbench, words)).toContainText('Waiting to be sent')
  const [before] = await threads(ben, image.id)
  expect([before.resolved_at, ...before.comments.map(({ body }) => body)]).toEqual([null, 'helo', 'nonsense'])

  // The first answer is lost on its way back.
  const sent: string[] = []
  await ada.page.unroute(/\/api\/v1\/comment/)
  await ada.page.route(/\/api\/v1\/comment/, async (route) => {
    const [method, path] = [route.request().method(), new URL(route.request().url()).pathname]
    if (method === 'GET' || path.endsWith('/read')) return route.continue()
    sent.push(`${method} ${path.split('/')[3]}`)
    if (sent.length > 1) return route.continue()
    await route.fetch()
    await route.abort()
  })
  const all = ['PATCH comments', 'PATCH comments', 'DELETE comments', 'POST comment_threads', 'DELETE comments', 'PATCH comment_threads']
  await expect
    .poll(async () => {
      await online(ada)
      return sent
    })
    .toEqual(all)
  await expect(pin(ben.workbench, /^Comment 1/)).toBeHidden()
  await expect(talk.getByText('Waiting to be sent')).toHaveCount(0)
  const [after] = await threads(ben, image.id)
  expect(after.resolved_at).toBeTruthy()
  expect(after.comments.map(({ body }) => body)).toEqual(['hello', '', 'late'])
  await ada.page.reload()
  await ada.workbench.opened()
  await online(ada)
  expect(await threads(ben, image.id)).toEqual([after])
  expect(sent).toEqual(all)
})

test('a change that is refused is taken away, and its words can be copied', async ({ person }) => {
  const { ada, ben, image } = await two(person)
  await say(ada.workbench, [200, 200], 'Is this a car?')
  await list(ben.workbench).getByRole('button').click()
  await answer(ben.workbench, 'a boat')
  await expect(comment(ben.workbench, 'a boat')).not.toContainText('Waiting')

  const refusal = { status: 422, code: 'invalid_input', title: '', detail: 'better not' }
  await ben.page.route(/\/api\/v1\/comment/, (route) => (route.request().method() === 'PATCH' ? route.fulfill({ status: 422, json: refusal }) : route.continue()))
  await edit(ben.workbench, 'a boat', 'yes, I think')
  const refused = comment(ben.workbench, 'yes, I think')
  await expect(refused.getByRole('alert')).toContainText('Not changed: Better not. You wrote:')
  await expect(refused.getByText('a boat', { exact: true })).toBeVisible()
  await ben.page.reload()
  await ben.workbench.opened()
  await list(ben.workbench).getByRole('button').click()
  await refused.getByRole('button', { name: 'Discard' }).click()
  await expect(refused).toHaveCount(0)
  await card(ben.workbench, 'Comment 1').getByRole('button', { name: 'Resolve' }).click()
  await expect(messages(ben)).toContainText('A change to a comment was not made: Better not.')
  await expect(pin(ben.workbench, 'Comment 1 by Ada')).toBeVisible()

  // The thread goes while Ben is away.
  await ben.page.unroute(/\/api\/v1\/comment/)
  await ben.page.route(/\/api\/v1\/comment/, (route) => route.abort())
  await pin(ben.workbench, 'Comment 1 by Ada').click()
  await edit(ben.workbench, 'a boat', 'yes, it is')
  await expect(comment(ben.workbench, 'yes, it is')).toContainText('Waiting to be sent')
  const [{ id }] = await threads(ada, image.id)
  await ada.api.call('DELETE', `/api/v1/comment_threads/${id}`)
  await expect(pin(ben.workbench, /^Comment 1/)).toBeHidden()
  await ben.page.unroute(/\/api\/v1\/comment/)
  await online(ben)
  await expect(messages(ben)).toContainText('You wrote: yes, it is')
  await expect(messages(ben).getByRole('button', { name: 'Copy' })).toBeVisible()
})

test('markup is text, and a thread that is deleted is gone for everybody', async ({ person }) => {
  const { ada, ben } = await two(person)
  const markup = '<img src=x onerror="window.hurt=1"><b>bold</b> [a](javascript:1)'
  await say(ada.workbench, [200, 200], markup)
  await list(ben.workbench).getByRole('button').click()
  const shown = card(ben.workbench, 'Comment 1')
  await expect(shown).toContainText(markup)
  await expect(shown.locator('img, b, a')).toHaveCount(0)
  expect(await ben.page.evaluate(() => 'hurt' in window)).toBe(false)
  await expect(shown.getByRole('button', { name: 'Delete with all replies' })).toHaveCount(0)

  await card(ada.workbench, 'Comment 1').getByRole('button', { name: 'Delete with all replies' }).click()
  await expect(shown).toBeHidden()
  await expect(pin(ben.workbench, /^Comment 1/)).toBeHidden()
})
