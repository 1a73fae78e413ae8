import type { Browser } from "playwright-core"
import { layeredGraph } from "#core/graph/random.fixture"
import type { Picture } from "#core/view/picture"
import type { GraphToPage } from "#media/graph/protocol"
import { crowd, headOf, pictureOf, told } from "../../test/panels/graphStates.mts"
import { type OpenedPage, openPage } from "../../test/panels/openPage.mts"
import { launchBrowser } from "../../test/panels/useBrowser.mts"
import { rendererMemory } from "./memory.mts"
import { percentile, type Row } from "./rows.mts"

const subject = { kind: "run", place: "bench", run: "bench" } as const
const size = { width: 1280, height: 800 }

export async function graphBenchmarks(): Promise<readonly Row[]> {
  // A frame takes as long as it takes, not as long as a screen shows it.
  const browser = await launchBrowser("--disable-frame-rate-limit", "--disable-gpu-vsync")
  try {
    const folded = await firstPicture(browser, crowd(400, 25).messages)
    const unfolded = await firstPicture(browser, crowd(400, 25).messages, { unfolded: allOf(400) })
    const vertices = await firstPicture(browser, layered(10_000))
    const { page } = vertices.opened
    const overview = await pan(page, "overview", 0)
    const changing = await pan(page, "overview", 1000)
    await zoomIn(page)
    const near = await pan(page, "near", 0)
    const nearChanging = await pan(page, "near", 1000)
    for (const { opened } of [folded, unfolded]) await opened.close()
    const memory = await rendererMemory(browser, page)
    await vertices.opened.close()
    const what = (text: string) => `graph, ${text}`
    return [
      {
        what: what("10,000 steps of 400 tasks: first picture, folded"),
        value: folded.ms,
        gate: 500,
        unit: "ms",
      },
      {
        what: what("10,000 steps of 400 tasks: first picture, all steps"),
        value: unfolded.ms,
        gate: 1000,
        unit: "ms",
      },
      {
        what: what("10,000 tasks of one step: first picture"),
        value: vertices.ms,
        gate: 1000,
        unit: "ms",
      },
      {
        what: what("10,000 tasks: pan, whole picture, p95 of frames"),
        value: overview,
        gate: 16.7,
        unit: "ms",
      },
      { what: what("… with 1,000 changes a second"), value: changing, gate: 16.7, unit: "ms" },
      {
        what: what("10,000 tasks: pan, near enough to read, p95 of frames"),
        value: near,
        gate: 16.7,
        unit: "ms",
      },
      { what: what("… with 1,000 changes a second"), value: nearChanging, gate: 16.7, unit: "ms" },
      {
        what: what("10,000 tasks: memory of the renderer, worker and canvases included"),
        value: memory,
        gate: 200,
        unit: "MB",
      },
    ]
  } finally {
    await browser.close()
  }
}

/** From the message with the picture to the first frame that shows it; a page that was just loaded. */
async function firstPicture(
  browser: Browser,
  messages: readonly GraphToPage[],
  kept?: unknown,
): Promise<{ readonly ms: number; readonly opened: OpenedPage<"graph"> }> {
  const opened = await openPage(browser, { kind: "graph", subject, ...size, kept })
  // What a host sends arrives as objects; to make them of the test's text is not the page's work.
  const ms = await opened.measure(messages, async () => {
    while (!document.querySelector("main[data-drawn]")) {
      await new Promise((resolve) => requestAnimationFrame(resolve))
    }
    await new Promise((resolve) => requestAnimationFrame(resolve))
    await new Promise((resolve) => setTimeout(resolve))
  })
  return { ms, opened }
}

type Page = OpenedPage<"graph">["page"]

/**
 * Drags the picture about for three seconds, a little each frame, and answers how long the 95th of a
 * hundred frames kept the page's thread busy, painting included.
 */
