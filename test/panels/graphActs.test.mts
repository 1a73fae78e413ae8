import assert from "node:assert/strict"
import { test } from "node:test"
import { layeredGraph } from "#core/graph/random.fixture"
import type { GraphToHost, GraphToPage } from "#media/graph/protocol"
import { graphStates, now, pictureOf } from "./graphStates.mts"
import type { OpenedPage } from "./openPage.mts"
import { useBrowser } from "./useBrowser.mts"

const open = useBrowser()

async function openState(name: string, kept?: unknown): Promise<OpenedPage<"graph">> {
  const state = graphStates[name]
  if (state === undefined) throw new Error(`There is no state "${name}".`)
  const opened = await open({ kind: "graph", subject: state.subject, now, kept })
  await opened.tell(...state.messages)
  await opened.page.locator("main[data-drawn]").waitFor()
  return opened
}

const chosen = (opened: OpenedPage<"graph">) => opened.page.locator(".selection .strong")
const tree = (opened: OpenedPage<"graph">) => opened.page.locator("[role=tree]")

/** Awaits that the page told its host something of this kind. */
async function told<Kind extends GraphToHost["kind"]>(
  opened: OpenedPage<"graph">,
  kind: Kind,
): Promise<GraphToHost & { readonly kind: Kind }> {
  for (const end = Date.now() + 15_000; Date.now() < end; ) {
    const found = opened.told.findLast((message) => message.kind === kind)
    if (found) return found as GraphToHost & { readonly kind: Kind }
    await opened.page.evaluate(() => new Promise(requestAnimationFrame))
  }
  throw new Error(`The page said nothing of the kind "${kind}".`)
}

/** Where a task is in the window, found as a person would: by moving the pointer about. */
async function placeOf({ page }: OpenedPage<"graph">, task: number) {
  const box = await page.locator("canvas.picture").boundingBox()
  if (box === null) throw new Error("There is no picture.")
  for (let y = box.y + 10; y < box.y + box.height; y += 24) {
    for (let x = box.x + 20; x < box.x + box.width; x += 60) {
      await page.mouse.move(x, y)
      const over = await page.locator("main").getAttribute("data-over")
      if (over === String(task)) return { x, y }
    }
  }
  throw new Error(`Task ${task} is nowhere in the picture.`)
}

test("the failed task is chosen at first, unfolded, and the sentence says why it failed", async () => {
  const opened = await openState("failed")
  await chosen(opened).filter({ hasText: "align" }).waitFor()
  const sentence = await opened.page.locator(".selection .what").textContent()
  assert.equal(
    sentence,
    "16 of 24 done, 1 failed, 4 running, 3 not started. align.17 ran out of memory: the limit is 8Gi (OOMKilled, exit code 137). Holds up 6 tasks.",
  )
  const align = opened.page.locator("[role=treeitem][aria-expanded=true]")
  assert.match(
    String(await align.textContent()),
    /^align, failed, 16 of 24 · 1 failed, waits for index-ref and trim/,
  )
  await opened.close()
})

test("arrows follow the edges, F finds the failure, Enter, L and S open what belongs to a task", async () => {
  const opened = await openState("failed")
  await tree(opened).focus()
  await opened.page.keyboard.press("ArrowRight")
  await chosen(opened).filter({ hasText: "mark-dups" }).waitFor()
  assert.deepEqual(await told(opened, "chosen"), { kind: "chosen", task: "mark-dups", step: null })
  for (const [key, what] of [
    ["Enter", "step"],
    ["l", "log"],
    ["s", "source"],
  ] as const) {
    await opened.page.keyboard.press(key)
    assert.equal((await told(opened, "open")).task, "mark-dups")
    const last = opened.told.at(-1)
    assert.ok(last?.kind === "open" && last.what === what)
  }
  await opened.page.keyboard.press("f")
  await chosen(opened).filter({ hasText: "align" }).waitFor()
  await opened.page.keyboard.press("PageDown")
  await opened.page.locator("[role=treeitem][aria-level='2'][aria-selected=true]").waitFor({
    state: "attached",
  })
  await opened.page.keyboard.press("Escape")
  await opened.page.keyboard.press("Escape")
  await opened.page.locator(".selection", { hasText: "Choose a task" }).waitFor()
  assert.deepEqual(opened.faults, [])
  await opened.close()
})

test("a click chooses a task, a double click unfolds it", async () => {
  const opened = await openState("before the run")
  const at = await placeOf(opened, 3)
  await opened.page.mouse.click(at.x, at.y)
  await chosen(opened).filter({ hasText: "trim" }).waitFor()
  assert.equal(await opened.page.locator("[aria-expanded=true]").count(), 0)
  await opened.page.mouse.dblclick(at.x, at.y)
  await opened.page.locator("[aria-expanded=true]", { hasText: "trim" }).waitFor({
    state: "attached",
  })
  await opened.close()
})

