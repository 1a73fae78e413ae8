import { expect, test } from "vitest"
import { graphChange, graphState, pictureOfRun, pictureWithRun } from "./graphState.ts"
import { type ViewPhase, viewPhases } from "./phase.ts"
import type { RunView, StepView, TaskView } from "./statusTree.ts"

function runOf(
  ...tasks: readonly (readonly [name: string, steps: string | null, after?: string])[]
) {
  return {
    name: "demo-2",
    tasks: tasks.map(([name, letters, after]): Partial<TaskView> => {
      const steps =
        letters === null ? null : Array.from(letters, (letter, i) => step(name, i, letter))
      const byPhase: Partial<Record<ViewPhase, number>> = {}
      for (const { phase } of steps ?? []) byPhase[phase] = (byPhase[phase] ?? 0) + 1
      return {
        name,
        phase: "running",
        counts: { total: steps?.length ?? 0, isTotalKnown: steps !== null, byPhase },
        startedAt: null,
        finishedAt: null,
        reason: null,
        dependencies: after === undefined ? [] : [{ task: after, type: "iterate" }],
        steps,
      }
    }),
  } as unknown as RunView
}

function step(task: string, index: number, letter: string): StepView {
  const phase = ({ s: "succeeded", r: "running", f: "failed" } as const)[letter] ?? "waiting"
  return { id: `${task}.${index}`, index, phase, reason: null, attempts: [] } as unknown as StepView
}

const named = (phases: Uint8Array) => [...phases].map((phase) => viewPhases[phase]?.[0]).join("")

test("a run is a picture of its own where its text is not known", () => {
  expect(pictureOfRun(runOf(["a", "s"], ["b", null, "a"], ["c", "rr", "gone"]))).toEqual({
    name: "demo-2",
    tasks: [
      { name: "a", steps: 1 },
      { name: "b", steps: null },
      { name: "c", steps: 2 },
    ],
    edges: [{ from: 0, to: 1, kind: "iterate" }],
    lines: [],
  })
})

test("steps are counted through the picture's tasks, whatever their order in the run", () => {
  const run = runOf(["b", "rw"], ["a", "s"])
  const picture = {
    ...pictureOfRun(run),
    tasks: [
      { name: "a", steps: 1 },
      { name: "new", steps: 3 },
      { name: "b", steps: 2 },
    ],
  }
  const { tasks, phases } = graphState(picture, run)
  expect(named(phases)).toBe("swwwrw")
  expect(tasks.map(({ name }) => name)).toEqual(["a", "b"])
})

test("a fan-out that was edited since shows no steps of the run", () => {
  const run = runOf(["a", "ss"])
  const picture = { ...pictureOfRun(run), tasks: [{ name: "a", steps: 3 }] }
  expect(named(graphState(picture, run).phases)).toBe("www")
})

test("the run tells how many steps a task has that the text cannot count", () => {
  const text = { name: "demo", tasks: [{ name: "a", steps: null }], edges: [], lines: [4] }
  expect(pictureWithRun(text, runOf(["a", "rrr"])).tasks).toEqual([{ name: "a", steps: 3 }])
})

test("a page is told what became different and nothing else", () => {
  const before = runOf(["a", "sr"], ["b", "ww"])
  const after = runOf(["a", "ss"], ["b", "ww"])
  const picture = pictureOfRun(before)
  const change = graphChange(graphState(picture, before), graphState(picture, after))
  expect(change.tasks.map(({ name }) => name)).toEqual(["a"])
  expect([...(change.steps?.at ?? [])]).toEqual([1])
  expect(named(change.steps?.phases ?? new Uint8Array())).toBe("s")
  const same = graphState(picture, after)
  expect(graphChange(same, graphState(picture, after))).toEqual({ tasks: [], steps: undefined })
})