async function pan(page: Page, where: string, changes: number): Promise<number> {
  const frames = await page.evaluate(
    async ({ changes }) => {
      const canvas = document.querySelector("canvas.picture") as HTMLCanvasElement
      const at = (type: string, x: number, y: number, movementX = 0, movementY = 0) =>
        canvas.dispatchEvent(
          new PointerEvent(type, {
            clientX: x,
            clientY: y,
            movementX,
            movementY,
            button: 0,
            buttons: 1,
            pointerId: 1,
            bubbles: true,
          }),
        )
      canvas.setPointerCapture = () => {}
      at("pointerdown", 400, 400)
      const times: number[] = []
      let x = 400
      let y = 400
      let step = 0
      let phase = 0
      let last = performance.now()
      for (const end = last + 3000; performance.now() < end; ) {
        const angle = times.length / 40
        const dx = Math.round(14 * Math.cos(angle))
        const dy = Math.round(9 * Math.sin(angle))
        x += dx
        y += dy
        const now = performance.now()
        const due = Math.round(((now - last) * changes) / 1000)
        last = now
        if (due > 0) {
          const at = new Uint32Array(due)
          const phases = new Uint8Array(due)
          const names: { name: string; phase: string }[] = []
          for (let i = 0; i < due; i++) {
            step = (step + 7919) % 10_000
            at[i] = step
            phases[i] = 2 + (phase++ % 4)
            names.push({
              name: `t${step}`,
              phase: ["running", "succeeded", "reused", "failed"][phase % 4] ?? "",
            })
          }
          const tasks = names.map(({ name, phase }) => ({
            name,
            phase,
            counts: { total: 1, isTotalKnown: true, byPhase: { [phase]: 1 } },
            startedAt: null,
            finishedAt: null,
            reason: null,
            reasonStep: null,
            attempts: 1,
          }))
          dispatchEvent(new MessageEvent("message", { data: { kind: "steps", at, phases } }))
          dispatchEvent(new MessageEvent("message", { data: { kind: "tasks", tasks } }))
        }
        at("pointermove", x, y, dx, dy)
        // The picture is read back, so that drawing put off by the canvas is in the figure.
        await new Promise((resolve) => requestAnimationFrame(resolve))
        await new Promise((resolve) => setTimeout(resolve))
        times.push(performance.now() - now)
      }
      at("pointerup", x, y)
      return times
    },
    { changes },
  )
  if (frames.length < 30)
    throw new Error(`only ${frames.length} frames in three seconds (${where})`)
  return percentile(frames, 95)
}

async function zoomIn(page: Page): Promise<void> {
  await page.locator("[role=tree]").focus()
  await page.keyboard.press("ArrowRight")
  await page.keyboard.press("1")
  await page.waitForFunction(() => document.querySelector(".zoom")?.textContent === "100 %")
}

export function layered(count: number) {
  const graph = layeredGraph(count)
  const names = Array.from({ length: graph.size }, (_, v) => `t${v}`)
  const empty = pictureOf(
    "layered",
    names.map((name) => [name, 1] as const),
    [],
  )
  const picture: Picture = {
    ...empty,
    edges: Array.from(graph.from, (from, e) => ({
      from,
      to: graph.to[e] as number,
      kind: "whole" as const,
    })),
  }
  const tasks = names.map((name, v) => {
    const phase = v % 3 === 0 ? "succeeded" : v % 3 === 1 ? "running" : "waiting"
    return {
      steps: [phase] as const,
      task: {
        name,
        phase,
        counts: { total: 1, isTotalKnown: true, byPhase: { [phase]: 1 } },
        startedAt: null,
        finishedAt: null,
        reason: null,
        reasonStep: null,
        attempts: 1,
      } as const,
    }
  })
  return told(picture, tasks, headOf("layered-2", tasks))
}

function allOf(tasks: number): readonly string[] {
  return crowd(tasks, 1).messages.flatMap((message) =>
    message.kind === "picture" ? message.picture.tasks.map(({ name }) => name) : [],
  )
}