test("find counts what it finds, and Enter goes from one to the next", async () => {
  const opened = await openState("failed")
  await tree(opened).focus()
  await opened.page.keyboard.press("/")
  await opened.page.keyboard.type("qc")
  const found = opened.page.locator(".toolbar [role=status]")
  await found.filter({ hasText: "3 found" }).waitFor()
  await opened.page.keyboard.press("Enter")
  await chosen(opened).filter({ hasText: "qc-raw" }).waitFor()
  await opened.page.keyboard.press("Enter")
  await chosen(opened).filter({ hasText: "qc-summary" }).waitFor()
  await found.filter({ hasText: "2 of 3" }).waitFor()
  await opened.close()
})

test("chips filter by phase, and what is filtered stays so when the page comes back", async () => {
  const opened = await openState("failed")
  await opened.page.locator(".chip", { hasText: "Running" }).click()
  const pressed = opened.page.locator(".chip[aria-pressed=true]")
  await pressed.waitFor()
  await opened.page.keyboard.press("Tab")
  for (const end = Date.now() + 10_000; Date.now() < end; ) {
    const view = (await opened.kept()) as { readonly filter?: readonly string[] } | undefined
    if (view?.filter?.length === 1) break
    await opened.page.evaluate(() => new Promise(requestAnimationFrame))
  }
  await opened.reload()
  await opened.tell(...(graphStates.failed?.messages ?? []))
  await pressed.filter({ hasText: "Running" }).waitFor()
  await opened.close()
})

test("the cursor in the text chooses the task in the picture, and nobody is told again", async () => {
  const opened = await openState("before the run")
  await opened.tell({ kind: "select", task: "multiqc", step: null })
  await chosen(opened).filter({ hasText: "multiqc" }).waitFor()
  assert.deepEqual(opened.told, [])
  await opened.close()
})

test("a status that changes is told in place; the picture is not laid out anew", async () => {
  const opened = await openState("small")
  const drawn = await opened.page.locator("main").getAttribute("data-drawn")
  const counts = { total: 4, isTotalKnown: true, byPhase: { succeeded: 4 } }
  await opened.tell(
    { kind: "steps", at: Uint32Array.from([3, 4]), phases: Uint8Array.from([3, 3]) },
    {
      kind: "tasks",
      tasks: [
        {
          name: "count",
          phase: "succeeded",
          counts,
          startedAt: null,
          finishedAt: null,
          reason: null,
          reasonStep: null,
          attempts: 1,
        },
      ],
    },
  )
  await opened.page
    .locator("[role=treeitem]", { hasText: "count, succeeded, 4 of 4" })
    .waitFor({ state: "attached" })
  assert.equal(await opened.page.locator("main").getAttribute("data-drawn"), drawn)
  await opened.close()
})

test("hostile names, reasons and run names stay text", async () => {
  const opened = await openState("hostile")
  for (let i = 0; i < 7; i++) {
    await tree(opened).focus()
    await opened.page.keyboard.press(i === 0 ? "f" : "ArrowRight")
  }
  const state = await opened.page.evaluate(() => ({
    wasRun: "wasRun" in globalThis,
    images: document.images.length,
    scripts: document.scripts.length,
    bold: document.querySelectorAll("h1 *").length,
    title: document.querySelector("h1")?.textContent,
    controls: /[\p{Cc}\p{Bidi_Control}]/u.test(
      (document.body.textContent ?? "").replaceAll("\n", ""),
    ),
  }))
  assert.deepEqual(state, {
    wasRun: false,
    images: 0,
    scripts: 1,
    bold: 0,
    title: '<i>"run"</i>[U+202E]',
    controls: false,
  })
  assert.deepEqual(opened.faults, [])
  await opened.close()
})

test("the picture is exported as SVG, Mermaid and PNG, each with every task", async () => {
  const opened = await openState("failed")
  for (const [label, check] of [
    [
      "Export as SVG",
      (content: unknown) => assert.match(String(content), /^<svg [\s\S]*joint-genotype/),
    ],
    [
      "Export as Mermaid",
      (content: unknown) => assert.match(String(content), /flowchart LR[\s\S]*joint-genotype/),
    ],
    [
      "Export as PNG",
      (content: unknown) => {
        const bytes = Uint8Array.from(Object.values(content as Record<string, number>))
        assert.deepEqual([...bytes.subarray(1, 4)], [0x50, 0x4e, 0x47])
        assert.ok(bytes.length > 10_000)
      },
    ],
  ] as const) {
    const before = opened.told.length
    await opened.page.locator("button[aria-label=Export]").click()
    await opened.page.locator("[role=menuitem]", { hasText: label }).click()
    for (const end = Date.now() + 15_000; opened.told.length === before && Date.now() < end; ) {
      await opened.page.evaluate(() => new Promise(requestAnimationFrame))
    }
    const saved = opened.told.at(-1)
    assert.ok(saved?.kind === "save", `${label} saves nothing`)
    check(saved.content)
  }
  assert.deepEqual(opened.faults, [])
  await opened.close()
})

