import { expect, test } from "vitest"
import type { Json } from "../../plan/json.ts"
import {
  at,
  ended,
  golden,
  goldenBegin,
  goldenJob,
  jobOf,
  type PodShape,
  podJson,
} from "./golden.fixture.ts"
import { itemsOfJob } from "./items.ts"
import { figuresOf, mergeSegments, type Segment, type SequenceRow } from "./row.ts"
import { arrange, plainArrangement, type RowsBy, rowsOf } from "./rows.ts"
import { doneOf, totalsOf } from "./totals.ts"

const seconds = (count: number) => goldenBegin + count * 1000

test("the recorded Job has the figures that were read off it", () => {
  const rows = rowsOf(itemsOfJob(goldenJob()), "pod")
  const [group] = arrange(rows, plainArrangement, seconds(1000))
  expect(
    group?.rows.map((row) => {
      const { waited, cold, work } = figuresOf(row, seconds(1000))
      return [
        row.name,
        ((row.begin ?? 0) - goldenBegin) / 1000,
        waited / 1000,
        cold / 1000,
        work / 1000,
      ]
    }),
  ).toEqual(golden)
  const totals = totalsOf(rows, seconds(1000))
  expect(totals).toMatchObject({ cold: 109_000, total: 387_000, waited: 5000, span: 201_000 })
  expect(Math.round((totals.cold / totals.total) * 100)).toBe(28)
  expect(doneOf(itemsOfJob(goldenJob()))).toEqual({ done: 8, all: 8, failedTries: 0 })
})

test("bars lie where the recorded picture has them", () => {
  const rows = rowsOf(itemsOfJob(goldenJob()), "pod")
  const places = rows.map(({ begin = 0, end = 0 }) => [
    Math.round((begin - goldenBegin) / 201) / 10,
    Math.round((end - begin) / 201) / 10,
  ])
  expect(places).toEqual([
    [0, 19.9],
    [1, 20.9],
    [20.9, 20.4],
    [22.9, 19.4],
    [42.3, 22.4],
    [43.3, 23.4],
    [65.2, 34.8],
    [67.2, 31.3],
  ])
})

function shape(one: PodShape, by: RowsBy = "pod", events?: Parameters<typeof jobOf>[4]) {
  const job = jobOf("j", { completions: 1 }, { active: 1 }, [podJson("p", "j", one)], events)
  return rowsOf(itemsOfJob(job), by)
    .filter(({ segments }) => segments.length > 0)
    .map((row) => `${row.name}: ${describe(row.segments)}`)
}

function describe(segments: readonly Segment[]): string {
  const since = (time: number) => (time - goldenBegin) / 1000
  return segments
    .map(({ kind, from, to }) => `${kind} ${since(from)}-${to === undefined ? "" : since(to)}`)
    .join(", ")
}

test("a pod without a node waits until now", () => {
  expect(shape({ createdAt: 5, phase: "Pending", containers: [waiting("main")] })).toEqual([
    "p: wait 5-",
  ])
})

test("a cold start is seen while it lasts", () => {
  const one = { createdAt: 0, acceptedAt: 2, phase: "Pending", containers: [waiting("main")] }
  expect(shape(one)).toEqual(["p: wait 0-2, setup 2-"])
})

test("a running container's cold start and work are known before it ends", () => {
  const one = {
    createdAt: 0,
    acceptedAt: 2,
    phase: "Running",
    containers: [{ name: "main", state: { running: { startedAt: at(9) } } }],
  }
  expect(shape(one)).toEqual(["p: wait 0-2, setup 2-9, work 9-"])
})

test("pulling an image and init containers are told apart from the rest of a cold start", () => {
  const pulling = { type: "Normal", reason: "Pulling", message: 'Pulling image "pi"', count: 1 }
  const pulled = { ...pulling, reason: "Pulled", message: 'Successfully pulled image "pi" in 3s' }
  const time = (count: number) => ({ firstAt: seconds(count), lastAt: seconds(count) })
  const events = new Map([
    [
      "Pod/p",
      [
        { ...pulling, ...time(3) },
        { ...pulled, ...time(6) },
      ],
    ],
  ])
  const one = {
    createdAt: 0,
    acceptedAt: 2,
    phase: "Running",
    initContainers: [{ name: "fetch", state: { terminated: ended(7, 12, 0) } }],
    containers: [{ name: "main", state: { running: { startedAt: at(14) } } }],
  }
  expect(shape(one, "pod", events)).toEqual([
    "p: wait 0-2, setup 2-3, pull 3-6, setup 6-7, init 7-12, setup 12-14, work 14-",
  ])
  // Where nothing says that the image is there, the container that begins does.
  const only = new Map([["Pod/p", [{ ...pulling, ...time(3) }]]])
  expect(shape(one, "pod", only)).toEqual([
    "p: wait 0-2, setup 2-3, pull 3-7, init 7-12, setup 12-14, work 14-",
  ])
})

