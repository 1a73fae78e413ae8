import { expect, test } from "vitest"
import { type ViewPhase, viewPhases } from "#core/view/phase"
import { find } from "./find.ts"
import { heldUp, type Model, modelOf, reach, takeSteps, takeTasks } from "./model.ts"
import { nodeSize } from "./nodeSize.ts"

/** a → b → d, a → c; of three, two, one and no known steps. */
const picture = {
  name: "demo",
  tasks: [
    { name: "a", steps: 3 },
    { name: "b", steps: 2 },
    { name: "c", steps: 1 },
    { name: "d", steps: null },
  ],
  edges: [
    { from: 0, to: 1, kind: "iterate" },
    { from: 1, to: 3, kind: "whole" },
    { from: 0, to: 2, kind: "whole" },
  ],
  lines: [1, 5, 9, 13],
} as const

const number = (phase: ViewPhase) => viewPhases.indexOf(phase)

function tell(model: Model, name: string, phase: ViewPhase, byPhase = {}): void {
  const counts = { total: 1, isTotalKnown: true, byPhase }
  const times = { startedAt: null, finishedAt: null }
  const rest = { reason: null, reasonStep: null, attempts: 1 }
  takeTasks(model, [{ name, phase, counts, ...times, ...rest }])
}

test("a path is what a task waits for and what waits for it", () => {
  expect([...reach(modelOf(picture), 1)]).toEqual([2, 1, 0, 3])
})

test("a step that changed changes its task, and one that did not changes nothing", () => {
  const model = modelOf(picture)
  const change = { at: Uint32Array.from([4, 0]), phases: Uint8Array.from([2, 0]) }
  expect([...takeSteps(model, change)]).toEqual([1])
  expect([...takeSteps(model, change)]).toEqual([])
})

test("steps that the picture does not have are no harm", () => {
  const model = modelOf(picture)
  const change = { at: Uint32Array.from([99]), phases: Uint8Array.from([2]) }
  expect(takeSteps(model, change).size).toBe(0)
})

test("a failure holds up what has not begun below it, also where some of it runs", () => {
  const model = modelOf(picture)
  tell(model, "a", "failed")
  tell(model, "b", "running", { running: 1, waiting: 1 })
  tell(model, "c", "succeeded", { succeeded: 1 })
  tell(model, "d", "not-started")
  expect(heldUp(model, 0)).toBe(2)
})

test("what is known of a task stays when others come and go in the text", () => {
  const before = modelOf(picture)
  tell(before, "b", "running")
  takeSteps(before, { at: Uint32Array.from([3]), phases: Uint8Array.from([number("running")]) })
  const after = modelOf(
    { ...picture, tasks: [{ name: "new", steps: 1 }, picture.tasks[1]], edges: [] },
    before,
  )
  expect(after.tasks.map((task) => task?.phase)).toEqual([undefined, "running"])
  expect(after.phases[1]).toBe(number("running"))
})

test("find knows tasks by a part of their name and steps by their index", () => {
  const model = modelOf(picture)
  expect(find(model, " ")).toBeUndefined()
  expect(find(model, "B")?.hits).toEqual([{ task: 1, step: null }])
  expect(find(model, "a.2")?.hits).toEqual([{ task: 0, step: 2 }])
  expect(find(model, "a.3")?.hits).toEqual([])
})

test("a fan-out of any size unfolds to something that can be looked at", () => {
  for (const steps of [2, 59, 60, 200, 201, 5_000, 1_000_000]) {
    const { width, height } = nodeSize(steps, true)
    expect(width).toBeLessThanOrEqual(240)
    expect(height).toBeLessThanOrEqual(480)
  }
  expect(nodeSize(24, true)).toMatchObject({ width: 136, height: 137 })
})
