import { expect, test } from "vitest"
import type { ViewPhase } from "./phase.ts"
import type { RunSummary } from "./runSummary.ts"
import {
  filterWords,
  foldSteps,
  isTaskShown,
  matchingSteps,
  phaseCounts,
  type RunOrder,
  sortRuns,
} from "./runTree.ts"
import type { StepView, TaskView } from "./statusTree.ts"

function steps(...phases: readonly ViewPhase[]): readonly StepView[] {
  return phases.map((phase, index) => ({
    id: `align.${index}`,
    index,
    phase,
    command: null,
    startedAt: null,
    finishedAt: null,
    releasedAt: null,
    result: null,
    reason: null,
    runsAgain: null,
    attempts: [],
  }))
}

function task(...phases: readonly ViewPhase[]): TaskView {
  return {
    name: "align",
    phase: "running",
    isWanted: true,
    counts: { total: phases.length, isTotalKnown: true, byPhase: {} },
    startedAt: null,
    finishedAt: null,
    dependencies: [],
    reason: null,
    runsAgain: null,
    steps: steps(...phases),
  }
}

test("failed and few running steps stand singly, worst first; the rest is counted", () => {
  const folded = foldSteps(steps("succeeded", "running", "failed", "succeeded", "waiting"))
  expect(folded.singly.map(({ id }) => id)).toEqual(["align.2", "align.1"])
  expect(folded.groups).toEqual([
    { phase: "waiting", count: 1 },
    { phase: "succeeded", count: 2 },
  ])
})

test("many running steps are counted, for nobody reads them one by one", () => {
  const many = steps(...Array.from({ length: 9 }, () => "running" as const), "failed")
  expect(foldSteps(many).singly.map(({ phase }) => phase)).toEqual(["failed"])
  expect(phaseCounts(many)).toEqual([
    { phase: "failed", count: 1 },
    { phase: "running", count: 9 },
  ])
})

test("every word of a filter has to be in the row or above it", () => {
  const one = task("failed", "running", "running")
  const found = (text: string) => matchingSteps(one, filterWords(text)).map(({ index }) => index)
  expect(found("align.2")).toEqual([2])
  expect(found("Align failed")).toEqual([0])
  expect(found("align")).toEqual([0, 1, 2])
  expect(found("trim")).toEqual([])
  expect(isTaskShown(one, filterWords("failed"))).toBe(true)
  expect(isTaskShown(one, filterWords("succeeded"))).toBe(false)
})

test("runs are sorted by age, by name as people count, or by what needs looking at", () => {
  const run = (name: string, createdAt: string | null, phase: ViewPhase) =>
    ({ name, createdAt, phase }) as RunSummary
  const runs = [
    run("wgs-2", "2026-11-20", "succeeded"),
    run("wgs-10", "2026-11-21", "failed"),
    run("new", null, "waiting"),
  ]
  const names = (order: RunOrder) => sortRuns(runs, order).map(({ name }) => name)
  expect(names("newest")).toEqual(["new", "wgs-10", "wgs-2"])
  expect(names("name")).toEqual(["new", "wgs-2", "wgs-10"])
  expect(names("phase")).toEqual(["wgs-10", "new", "wgs-2"])
})
