// The fixtures of every test: one server for the worker, people with windows of their own.
import { test as base, expect, type Browser, type BrowserContext, type Page } from '@playwright/test'
import { Api, type Person } from './api'
import { Server } from './server'
import { Workbench } from './workbench'

export { expect }

interface Fixtures {
  /** A new browser context with an account of its own, signed in, and an empty page. */
  person: (name: string) => Promise<Visitor>
  /** Errors that a page threw; a test that expects none fails with them. */
  watch: (page: Page) => void
}

export interface Visitor extends Person {
  context: BrowserContext
  page: Page
  workbench: Workbench
}

export const test = base.extend<Fixtures, { server: Server }>({
  server: [
    async ({}, use) => {
      const server = await Server.start()
      await use(server)
      await server.stop()
    },
    { scope: 'worker', timeout: 150_000 },
  ],
  watch: async ({}, use) => {
    const thrown: string[] = []
    await use((page) => {
      page.on('pageerror', (error) => thrown.push(`${page.url()}: ${error.stack ?? error}`))
    })
    expect(thrown, 'no page threw').toEqual([])
  },
  person: async ({ browser, server, watch }, use) => {
    const contexts: BrowserContext[] = []
    await use(async (name) => {
      const person = await Api.signUp(server.url, name)
      const visitor = await visit(browser, server, person, watch)
      contexts.push(visitor.context)
      return visitor
    })
    for (const context of contexts) await context.close()
  },
})

/** The tests of a file run on one backend alone, and why that is enough. */
export function onlyOn(project: 'webgpu' | 'webgl2', why: string): void {
  test.beforeEach(({}, info) => test.skip(info.project.name !== project, why))
}

async function visit(browser: Browser, server: Server, person: Person, watch: (page: Page) => void): Promise<Visitor> {
  // As in a browser that has been here before: each page that is opened costs a test seconds.
  const localStorage = [{ name: 'visionflow.session', value: person.session }]
  const storageState = { cookies: [], origins: [{ origin: server.url, localStorage }] }
  const context = await browser.newContext({ baseURL: server.url, storageState })
  const page = await context.newPage()
  watch(page)
  return { ...person, context, page, workbench: new Workbench(page) }
}