test("a pod works while any of its containers does, and each container has its own row", () => {
  const one = {
    createdAt: 0,
    acceptedAt: 1,
    phase: "Running",
    initContainers: [
      { name: "fetch", state: { terminated: ended(2, 4, 0) } },
      { name: "proxy", isSidecar: true, state: { running: { startedAt: at(5) } } },
    ],
    containers: [
      { name: "one", state: { terminated: ended(6, 20, 0) } },
      { name: "two", state: { running: { startedAt: at(8) } } },
    ],
  }
  expect(shape(one)).toEqual(["p: wait 0-1, setup 1-2, init 2-4, setup 4-6, work 6-"])
  expect(shape(one, "container")).toEqual([
    "p fetch: wait 0-1, setup 1-2, work 2-4",
    "p proxy: setup 1-2, init 2-4, setup 4-5, work 5-",
    "p one: setup 1-2, init 2-4, setup 4-6, work 6-20",
    "p two: setup 1-2, init 2-4, setup 4-8, work 8-",
  ])
})

test("a container that was started again shows the run that failed and the back-off after it", () => {
  const one = {
    createdAt: 0,
    acceptedAt: 1,
    phase: "Running",
    containers: [
      {
        name: "main",
        restartCount: 1,
        lastState: { terminated: ended(11, 37, 2) },
        state: { running: { startedAt: at(47) } },
      },
    ],
  }
  expect(shape(one)).toEqual(["p: wait 0-1, setup 1-11, failed 11-37, wait 37-47, work 47-"])
  // While it waits to be started again it has not been restarted yet.
  const waits = {
    ...one,
    containers: [{ ...one.containers[0], restartCount: 0, ...waiting("main") }],
  }
  expect(shape(waits as PodShape)).toEqual(["p: wait 0-1, setup 1-11, failed 11-37, wait 37-"])
})

test("runs that Kubernetes forgot are not called a cold start", () => {
  const one = {
    createdAt: 0,
    acceptedAt: 1,
    phase: "Running",
    containers: [
      {
        name: "main",
        restartCount: 4,
        lastState: { terminated: ended(200, 210, 2) },
        state: { running: { startedAt: at(300) } },
      },
    ],
  }
  expect(shape(one)).toEqual(["p: wait 0-200, failed 200-210, wait 210-300, work 300-"])
})

test("of a pod that has ended only the last run is known: what was before is not its cold start", () => {
  const one = {
    createdAt: 0,
    acceptedAt: 1,
    phase: "Succeeded",
    containers: [{ name: "main", restartCount: 1, state: { terminated: ended(40, 50, 0) } }],
  }
  expect(shape(one)).toEqual(["p: wait 0-40, work 40-50"])
  // A container that ran once tells when the pod had started.
  const beside = { name: "beside", state: { terminated: ended(6, 45, 0) } }
  expect(shape({ ...one, containers: [...one.containers, beside] })).toEqual([
    "p: wait 0-1, setup 1-6, work 6-50",
  ])
})

test("pods that tried the same step make one row, with what lay between them as waiting", () => {
  const pod = (name: string, from: number, exitCode: number) =>
    podJson(name, "j", {
      createdAt: from,
      acceptedAt: from + 1,
      index: 3,
      phase: exitCode === 0 ? "Succeeded" : "Failed",
      containers: [{ name: "main", state: { terminated: ended(from + 2, from + 9, exitCode) } }],
    })
  const job = jobOf("j", { completions: 5, completionMode: "Indexed" }, { succeeded: 1 }, [
    pod("a", 0, 1),
    pod("b", 19, 0),
  ])
  const rows = rowsOf(itemsOfJob(job), "step")
  expect(rows.map((row) => [row.name, row.phase, describe(row.segments)])).toEqual([
    ["j 3", "succeeded", "wait 0-1, setup 1-2, failed 2-9, wait 9-20, setup 20-21, work 21-28"],
    ["j", "waiting", ""],
  ])
  expect(doneOf(itemsOfJob(job))).toEqual({ done: 1, all: 5, failedTries: 1 })
})

test("pods beside each other make one row that shows the worst of them", () => {
  const segments: readonly Segment[] = [
    { kind: "wait", from: 0, to: 2 },
    { kind: "work", from: 2, to: 10 },
    { kind: "failed", from: 4, to: 6 },
    { kind: "setup", from: 8, to: 12 },
    { kind: "work", from: 15, to: undefined },
  ]
  expect(mergeSegments(segments)).toEqual([
    { kind: "wait", from: 0, to: 2 },
    { kind: "work", from: 2, to: 4 },
    { kind: "failed", from: 4, to: 6 },
    { kind: "work", from: 6, to: 10 },
    { kind: "setup", from: 10, to: 12 },
    { kind: "wait", from: 12, to: 15 },
    { kind: "work", from: 15, to: undefined },
  ])
})

test("the columns of every row add up, whichever way rows are made", () => {
  const job = goldenJob()
  for (const by of ["pod", "container", "attempt", "step", "task"] as const) {
    for (const row of rowsOf(itemsOfJob(job), by)) {
      const { waited, cold, work, total } = figuresOf(row, 0)
      expect(waited + cold + work).toBe(total)
      expect((row.end ?? 0) - (row.begin ?? 0)).toBe(total)
    }
  }
})

test("pods that are not made yet are counted and say why", () => {
  const job = jobOf("j", { completions: 6, parallelism: 1 }, { active: 1 }, [
    podJson("a", "j", { createdAt: 0, phase: "Pending", containers: [waiting("main")] }),
  ])
  const rest = rowsOf(itemsOfJob(job), "pod").at(-1) as SequenceRow
  expect([rest.count, rest.reason, rest.begin]).toEqual([
    5,
    "not created yet: at most 1 run at once",
    undefined,
  ])
})

function waiting(name: string): { name: string; state: Json } {
  return { name, state: { waiting: { reason: "ContainerCreating" } } }
}
