import assert from "node:assert/strict"
import { test } from "node:test"
import { themes } from "./openPage.mts"
import { shoot, useBrowser } from "./useBrowser.mts"

const open = useBrowser()
const subject = { kind: "spec", uri: "file:///demo/hello.yaml", index: 0 } as const

test("a page wears the colours of each theme, and changes them while it is open", async () => {
  const opened = await open({ kind: "graph", subject })
  const grounds = new Set<string>()
  for (const theme of themes) {
    await opened.setTheme(theme)
    await shoot(opened.page, "foundation", theme)
    grounds.add(
      await opened.page.evaluate(() => {
        const { backgroundColor, color } = getComputedStyle(document.body)
        return `${color} on ${backgroundColor}`
      }),
    )
  }
  assert.equal(grounds.size, themes.length)
  assert.deepEqual(opened.faults, [])
  await opened.close()
})

test("the icons' font is loaded from beside the page", async () => {
  const opened = await open({ kind: "graph", subject })
  const loaded = await opened.page.evaluate(async () => {
    const fonts = await document.fonts.load("16px codicon")
    return fonts.length
  })
  assert.equal(loaded, 1)
  assert.deepEqual(opened.faults, [])
  await opened.close()
})

test("what a page may not do is refused, and the tests see that it was", async () => {
  const opened = await open({ kind: "graph", subject })
  await opened.page.evaluate(() => {
    const script = document.createElement("script")
    script.textContent = "globalThis.wasRun = true"
    document.body.append(script)
    const image = document.createElement("img")
    image.src = "https://elsewhere.test/x.png"
    document.body.append(image)
  })
  await opened.page.waitForFunction(() => document.images.length === 1)
  const wasRun = await opened.page.evaluate(() => "wasRun" in globalThis)
  assert.equal(wasRun, false)
  await assertEventually(() => opened.faults.some((fault) => fault.includes("script-src")))
  await assertEventually(() => opened.faults.some((fault) => fault.includes("img-src")))
  await opened.close()
})

async function assertEventually(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 60_000; !isSo(); ) {
    assert.ok(Date.now() < end, "it did not come to be so within a minute")
    await new Promise((resolve) => setImmediate(resolve))
  }
}
