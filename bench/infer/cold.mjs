// The first mask after a cold open, as one figure: a page whose browser has nothing stored loads, the
// photograph opens, the smart polygon is taken and a coin is clicked; until its outline is drawn.

/** Milliseconds, in a browser context of its own, so that nothing is in any cache. */
export async function firstMask(browser, origin, wasm) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
  const page = await context.newPage()
  await page.goto(`${origin}/bench/infer/cold.html?wasm=${wasm ?? ''}`, { waitUntil: 'commit' })
  await page.waitForFunction('window.__cold')
  const [x, y] = await page.evaluate('window.__cold.clickable')
  await page.mouse.click(x, y)
  const { ms, error } = await page.evaluate('window.__cold.mask')
  await context.close()
  if (error) throw new Error(error)
  return ms
}
