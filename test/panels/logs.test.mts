import assert from "node:assert/strict"
import { test } from "node:test"
import { at, logsStates, logsSubject, text } from "./logsStates.mts"
import { type OpenedPage, themes } from "./openPage.mts"
import { shoot, useBrowser } from "./useBrowser.mts"

const open = useBrowser()

async function openState(name: string, width = 1400, height = 900) {
  const messages = logsStates[name]
  if (messages === undefined) throw new Error(`There is no state "${name}".`)
  const opened = await open({ kind: "logs", subject: logsSubject, width, height })
  await opened.tell(...messages)
  await opened.page.locator(".row, .state:not([hidden])").first().waitFor()
  await settled(opened)
  return opened
}

async function settled({ page }: OpenedPage<"logs">): Promise<void> {
  await page.evaluate(async () => {
    for (let i = 0; i < 3; i++) await new Promise((resolve) => requestAnimationFrame(resolve))
  })
}

for (const state of Object.keys(logsStates)) {
  test(`the logs in the state "${state}" are themselves in each theme and at each width`, async () => {
    for (const width of [1400, 400]) {
      const opened = await openState(state, width, width === 400 ? 800 : 900)
      for (const theme of themes) {
        await opened.setTheme(theme)
        await settled(opened)
        await shoot(opened.page, "logs", state, theme, width)
      }
      const wide = await opened.page.evaluate(() => document.documentElement.scrollWidth)
      assert.ok(wide <= width, `at ${width} px the page is ${wide} px wide`)
      assert.deepEqual(opened.faults, [])
      await opened.close()
    }
  })
}

test("a million lines: only those in sight are in the page, the first and the last are reached", async () => {
  const opened = await openState("empty")
  await opened.page.evaluate((first) => {
    for (let part = 0; part < 100; part++) {
      const lines = Array.from(
        { length: 10_000 },
        (_, index) => `${first} line ${part * 10_000 + index} of what a program has to say`,
      )
      const data = { kind: "text", step: "align.0", pod: "a", lines }
      dispatchEvent(new MessageEvent("message", { data }))
    }
  }, at(0, "").trim())
  const { page } = opened
  await page.getByText("1,000,000 lines").waitFor()
  await page.locator('.row[data-place="999999"]').waitFor()
  assert.ok((await page.locator(".row").count()) < 100)
  await page.locator(".scroller").evaluate((box) => box.scrollTo(0, 0))
  await page.locator('.row[data-place="0"]').waitFor()
  assert.ok((await page.locator(".row").count()) < 100)
  await page.locator(".find").fill("line 77777\\d ")
  await page.getByText("10 match").waitFor()
  assert.deepEqual(opened.faults, [])
  await opened.close()
})

test("a regular expression marks what it finds, and what does not match can be folded", async () => {
  const opened = await openState("merged")
  const { page } = opened
  await page.keyboard.press("Control+f")
  await page.keyboard.type("mem|chunk")
  await page.getByText("4 match").waitFor()
  await page.getByRole("button", { name: "Fold the Rest" }).click()
  const folded = page.locator(".row.fold")
  await folded.first().waitFor()
  await shoot(page, "logs", "folded", "dark", 1400)
  const marks = await page.locator("mark").allTextContents()
  assert.deepEqual([...new Set(marks)].sort(), ["chunk", "mem"])
  const before = await page.locator(".row").count()
  await folded.last().click()
  assert.ok((await page.locator(".row").count()) !== before)
  await page.locator(".find").fill("[")
  await page.locator('.find[aria-invalid="true"]').waitFor()
  assert.deepEqual(opened.faults, [])
  await opened.close()
})

test("F4 goes from error to error, and from the last on to the first", async () => {
  const opened = await openState("merged")
  const { page } = opened
  await page.locator(".scroller").focus()
  const places: (string | null)[] = []
  for (let i = 0; i < 3; i++) {
    await page.keyboard.press("F4")
    places.push(await page.locator(".row.current").getAttribute("data-place"))
    assert.match((await page.locator(".row.current .text").textContent()) ?? "", /^Killed/)
  }
  assert.notEqual(places[0], places[1])
  assert.equal(places[2], places[0])
  await opened.close()
})

test("it follows the end until a person scrolls away, and again when asked to", async () => {
  const opened = await openState("merged")
  const { page } = opened
  const more = (index: number) =>
    text("align.4", "a1b2c", [at(1000 + index, `more of it ${index}`)])
  await opened.tell(more(1))
  await page.getByText("more of it 1").waitFor()
  await page.locator(".scroller").evaluate((box) => box.scrollTo(0, 0))
  await page.getByRole("button", { name: "Follow (End)" }).waitFor()
  await opened.tell(more(2))
  await settled(opened)
  assert.equal(await page.getByText("more of it 2").count(), 0)
  await page.locator(".scroller").focus()
  await page.keyboard.press("End")
  await page.getByText("more of it 2").waitFor()
  await page.getByRole("button", { name: "Following" }).waitFor()
  await opened.close()
})

