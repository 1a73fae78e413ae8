import assert from "node:assert/strict"
import { test } from "node:test"
import { type OpenedPage, themes } from "./openPage.mts"
import { stepNow, stepStates, stepSubject } from "./stepStates.mts"
import { shoot, useBrowser } from "./useBrowser.mts"

const open = useBrowser()

async function openState(name: string, width = 1400, height = 900) {
  const messages = stepStates[name]
  if (messages === undefined) throw new Error(`There is no state "${name}".`)
  const opened = await open({ kind: "step", subject: stepSubject, now: stepNow, width, height })
  await opened.tell(...messages)
  await opened.page.locator("h1, .state").first().waitFor()
  return opened
}

async function settled({ page }: OpenedPage<"step">): Promise<void> {
  await page.evaluate(async () => {
    for (let i = 0; i < 3; i++) await new Promise((resolve) => requestAnimationFrame(resolve))
  })
}

for (const state of Object.keys(stepStates)) {
  test(`the step in the state "${state}" is itself in each theme and at each width`, async () => {
    for (const width of [1400, 400]) {
      const opened = await openState(state, width, width === 400 ? 800 : 900)
      for (const theme of themes) {
        await opened.setTheme(theme)
        await settled(opened)
        await shoot(opened.page, "step", state, theme, width)
      }
      const wide = await opened.page.evaluate(() => document.documentElement.scrollWidth)
      assert.ok(wide <= width, `at ${width} px the page is ${wide} px wide`)
      assert.deepEqual(opened.faults, [])
      await opened.close()
    }
  })
}

test("where the time went adds up: two tries, one scale, sums of all parts", async () => {
  const opened = await openState("failed")
  const totals = await opened.page.locator(".times .total").allTextContents()
  assert.deepEqual(totals, ["20 m 59 s", "6 m 18 s"])
  const sums = await opened.page.locator(".times .keys b").allTextContents()
  assert.deepEqual(sums, ["13 m 58 s", "46 s", "43 s", "11 m 50 s"])
  const span = await opened.page.locator(".times .aside").textContent()
  assert.match(span ?? "", /27 m 17 s$/)
  await opened.close()
})

test("the two best actions stand in the headline, and the host is asked to carry them out", async () => {
  const opened = await openState("failed")
  await opened.page.getByRole("button", { name: 'Run Again from "align"' }).click()
  await opened.page.getByRole("button", { name: "Show Log", exact: true }).click()
  await opened.page.getByRole("button", { name: "trim.17" }).click()
  await opened.page.getByRole("button", { name: "Copy the command" }).focus()
  await opened.page.keyboard.press("Enter")
  await opened.page.locator("body").evaluate(() => undefined)
  assert.deepEqual(opened.told.slice(0, 3), [
    { kind: "act", act: "runFrom" },
    { kind: "act", act: "log" },
    { kind: "open", step: "trim.17" },
  ])
  assert.equal(opened.told[3]?.kind, "copy")
  await opened.close()
})

test("tabs are walked with the arrows, are kept over a reload, and YAML is asked for when it is looked at", async () => {
  const opened = await openState("failed")
  await opened.page.getByRole("tab", { name: "Summary" }).focus()
  for (let i = 0; i < 3; i++) await opened.page.keyboard.press("ArrowRight")
  await opened.page.locator(".yaml", { hasText: "kind: Job" }).waitFor()
  assert.deepEqual(opened.told, [{ kind: "read", of: "Job" }])
  assert.deepEqual(await opened.kept(), { tab: "Job" })
  await opened.reload()
  await opened.tell(...(stepStates.failed ?? []))
  await opened.page.locator(".yaml", { hasText: "kind: Job" }).waitFor()
  assert.deepEqual(opened.faults, [])
  await opened.close()
})

test("equal events are one, newest first, and say how often", async () => {
  const opened = await openState("failed")
  const rows = await opened.page.locator('[data-part="events"] tr').allTextContents()
  assert.equal(rows.length, 3)
  assert.match(rows[0] ?? "", /BackoffLimitExceeded/)
  assert.match(rows[1] ?? "", /Started container main 2 times/)
  await opened.close()
})