test("the picture can be turned, zoomed with keys and fitted again", async () => {
  const opened = await openState("before the run")
  const zoom = opened.page.locator(".zoom")
  const fitted = String(await zoom.textContent())
  await tree(opened).focus()
  await opened.page.keyboard.press("+")
  await opened.page.waitForFunction(
    (before) => document.querySelector(".zoom")?.textContent !== before,
    fitted,
  )
  await opened.page.keyboard.press("1")
  await zoom.filter({ hasText: "100 %" }).waitFor()
  await opened.page.keyboard.press("0")
  await zoom.filter({ hasText: fitted }).waitFor()
  await opened.page.locator("button", { hasText: "Left to right" }).click()
  await opened.page.locator("button", { hasText: "Top down" }).waitFor()
  await opened.page.locator("main[data-drawn='2']").waitFor()
  assert.deepEqual(opened.faults, [])
  await opened.close()
})

test("a task that is typed leaves the picture of 200 others where it is on the screen", async () => {
  const graph = layeredGraph(200)
  const names = Array.from({ length: graph.size }, (_, v) => `task-${v}`)
  type Edge = readonly [from: string, to: string]
  const edges = Array.from(graph.from, (v, e): Edge => [`task-${v}`, `task-${graph.to[e]}`])
  const pictureWith = (more: readonly string[], joined: readonly Edge[]): GraphToPage => ({
    kind: "picture",
    picture: pictureOf(
      "large",
      [...names, ...more].map((name) => [name, 1] as const),
      [...edges, ...joined],
    ),
  })
  const subject = { kind: "spec", uri: "file:///demo/large.yaml", index: 0 } as const
  const opened = await open({ kind: "graph", subject, now })
  await opened.tell(pictureWith([], []))
  await opened.page.locator('main[data-drawn="1"]').waitFor()
  await look(opened)
  await opened.tell(pictureWith(["qc"], [["task-20", "qc"]]))
  await opened.page.locator('main[data-drawn="2"]').waitFor()
  const { painted, same } = await look(opened)
  assert.ok(painted > 1000)
  assert.ok(same / painted > 0.6, `${Math.round((100 * same) / painted)} % of it stayed`)
  // The name goes on: it is the same task, and nothing at all moves.
  await opened.tell(pictureWith(["qc-all"], [["task-20", "qc-all"]]))
  await opened.page.locator('main[data-drawn="3"]').waitFor()
  const { others } = await look(opened)
  assert.ok(others < 500, `${others} pixels are others`)
  assert.deepEqual(opened.faults, [])
  await opened.close()
})

test("on a screen of another density the picture is as sharp, and what lies over it is where it was", async () => {
  const opened = await openState("failed")
  const { page } = opened
  await page.mouse.move(5, 5)
  await look(opened)
  const client = await page.context().newCDPSession(page)
  const size = page.viewportSize() ?? { width: 0, height: 0 }
  await client.send("Emulation.setDeviceMetricsOverride", {
    ...size,
    deviceScaleFactor: 2,
    mobile: false,
  })
  await page.mouse.move(200, 400)
  await page.waitForFunction(() => {
    const canvas = document.querySelector("canvas.picture") as HTMLCanvasElement
    return canvas.width === 2 * canvas.clientWidth
  })
  await client.send("Emulation.setDeviceMetricsOverride", {
    ...size,
    deviceScaleFactor: 1,
    mobile: false,
  })
  await page.mouse.move(5, 5)
  await page.waitForFunction(() => {
    const canvas = document.querySelector("canvas.picture") as HTMLCanvasElement
    return canvas.width === canvas.clientWidth
  })
  const { others } = await look(opened)
  assert.ok(others < 100, `${others} pixels are others`)
  assert.deepEqual(opened.faults, [])
  await opened.close()
})

/** Beside the last look: pixels that were painted then, how many of them are the same, and how many of all are others. */
function look({ page }: OpenedPage<"graph">) {
  return page.evaluate(async () => {
    for (let i = 0; i < 3; i++) await new Promise((resolve) => requestAnimationFrame(resolve))
    const canvas = document.querySelector("canvas.picture") as HTMLCanvasElement
    const context = canvas.getContext("2d") as CanvasRenderingContext2D
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
    const now = new Uint32Array(data.buffer)
    const kept = globalThis as { looked?: Uint32Array }
    const before = kept.looked ?? now
    kept.looked = now
    let [painted, same, others] = [0, 0, 0]
    before.forEach((color, i) => {
      if (color !== now[i]) others++
      if (color === before[0]) return
      painted++
      if (color === now[i]) same++
    })
    return { painted, same, others }
  })
}
