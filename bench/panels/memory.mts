import { readFileSync } from "node:fs"
import type { Browser, Page } from "playwright-core"

/**
 * What a page takes, in MB: all memory of its own that the system has given its renderer (workers,
 * canvases and code included), less that of a renderer with an empty page.
 */
export async function rendererMemory(browser: Browser, page: Page): Promise<number> {
  const client = await page.context().newCDPSession(page)
  await client.send("HeapProfiler.collectGarbage")
  const own = await largestRenderer(browser)
  const empty = await emptyRenderer(browser)
  return own - empty
}

/** JavaScript alone would leave out what canvases and workers hold. */
async function largestRenderer(browser: Browser): Promise<number> {
  const sizes = (await renderers(browser)).map(privateMemory)
  return Math.max(...sizes)
}

async function emptyRenderer(browser: Browser): Promise<number> {
  const before = new Set(await renderers(browser))
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  try {
    const page = await context.newPage()
    await page.goto("data:text/html,<!doctype html><canvas></canvas>")
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
    const made = (await renderers(browser)).filter((id) => !before.has(id))
    return Math.max(0, ...made.map(privateMemory))
  } finally {
    await context.close()
  }
}

async function renderers(browser: Browser): Promise<readonly number[]> {
  const client = await browser.newBrowserCDPSession()
  const { processInfo } = await client.send("SystemInfo.getProcessInfo")
  await client.detach()
  return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id)
}

/** Of what is shared with other renderers each would have the whole. */
function privateMemory(process: number): number {
  const text = readFileSync(`/proc/${process}/smaps_rollup`, "utf8")
  const kilobytes = [...text.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm)]
  return kilobytes.reduce((sum, [, count]) => sum + Number(count), 0) / 1000
}
