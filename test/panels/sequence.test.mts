import assert from "node:assert/strict"
import { test } from "node:test"
import type { SequenceToPage } from "#media/sequence/protocol"
import { type OpenedPage, type ThemeName, themes } from "./openPage.mts"
import {
  crowd,
  emptyJob,
  hostile,
  indexed,
  jobSubject,
  now,
  place,
  run,
  runSubject,
  stale,
  twoJobs,
} from "./sequenceStates.mts"
import { shoot, useBrowser } from "./useBrowser.mts"

const open = useBrowser()

type Sequence = OpenedPage<"sequence">

interface State {
  readonly subject?: typeof jobSubject
  readonly messages: readonly SequenceToPage[]
  /** What stands in the page once it shows this. */
  readonly says: string
}

const small: readonly SequenceToPage[] = [place, { kind: "job", view: twoJobs() }]

const states: Readonly<Record<string, State>> = {
  small: { messages: small, says: "9 of 14 pods done" },
  failed: {
    subject: runSubject,
    messages: [place, { kind: "run", view: run() }],
    says: "ran out of memory",
  },
  indexed: { messages: [place, { kind: "job", view: indexed() }], says: "of 400 pods done" },
  crowded: { messages: [place, { kind: "job", view: crowd() }], says: "pods done" },
  empty: { messages: [place, { kind: "job", view: emptyJob() }], says: "Nothing has run yet." },
  stale: { messages: [stale, ...small.slice(1)], says: "Not connected since" },
  forbidden: {
    messages: [place, { kind: "trouble", sentence: 'You may not list pods in "gene".' }],
    says: "You may not list pods",
  },
}

async function openState(
  name: keyof typeof states,
  more: { theme?: ThemeName; width?: number } = {},
) {
  const { subject = jobSubject, messages, says } = states[name] as State
  const opened = await open({ kind: "sequence", subject, now, ...more })
  await opened.tell(...messages)
  await opened.page.getByText(says).first().waitFor()
  return opened
}

/** Whether pixels of the picture are more than its ground. */
function isDrawn({ page }: Sequence): Promise<boolean> {
  return page.evaluate(() => {
    const canvas = [...document.querySelectorAll("canvas")].find((one) => one.width > 300)
    const context = canvas?.getContext("2d")
    if (!canvas || !context) return false
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
    const seen = new Set<number>()
    for (let i = 0; i < data.length; i += 4) {
      seen.add(((data[i] ?? 0) << 16) | ((data[i + 1] ?? 0) << 8) | (data[i + 2] ?? 0))
    }
    return seen.size > 8
  })
}

for (const name of Object.keys(states)) {
  test(`${name}: it is shown in every theme, narrow and wide, and breaks no rule of its page`, async () => {
    for (const theme of themes) {
      for (const width of [1400, 400]) {
        const opened = await openState(name, { theme, width })
        const hasPicture = !["empty", "forbidden"].includes(name)
        if (hasPicture)
          await opened.page.waitForFunction(
            () => document.querySelectorAll(".table-row").length > 2,
          )
        if (hasPicture) assert.ok(await isDrawn(opened))
        await shoot(opened.page, "sequence", name, theme, width)
        assert.deepEqual(opened.faults, [])
        const overflow = await opened.page.evaluate(() => document.body.scrollWidth - innerWidth)
        assert.ok(overflow <= 0, `${overflow} px hang over at ${width} px in ${theme}`)
        await opened.close()
      }
    }
  })
}

for (const look of ["table", "list", "grid"] as const) {
  test(`${look}: the same pods in every theme, narrow and wide`, async () => {
    for (const theme of themes) {
      for (const width of [1400, 400]) {
        const opened = await openState("indexed", { theme, width })
        await opened.page.getByRole("button", { name: new RegExp(`^${look}$`, "i") }).click()
        const first =
          look === "grid"
            ? opened.page.getByText("Why 6 failed")
            : opened.page.getByRole("row").nth(3)
        await first.waitFor()
        await shoot(opened.page, "sequence", look, theme, width)
        assert.deepEqual(opened.faults, [])
        await opened.close()
      }
    }
  })
}

test("the table beside the picture says what the picture draws, and both add up", async () => {
  const opened = await openState("small")
  const cells = (name: string) =>
    opened.page.getByRole("row", { name }).getByRole("gridcell").allInnerTexts()
  assert.deepEqual((await cells("pi-7ctlr")).slice(0, 6), [
    "pi-7ctlr",
    "Succeeded",
    "2 s",
    "7 s",
    "31 s",
    "40 s",
  ])
  assert.deepEqual((await cells("pi-wide-h8w6s")).slice(2, 6), [
    "11 s",
    "10 s",
    "1 m 26 s",
    "1 m 47 s",
  ])
  assert.deepEqual((await cells("pi-wide-zz8tn")).slice(2, 6), ["17 s", "–", "–", "17 s"])
  await opened.close()
})

test("the keyboard goes from row to row, into a row, to the next failed one, and opens the step", async () => {
  const opened = await openState("failed")
  const { page } = opened
  const said = (what: string) =>
    page.locator("[aria-live]", { hasText: what }).waitFor({ state: "attached" })
  await page.keyboard.press("ArrowDown")
  await said("wgs-cohort-7.fetch.0-x0k2p, Succeeded, waited 2 s, cold start 6 s, work 32 s")
  await page.keyboard.press("ArrowRight")
  await page.getByRole("tooltip").waitFor()
  await page.keyboard.press("ArrowRight")
  await said("set up the pod 6 s, 23:52:39 to 23:52:45")
  await page.keyboard.press("f")
  await said("wgs-cohort-7.align.2-x2k2p, Failed")
  await page.keyboard.press("z")
  await page.keyboard.press("Enter")
  assert.deepEqual(opened.told, [{ kind: "openStep", step: "align.2" }])
  await page.keyboard.press("Escape")
  await page.keyboard.press("/")
  await page.keyboard.type("align.3")
  await page.waitForFunction(() => document.querySelectorAll(".table-body .table-row").length === 1)
  await opened.close()
})

