import type { Page } from "playwright-core"
import type { JobChangeDetail } from "#core/view/jobChange"
import type { JobView } from "#core/view/jobView"
import { openPage } from "../../test/panels/openPage.mts"
import { crowd, jobSubject, now, place } from "../../test/panels/sequenceStates.mts"
import { launchBrowser } from "../../test/panels/useBrowser.mts"
import { rendererMemory } from "./memory.mts"
import type { Row } from "./rows.mts"

const pods = 10_000

/**
 * The sequence panel with 10,000 pods in a real Chromium on software raster, its frames not held
 * back to a screen's pace. Build first: the page is the one that ships.
 */
export async function sequenceBenchmarks(): Promise<readonly Row[]> {
  const browser = await launchBrowser("--disable-frame-rate-limit", "--disable-gpu-vsync")
  try {
    const size = { width: 1280, height: 800 }
    const opened = await openPage(browser, { kind: "sequence", subject: jobSubject, ...size })
    const { page } = opened
    const first = await firstPicture(page, live(crowd(pods)))
    const still = await panned(page, false)
    const changing = await panned(page, true)
    const memory = await rendererMemory(browser, page)
    await opened.close()
    const changes = Math.round(changing.changes)
    return [
      { what: "sequence, 10,000 pods: first picture", value: first, gate: 500, unit: "ms" },
      { what: "sequence: pan, p95 of frames", value: still.p95, gate: 16.7, unit: "ms" },
      { what: `… with ${changes} changes a second`, value: changing.p95, gate: 16.7, unit: "ms" },
      {
        what: "sequence: memory of the renderer, canvases included",
        value: memory,
        gate: 200,
        unit: "MB",
      },
    ]
  } finally {
    await browser.close()
  }
}

/** As if it began so long ago that it is at its end now: times that run are counted from the clock. */
function live(view: JobView): JobView {
  const shift = Date.now() - now.getTime()
  const moved = (time: string) => new Date(Date.parse(time) + shift).toISOString()
  return JSON.parse(JSON.stringify(view), (_key, value: unknown) =>
    typeof value === "string" && /^\d{4}-\d\d-\d\dT.*Z$/.test(value) ? moved(value) : value,
  ) as JobView
}

/** From the message that brings all pods to the frame in which they are drawn. */
async function firstPicture(page: Page, view: JobView): Promise<number> {
  await page.evaluate((one) => {
    dispatchEvent(new MessageEvent("message", { data: one }))
  }, place)
  const text = JSON.stringify({ kind: "job", view })
  return page.evaluate(async (json) => {
    const data: unknown = JSON.parse(json)
    Object.assign(globalThis, { shown: data })
    const began = performance.now()
    dispatchEvent(new MessageEvent("message", { data }))
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    await frame()
    await frame()
    return performance.now() - began
  }, text)
}

interface Frames {
  readonly p50: number
  readonly p95: number
  readonly frames: number
  readonly changes: number
}

const panMs = 4000

/** Zoomed in and moved with the wheel at every frame, scrolled down meanwhile; changes come 20 times a second. */
function panned(page: Page, isChanging: boolean): Promise<Frames> {
  return page.evaluate(
    async ({ isChanging, panMs }) => {
      const { view } = (globalThis as unknown as { shown: { view: JobView } }).shown
      const [job] = view.jobs
      const canvas = document.querySelector(".scroller canvas")
      const scroller = document.querySelector(".scroller")
      if (!job || !canvas || !scroller) throw new Error("There is no picture.")
      const { pods: all, ...head } = job
      let told = 0
      let next = 0
      const change = () => {
        const at = new Date().toISOString()
        const pods: JobChangeDetail["pods"] = Array.from({ length: 50 }, () => {
          const pod = all[(next++ * 7) % all.length]
          if (!pod?.detail) throw new Error("There is no such pod.")
          told++
          const isRunning = told % 2 === 0
          const phase = isRunning ? ("running" as const) : ("succeeded" as const)
          const finishedAt = isRunning ? null : at
          const containers = pod.detail.containers.map((one) => ({
            ...one,
            phase,
            finishedAt,
            startedAt: one.startedAt ?? at,
          }))
          return { ...pod, phase, finishedAt, detail: { ...pod.detail, containers } }
        })
        const { jobs: _, ...own } = view
        const data = { kind: "job changed", change: { view: own, jobs: [{ job: head, pods }] } }
        dispatchEvent(new MessageEvent("message", { data }))
      }
      const wheel = (more: WheelEventInit) => {
        const { left } = canvas.getBoundingClientRect()
        canvas.dispatchEvent(
          new WheelEvent("wheel", {
            clientX: left + 500,
            clientY: 400,
            cancelable: true,
            bubbles: true,
            ...more,
          }),
        )
      }
      wheel({ deltaY: -400 })
      const times: number[] = []
      const began = performance.now()
      let before = began
      let changedAt = began
      while (before - began < panMs) {
        wheel({ deltaX: Math.sin((before - began) / 300) * 12 })
        scroller.scrollTop += 3
        if (isChanging && before - changedAt > 50) {
          changedAt += 50
          change()
        }
        const time = await new Promise<number>((resolve) => {
          requestAnimationFrame(() => resolve(performance.now()))
        })
        times.push(time - before)
        before = time
      }
      const sorted = times.slice(5).sort((a, b) => a - b)
      const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
      const changes = (told / (before - began)) * 1000
      return { p50: at(0.5), p95: at(0.95), frames: sorted.length, changes }
    },
    { isChanging, panMs },
  )
}