test("events that are looked up, that there are none of yet, and that are gone are told apart", async () => {
  const sentences = {
    "events looked up": ["Events are being looked up."],
    "no events yet": ["No events yet."],
    waiting: ["No events yet."],
    skipped: ["There are no events: no Job was made for it."],
    "pod gone": ["The cluster keeps no events of it any more."],
    // A place without events has neither the section nor the tab.
    "no events kept": [],
  }
  for (const [state, wanted] of Object.entries(sentences)) {
    const opened = await openState(state)
    await settled(opened)
    const said = opened.page.locator('[data-part="events"] p')
    assert.deepEqual(await said.allTextContents(), wanted, state)
    const tabs = await opened.page.getByRole("tab", { name: /^Events/ }).count()
    assert.equal(tabs, wanted.length, state)
    await opened.close()
  }
})

test("what a step is called stands below the kind of its place", async () => {
  const headings = { "no events kept": "On this machine", failed: "In the cluster" }
  for (const [state, wanted] of Object.entries(headings)) {
    const opened = await openState(state)
    await opened.page.locator('[data-part="side"] h2', { hasText: wanted }).waitFor()
    await opened.close()
  }
})

test("a log that is being read, that is empty so far, and that is gone are told apart", async () => {
  const sentences = {
    "events looked up": "Its log is being read.",
    "no events yet": "No output yet.",
    "no events kept": "It printed nothing.",
    "pod gone": "Nothing of its log can be read any more.",
  }
  for (const [state, wanted] of Object.entries(sentences)) {
    const opened = await openState(state)
    await opened.page.locator('[data-part="log"] p', { hasText: wanted }).waitFor()
    await opened.close()
  }
})

test("what Kubernetes says of the Job and its pod is told in words, what is bad with its sign", async () => {
  const opened = await openState("failed")
  const rows = await opened.page.locator('[data-part="conditions"] tr').allTextContents()
  assert.equal(rows.length, 5)
  assert.match(rows[1] ?? "", /Job FailedBackoffLimitExceeded: Job has reached/)
  assert.match(rows[2] ?? "", /Pod PodScheduledyes$/)
  assert.match(rows[4] ?? "", /Pod ContainersReadynot known$/)
  assert.equal(await opened.page.locator('[data-part="conditions"] .bad').count(), 2)
  await opened.close()
})

test("of what was too little the text's amount can be raised, and the row among the runs shown", async () => {
  const opened = await openState("failed")
  await opened.page.getByRole("button", { name: 'Raise "memory"…' }).click()
  await opened.page.getByRole("button", { name: "Show in Runs" }).click()
  await opened.page.locator("body").evaluate(() => undefined)
  assert.deepEqual(opened.told.slice(0, 2), [
    { kind: "act", act: "raise" },
    { kind: "act", act: "tree" },
  ])
  await opened.close()
})

test("hostile names, commands and messages stay text", async () => {
  const opened = await openState("hostile")
  assert.equal(await opened.page.locator("img, main script").count(), 0)
  const text = (await opened.page.locator("body").textContent()) ?? ""
  assert.ok(text.includes("<img src=x onerror=alert(1)>"))
  assert.ok(text.includes("[U+202E]") && !text.includes("\u202e"))
  assert.ok(text.includes("␛") && !text.includes("\u001b"))
  for (const tab of [/^Events/, /^Containers/, /^Job YAML/, /^Pod YAML/]) {
    await opened.page.getByRole("tab", { name: tab }).click()
    const shown = (await opened.page.locator("main").textContent()) ?? ""
    for (const sign of "\u001b\u0007\u202e") assert.ok(!shown.includes(sign))
    assert.equal(await opened.page.locator("main img, main script, main a").count(), 0)
  }
  assert.deepEqual(opened.faults, [])
  await opened.close()
})
