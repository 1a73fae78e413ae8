import assert from "node:assert/strict"
import { test } from "node:test"
import { graphStates, now } from "./graphStates.mts"
import { type OpenedPage, themes } from "./openPage.mts"
import { shoot, useBrowser } from "./useBrowser.mts"

const open = useBrowser()

async function openState(name: string, size: { width?: number; height?: number } = {}) {
  const state = graphStates[name]
  if (state === undefined) throw new Error(`There is no state "${name}".`)
  const opened = await open({ kind: "graph", subject: state.subject, now, ...size })
  await opened.tell(...state.messages)
  const hasPicture = state.messages.some(
    (message) => message.kind === "picture" && message.picture.tasks.length > 0,
  )
  if (hasPicture) await drawn(opened)
  return opened
}

/** The layout came, and what it brought was painted. */
async function drawn({ page }: OpenedPage<"graph">): Promise<void> {
  await page.locator("main[data-drawn]").waitFor()
  await frames(page)
}

async function frames(page: OpenedPage<"graph">["page"]): Promise<void> {
  await page.evaluate(async () => {
    for (let i = 0; i < 3; i++) await new Promise((resolve) => requestAnimationFrame(resolve))
  })
}

for (const state of Object.keys(graphStates)) {
  test(`the graph in the state "${state}" is itself in each theme and at each width`, async () => {
    for (const width of [1400, 400]) {
      const opened = await openState(state, { width, height: width === 400 ? 800 : 900 })
      for (const theme of themes) {
        await opened.setTheme(theme)
        await frames(opened.page)
        await shoot(opened.page, "graph", state, theme, width)
      }
      const wide = await opened.page.evaluate(() => document.documentElement.scrollWidth)
      assert.ok(wide <= width, `at ${width} px the page is ${wide} px wide`)
      assert.deepEqual(opened.faults, [])
      await opened.close()
    }
  })
}
