// The workbench as a person sees it: found by role and name, never by class.
import { expect, type Locator, type Page } from '@playwright/test'
import type { Person } from './api'

/** What `?debug=1` shows of the engine. */
export interface EngineState {
  backend: 'webgpu' | 'webgl2'
  camera: { scale: number; x: number; y: number; width: number; height: number }
  image_ready: boolean
  annotations: number
  shows_past: boolean
  shapes_shown: number
  selection: string[]
  tool: string
  can_edit: boolean
  can_undo: boolean
  can_redo: boolean
  save_state: string
  pending_edits: number
  client_id: string
  peers: { client_id: string; presence: { user: { name: string }; cursor?: { x: number; y: number } | null; preview?: unknown[] } }[]
  frames_drawn: number
  last_upload_bytes: number
}

export type Point = [number, number]

/** The tools by the names of their buttons, with their keys. */
export const TOOLS = {
  Select: 'v', Lasso: 'q', Box: 'b', 'Rotated box': 'r', Ellipse: 'e', Polygon: 'p', Cuboid: 'k', Polyline: 'l', Freehand: 'f', Point: 'd',
  Arrow: 'a', Text: 't', Brush: 'g', Eraser: 'Shift+g', 'Magic wand': 'w', Scissors: 'i', 'Smart polygon': 's', Skeleton: 'j', Slice: 'x', Measure: 'm', Pan: 'h', Comment: 'c',
} as const
export type Tool = keyof typeof TOOLS

export class Workbench {
  constructor(readonly page: Page) {}

  /** On the page for it; whether that worked the page then says. */
  async signIn(person: Pick<Person, 'email' | 'password'>): Promise<void> {
    await this.page.getByLabel('Email', { exact: true }).fill(person.email)
    await this.page.getByLabel('Password', { exact: true }).fill(person.password)
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click()
  }

  get canvas(): Locator {
    return this.page.getByRole('application', { name: 'Canvas' })
  }

  get saveState(): Locator {
    return this.page.getByRole('status', { name: 'Save state' })
  }

  get objects(): Locator {
    return this.page.getByRole('grid', { name: 'Objects' }).getByRole('row')
  }

  tool(name: Tool): Locator {
    return this.page.getByRole('toolbar', { name: 'Tools' }).getByRole('button', { name, exact: true })
  }

  /** Opens a photograph for annotation and waits until it shows and the room is open. */
  async annotate(projectId: string, imageId: string): Promise<void> {
    await this.page.goto(`/projects/${projectId}/images/${imageId}?debug=1`)
    await this.opened()
  }

  async opened(): Promise<void> {
    await expect(this.canvas).toBeVisible()
    await this.until('the photograph shows', (state) => state.image_ready, 40_000)
    await this.until('the room is open', (state) => !['opening', 'local'].includes(state.save_state), 20_000)
  }

  /** Goes to another photograph by what `go` does, and waits until that one shows: each has an engine of its own. */
  async turnTo(imageId: string, go: () => Promise<void>): Promise<void> {
    const left = (await this.engine())?.client_id
    await go()
    await expect(this.page).toHaveURL(new RegExp(imageId))
    await this.until('another engine is here', (state) => state.client_id !== left, 40_000)
    await this.opened()
  }

  async engine(): Promise<EngineState | undefined> {
    return this.page.evaluate(() =>
      (window as unknown as { __visionflow?: { debug_state(): unknown } }).__visionflow?.debug_state(),
    ) as Promise<EngineState | undefined>
  }

  /** Waits until the engine says so; what it said last stands in the failure. */
  async until(what: string, holds: (state: EngineState) => boolean, timeout = 15_000): Promise<void> {
    let last: EngineState | undefined
    await expect
      .poll(
        async () => {
          last = await this.engine()
          return last !== undefined && holds(last)
        },
        { message: `${what}`, timeout, intervals: [50, 100, 200] },
      )
      .toBe(true)
      .catch((error) => {
        throw new Error(`${error.message}\nthe engine said last: ${JSON.stringify(last)}`)
      })
  }