test("what is selected stays selected while more comes", async () => {
  const opened = await openState("merged")
  const { page } = opened
  const row = page.locator('.row[data-place="84"] .text')
  await row.evaluate((line) => getSelection()?.selectAllChildren(line))
  await opened.tell(text("align.4", "a1b2c", [at(1000, "more of it")]))
  await page.getByText("86 lines").waitFor()
  const said = await page.evaluate(() => getSelection()?.toString())
  assert.match(said ?? "", /^\[align\] [\d,]+ reads placed$/)
  await opened.close()
})

test("errors that say the same but for numbers are listed once, with how many steps said it", async () => {
  const opened = await openState("crowded")
  const { page } = opened
  await page.getByRole("button", { name: "106 errors" }).click()
  const groups = page.locator(".group")
  await groups.nth(1).waitFor()
  assert.equal(await groups.count(), 2)
  assert.match((await groups.first().textContent()) ?? "", /no space left.*100 steps100 times/)
  await shoot(page, "logs", "errors", "dark", 1400)
  await groups
    .first()
    .getByRole("button", { name: /^ERROR/ })
    .click()
  await page.locator(".row.current", { hasText: "no space left" }).waitFor()
  await groups.first().getByRole("button", { name: "Show Only These" }).click()
  await page.getByText("100 match").waitFor()
  await page.locator(".scroller").focus()
  await page.keyboard.press("e")
  await groups.first().waitFor({ state: "hidden" })
  assert.deepEqual(opened.faults, [])
  await opened.close()
})

test("all can be saved, also what is hidden and folded", async () => {
  const opened = await openState("merged")
  const { page } = opened
  await page.getByRole("button", { name: 'Show or hide "align.4"' }).click()
  await page.locator(".find").fill("Killed")
  await page.getByRole("button", { name: "Fold the Rest" }).click()
  await page.getByText("2 match").waitFor()
  await page.locator(".scroller").focus()
  await page.keyboard.press("Control+s")
  await page.keyboard.press("Control+Shift+S")
  const lines = opened.told.map((one) =>
    one.kind === "save" ? one.content.split("\n").length - 1 : 0,
  )
  assert.ok((lines[0] ?? 0) < 30, `what is shown has ${lines[0]} lines`)
  assert.equal(lines[1], 85)
  await opened.close()
})

test("hostile lines stay text, and of a line of a megabyte 2,000 characters are shown", async () => {
  const opened = await openState("hostile")
  const { page } = opened
  assert.equal(await page.locator("main img, main script, main a").count(), 0)
  const said = (await page.locator("main").textContent()) ?? ""
  assert.ok(said.includes("<img src=x onerror=alert(1)>"))
  for (const sign of "\u0000\u0007\u001b\u007f\u202e\u2066") assert.ok(!said.includes(sign))
  assert.ok(said.includes("[U+202E]") && said.includes("␀"))
  const long = page.locator('.row[data-place="4"] .text')
  const shown = (await long.textContent()) ?? ""
  assert.equal(shown.match(/x/g)?.length, 2000)
  await page.getByRole("button", { name: "Show All of This Line" }).click()
  assert.equal((await long.textContent())?.length, 1_000_000)
  await page.getByRole("button", { name: "1 error" }).click()
  await page.locator(".group", { hasText: "after all of it" }).waitFor()
  assert.equal(await page.locator(".errorlist img, .errorlist script, .errorlist a").count(), 0)
  assert.deepEqual(opened.faults, [])
  await opened.close()
})

test("what is shown is saved, and how it is looked at outlives a reload", async () => {
  const opened = await openState("merged")
  const { page } = opened
  await page.locator(".scroller").focus()
  await page.keyboard.press("t")
  await page.keyboard.press("w")
  await page.keyboard.press("Control+s")
  await page.waitForFunction(() => document.querySelector(".wraps") !== null)
  const [saved] = opened.told
  assert.ok(saved?.kind === "save" && saved.name === "wgs-cohort-7.log")
  assert.match(saved.content, /^align\.4 \| /)
  await opened.reload()
  await opened.tell(...(logsStates.merged ?? []))
  await page.locator(".wraps .row").first().waitFor()
  assert.equal(await page.locator(".row .time").count(), 0)
  await opened.close()
})
