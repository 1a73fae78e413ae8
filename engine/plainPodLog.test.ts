import { expect, test } from "vitest"
import type { ContainerView, TryView } from "#core/view/attempts"
import type { JobDetail, JobView } from "#core/view/jobView"
import type { JobRequest, JobWatch, LogRequest } from "./cluster.ts"
import { MemoryCluster } from "./memory/memoryCluster.ts"
import { performShell } from "./memory/performShell.ts"
import { copyPlainPodLog } from "./plainPodLog.ts"
import type { LogOptions } from "./protocol.ts"

/** A cluster with one Job of somebody else, of which only looking is possible. */
class Watched extends MemoryCluster {
  readonly asked: LogRequest[] = []
  isWatched = false
  #change = () => {}
  #pods: readonly TryView[] = []

  constructor(...pods: readonly TryView[]) {
    super(performShell, Date.now)
    this.#pods = pods
  }

  watchJob(request: JobRequest, onChange: () => void): JobWatch {
    expect(request).toEqual({ kind: "Job", name: "pi" })
    this.isWatched = true
    this.#change = onChange
    return {
      start: async () => {},
      view: () => ({ jobs: [{ pods: this.#pods } as unknown as JobDetail] }) as unknown as JobView,
      close: () => {
        this.isWatched = false
      },
    }
  }

  become(...pods: readonly TryView[]): void {
    this.#pods = pods
    this.#change()
  }

  override async readLog(request: LogRequest): Promise<AsyncIterable<string>> {
    this.asked.push(request)
    const { container, previous } = request
    const number = this.asked.filter((one) => one.container === container).length
    return (async function* () {
      yield `${container} ${previous ? "before" : number}\n`
    })()
  }
}

function container(name: string, phase: ContainerView["phase"], restarts = 0): ContainerView {
  return { name, phase, restarts, before: null } as ContainerView
}

function pod(phase: TryView["phase"], ...containers: readonly ContainerView[]): TryView {
  return { pod: "pi-x", phase, detail: { containers } } as unknown as TryView
}

function copied(cluster: Watched, options: LogOptions) {
  const lines: string[] = []
  const stop = new AbortController()
  const whose = { cluster, namespace: "gene", job: "pi", pod: "pi-x", options }
  const end = copyPlainPodLog(
    whose,
    ({ step }, more) => lines.push(...more.map((line) => `${step}: ${line}`)),
    stop.signal,
  )
  return { lines, end, stop }
}

test("every container of the pod is read as it begins, and again when it was restarted", async () => {
  const other = { ...pod("running", container("one", "running")), pod: "pi-y" }
  const cluster = new Watched(
    other,
    pod("running", container("fetch", "succeeded"), container("one", "queued")),
  )
  const { lines, end } = copied(cluster, { follow: true })
  await expect.poll(() => lines).toEqual(["pi-x fetch: fetch 1"])
  const fetch = container("fetch", "succeeded")
  cluster.become(pod("running", fetch, container("one", "failed")))
  await expect.poll(() => lines.slice(1)).toEqual(["pi-x one: one 1"])
  cluster.become(pod("running", fetch, container("one", "succeeded", 1)))
  await expect.poll(() => lines.slice(2)).toEqual(["pi-x one: one 2"])
  cluster.become(pod("succeeded", fetch, container("one", "succeeded", 1)))
  await end
  expect(lines).toHaveLength(3)
  expect(cluster.isWatched).toBe(false)
})

test("what was printed before a restart is asked for by that name, and nothing is followed", async () => {
  const cluster = new Watched(pod("running", container("one", "running", 1)))
  const { lines, end } = copied(cluster, { previous: true })
  await end
  expect(lines).toEqual(["pi-x: one before"])
  expect(cluster.asked).toMatchObject([{ pod: "pi-x", follow: false, previous: true }])
})

test("a pod that is gone has no log, and one that nobody reads any more is not watched", async () => {
  const gone = copied(new Watched(), { follow: true })
  await gone.end
  expect(gone.lines).toEqual([])
  const cluster = new Watched(pod("queued", container("one", "queued")))
  const { end, stop } = copied(cluster, { follow: true })
  await expect.poll(() => cluster.isWatched).toBe(true)
  stop.abort(new Error("closed"))
  await expect(end).rejects.toThrow("closed")
  expect(cluster.isWatched).toBe(false)
})
