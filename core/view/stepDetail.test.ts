import { expect, test } from "vitest"
import type { RunView, StepView, TaskView } from "./statusTree.ts"
import { stepDetail } from "./stepDetail.ts"
import { stepTimes, timeSums } from "./stepTimes.ts"

const step = (id: string, rest: Partial<StepView> = {}): StepView => ({
  id,
  index: Number(id.split(".")[1]),
  phase: "succeeded",
  command: null,
  startedAt: null,
  finishedAt: null,
  releasedAt: null,
  result: null,
  reason: null,
  runsAgain: null,
  attempts: [],
  ...rest,
})

const task = (
  name: string,
  on: TaskView["dependencies"],
  steps: readonly StepView[],
): TaskView => ({
  name,
  phase: "running",
  isWanted: true,
  counts: { total: steps.length, isTotalKnown: true, byPhase: {} },
  startedAt: null,
  finishedAt: null,
  dependencies: on,
  reason: null,
  runsAgain: null,
  steps,
})

const at = (seconds: number) => new Date(seconds * 1000).toISOString()

const tried = step("align.1", {
  phase: "running",
  attempts: [
    {
      attempt: 1,
      job: "r.align.1",
      phase: "running",
      createdAt: at(100),
      finishedAt: null,
      tries: [
        { ...pod("r.align.1-a", 100, 110), phase: "failed", finishedAt: at(150), exitCode: 1 },
        { ...pod("r.align.1-b", 160, 170), phase: "running" },
      ],
    },
  ],
})

function pod(name: string, created: number, started: number) {
  return {
    pod: name,
    phase: "running" as const,
    node: "n",
    createdAt: at(created),
    scheduledAt: at(created + 4),
    startedAt: at(started),
    finishedAt: null as string | null,
    exitCode: null as number | null,
    reason: null,
  }
}

const run: RunView = {
  name: "r",
  namespace: "gene",
  phase: "running",
  message: "",
  createdAt: at(0),
  startedAt: at(10),
  finishedAt: null,
  counts: { total: 0, isTotalKnown: true, byPhase: {} },
  resumedFrom: null,
  source: null,
  tasks: [
    task("trim", [], [step("trim.0"), step("trim.1")]),
    task("align", [{ task: "trim", type: "iterate" }], [step("align.0"), tried]),
    task("mark", [{ task: "align", type: "iterate" }], [step("mark.0"), step("mark.1")]),
    task("qc", [{ task: "align", type: "whole" }], [step("qc.0")]),
    task("report", [{ task: "mark", type: "whole" }], [step("report.0")]),
  ],
}

test("a step waits for its twin and holds up its twin, or the whole task where the edge is whole", () => {
  const detail = stepDetail(run, "align.1")
  expect(detail?.waitedFor.map(({ name }) => name)).toEqual(["trim.1"])
  expect(detail?.holdsUp.map(({ name }) => name)).toEqual(["mark.1", "qc.0"])
  expect(detail?.andThen).toEqual(["report"])
})

test("a pod's name leads to its step", () => {
  expect(stepDetail(run, "r.align.1-b")?.step.id).toBe("align.1")
  expect(stepDetail(run, "align.9")).toBeUndefined()
})

test("the rows of a step's tries leave nothing out, so the parts add up to the whole time", () => {
  const rows = stepTimes("align", tried, at(10))
  expect(rows.map(({ segments }) => segments[0]?.kind)).toEqual(["tasks", "between"])
  const sums = timeSums(rows, 200_000)
  const { tasks, between, waited, cold, work, total } = sums
  expect(tasks + between + waited + cold + work).toBe(total)
  expect(total).toBe(190_000)
  expect({ tasks, between }).toEqual({ tasks: 90_000, between: 10_000 })
})

test("a step that has not begun has waited since its run began", () => {
  const [row] = stepTimes("align", step("align.0", { phase: "waiting" }), at(10))
  expect(row?.segments).toEqual([{ kind: "tasks", from: 10_000, to: undefined }])
})