test("a click on a bar, a line of the table or a cell opens the step", async () => {
  const opened = await openState("failed")
  const { page } = opened
  await page.locator(".scroller canvas").click({ position: { x: 60, y: 46 + 34 + 13 } })
  await page.getByRole("button", { name: "Table" }).click()
  await page.getByRole("gridcell", { name: "wgs-cohort-7.align.1-x1k2p" }).click()
  await page.getByRole("button", { name: "Grid" }).click()
  await page.getByText("Why 1 failed").waitFor()
  await page.locator(".grid-canvas").click({ position: { x: 60, y: 20 } })
  assert.deepEqual(
    opened.told.map((one) => one.kind === "openStep" && one.step),
    ["fetch.0", "align.1", "fetch.0"],
  )
  await opened.close()
})

test("a pod of a Job that no run made has no step: it is its log that opens", async () => {
  const opened = await openState("small")
  const { page } = opened
  await page.keyboard.press("ArrowDown")
  await page.locator("[aria-live]", { hasText: "waited" }).waitFor({ state: "attached" })
  await page.keyboard.press("Enter")
  const [pod] = twoJobs().jobs[0]?.pods ?? []
  assert.deepEqual(opened.told, [{ kind: "openLog", job: "pi", pod: pod?.pod }])
  await opened.close()
})

test("how it is looked at survives a reload: view, order, zoom and selection", async () => {
  const opened = await openState("small")
  const { page } = opened
  await page.getByLabel("Sort:").selectOption("cold")
  await page.keyboard.press("ArrowDown")
  await page.keyboard.press("z")
  await page.getByRole("button", { name: "Follow" }).waitFor()
  await until(async () => {
    const kept = (await opened.kept()) as { zoomed?: unknown } | undefined
    return kept?.zoomed !== undefined
  })
  await opened.reload()
  await opened.tell(...small)
  await page.getByRole("button", { name: "Follow" }).waitFor()
  assert.equal(await page.getByLabel("Sort:").inputValue(), "cold")
  await page.getByRole("button", { name: "Follow" }).click()
  await page.getByRole("button", { name: "Live" }).waitFor()
  await opened.close()
})

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; !(await isSo()); ) {
    assert.ok(Date.now() < end, "it did not come to be so within a minute")
    await new Promise((resolve) => setImmediate(resolve))
  }
}

test("what changes is shown without asking for all of it again", async () => {
  // Time must pass in this page: a table is made anew at its own pace.
  const opened = await open({ kind: "sequence", subject: jobSubject })
  await opened.tell(...small)
  await opened.page.getByText("9 of 14 pods done").waitFor()
  const view = twoJobs()
  const [first, second] = view.jobs
  const pod = second?.pods.find(({ pod }) => pod === "pi-wide-q7m9c")
  if (!first || !second || !pod?.detail) throw new Error("There is no such pod.")
  const containers = pod.detail.containers.map((one) => ({
    ...one,
    phase: "succeeded" as const,
    finishedAt: new Date(now.getTime() - 1000).toISOString(),
  }))
  const done = { ...pod, phase: "succeeded" as const, detail: { ...pod.detail, containers } }
  const head = (job: typeof first) => {
    const { pods: _, ...rest } = job
    return rest
  }
  const { jobs: _, ...own } = view
  await opened.tell({
    kind: "job changed",
    change: {
      view: own,
      jobs: [
        { job: head(first), pods: [] },
        { job: head(second), pods: [done] },
      ],
    },
  })
  await opened.page.getByText("10 of 14 pods done").waitFor()
  const row = opened.page.getByRole("row", { name: "pi-wide-q7m9c" })
  await row.getByText("Succeeded").waitFor()
  await opened.close()
})

test("a CSV has every row, and is given to the host", async () => {
  const opened = await openState("small")
  await opened.page.getByRole("button", { name: "Copy as CSV" }).click()
  const told = opened.told[0]
  assert.ok(told?.kind === "copy")
  const lines = told.text.trim().split("\r\n")
  assert.equal(lines.length, 1 + 13)
  assert.match(
    lines[1] ?? "",
    /^pi-7ctlr,Succeeded,pi,,,1,worker-1,2023-05-12T23:52:37Z,2023-05-12T23:53:17Z,2,7,31,40,$/,
  )
  await opened.close()
})

test("text of clusters stays text: no markup, no control, no direction of its own", async () => {
  const opened = await open({ kind: "sequence", subject: jobSubject, now })
  await opened.tell(place, { kind: "job", view: hostile() })
  await opened.page.getByText("3 of 3 pods done").waitFor()
  for (const look of ["Sequence", "Table", "List", "Grid"]) {
    await opened.page.getByRole("button", { name: look, exact: true }).click()
    await opened.page.mouse.move(300, 140)
    await shoot(opened.page, "sequence", "hostile", look)
    const found = await opened.page.evaluate(() => ({
      elements: document.querySelectorAll("img, script:not([src]), a, iframe, b").length,
      wasRun: "wasRun" in globalThis,
      text: document.body.textContent,
    }))
    assert.deepEqual([found.elements, found.wasRun], [0, false])
    for (const sign of ["\u001b", "\u202e"]) assert.ok(!found.text.includes(sign))
  }
  assert.deepEqual(opened.faults, [])
  await opened.close()
})