  async saved(): Promise<void> {
    await this.until('everything is saved', (state) => state.save_state === 'saved' && state.pending_edits === 0)
    await expect(this.saveState).toHaveText('Saved')
  }

  /** Where a point of the photograph is on the page. */
  async toScreen([x, y]: Point): Promise<Point> {
    const [box, state] = await Promise.all([this.canvas.boundingBox(), this.engine()])
    if (!box || !state) throw new Error('there is no canvas')
    const { camera } = state
    return [box.x + camera.x + x * camera.scale, box.y + camera.y + y * camera.scale]
  }

  /** Where a point of the page is on the photograph. */
  async toImage([x, y]: Point): Promise<Point> {
    const [box, state] = await Promise.all([this.canvas.boundingBox(), this.engine()])
    if (!box || !state) throw new Error('there is no canvas')
    const { camera } = state
    return [(x - box.x - camera.x) / camera.scale, (y - box.y - camera.y) / camera.scale]
  }

  async moveTo(point: Point): Promise<Point> {
    const [x, y] = (await this.toScreen(point)).map(Math.round)
    await this.page.mouse.move(x, y)
    return this.toImage([x, y])
  }

  async click(point: Point): Promise<Point> {
    const at = await this.moveTo(point)
    await this.page.mouse.down()
    await this.page.mouse.up()
    return at
  }

  /** Drags a box with the mouse; returns `x, y, width, height` of where the mouse really went. */
  async drawBox(from: Point, to: Point): Promise<[number, number, number, number]> {
    await this.choose('Box')
    const [x0, y0] = await this.moveTo(from)
    await this.page.mouse.down()
    await this.moveTo([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2])
    const [x1, y1] = await this.moveTo(to)
    await this.page.mouse.up()
    return [Math.min(x0, x1), Math.min(y0, y1), Math.abs(x1 - x0), Math.abs(y1 - y0)]
  }

  /** Clicks the corners and closes with Enter; returns the ring as the mouse drew it. */
  async drawPolygon(points: Point[]): Promise<number[]> {
    await this.choose('Polygon')
    const ring: number[] = []
    for (const point of points) ring.push(...(await this.click(point)))
    await this.page.keyboard.press('Enter')
    return ring
  }

  /** Takes a tool by the mouse, out of its group where the rail is folded. */
  async choose(name: Tool): Promise<void> {
    if (!(await this.tool(name).isVisible())) {
      const rail = this.page.getByRole('toolbar', { name: 'Tools' })
      for (const more of await rail.getByRole('button', { name: /^More tools/ }).all()) {
        await more.click()
        const item = rail.getByRole('menuitemradio', { name, exact: true })
        if (await item.isVisible()) {
          await item.click()
          break
        }
        await this.page.keyboard.press('Escape')
      }
    } else {
      await this.tool(name).click()
    }
    await expect(this.tool(name)).toHaveAttribute('aria-pressed', 'true')
  }

  /** Takes a tool by its key. */
  async press(name: Tool): Promise<void> {
    await this.canvas.focus()
    await this.page.keyboard.press(TOOLS[name])
    await expect(this.tool(name)).toHaveAttribute('aria-pressed', 'true')
  }

  /** Presses at the first point, moves over the others and lets go. */
  async drag(...points: Point[]): Promise<void> {
    await this.moveTo(points[0])
    await this.page.mouse.down()
    for (const [i, to] of points.slice(1).entries()) {
      const [x, y] = points[i]
      await this.moveTo([(x + to[0]) / 2, (y + to[1]) / 2])
      await this.moveTo(to)
    }
    await this.page.mouse.up()
  }

  async count(annotations: number): Promise<void> {
    await this.until(`there are ${annotations} annotations`, (state) => state.annotations === annotations)
  }

  async selected(annotations: number): Promise<void> {
    await this.until(`${annotations} are selected`, (state) => state.selection.length === annotations)
  }
}
