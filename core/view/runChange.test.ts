import { expect, test } from "vitest"
import { planOf, seen } from "../run/run.fixture.ts"
import { applyRunChange, runChange } from "./runChange.ts"
import { runSummary, summaryOf } from "./runSummary.ts"
import { type RunView, runView, type StepView } from "./statusTree.ts"

const plan = planOf({
  trim: { commandSet: ["1", "2", "3"] },
  align: { after: "trim" },
})

function view(looks: Parameters<typeof seen>[1]["looks"] = {}): RunView {
  return runView(plan, seen(plan, { looks }))
}

test("a change holds only what differs, and applied to before it makes after", () => {
  const before = view({ "trim.0": "running" })
  const after = view({ "trim.0": "running", "trim.1": "running" })
  const change = runChange(before, after)
  if (!change) throw new Error("Nothing changed.")
  expect(change.steps).toEqual([{ task: "trim", steps: [after.tasks[0]?.steps?.[1]] }])
  expect(change.tasks.map(({ name }) => name)).toEqual(["trim"])
  expect(applyRunChange(before, change)).toEqual(after)
})

test("what did not change is the same object after a change as before", () => {
  const before = view({ "trim.0": "running" })
  const change = runChange(before, view({ "trim.0": "running", "trim.1": "running" }))
  const applied = change && applyRunChange(before, change)
  expect(applied?.tasks[1]).toBe(before.tasks[1])
  expect(applied?.tasks[0]?.steps?.[0]).toBe(before.tasks[0]?.steps?.[0])
  expect(applied?.tasks[0]).not.toBe(before.tasks[0])
})

test("two equal looks are no change", () => {
  expect(runChange(view({ "trim.0": "running" }), view({ "trim.0": "running" }))).toBeUndefined()
})

test("a change survives the way through a message", () => {
  const before = view()
  const after = view({ "trim.2": "failed" })
  const change = runChange(before, after)
  if (!change) throw new Error("Nothing changed.")
  const [sentBefore, sent] = [before, change].map((one) => JSON.parse(JSON.stringify(one)))
  expect(applyRunChange(sentBefore, sent)).toEqual(JSON.parse(JSON.stringify(after)))
})

test("steps that become known come with the change; other steps than before make it whole", () => {
  const known = view()
  const unknown = withSteps(known, null)
  const change = runChange(unknown, known)
  expect(change?.whole).toBeUndefined()
  expect(change?.steps).toEqual([{ task: "trim", steps: known.tasks[0]?.steps }])
  expect(change && applyRunChange(unknown, change)).toEqual(known)
  expect(runChange(known, unknown)?.whole).toBe(unknown)
  expect(runChange(undefined, known)?.whole).toBe(known)
})

test("a summary made without the view is the summary of the view", () => {
  const plans = [
    {},
    { "trim.0": "complete", "trim.1": "running", "trim.2": "pending" },
    { "trim.0": "complete", "trim.1": "failed", "trim.2": "complete" },
  ] as const
  for (const looks of plans) {
    const observed = seen(plan, { looks })
    expect(runSummary(plan, observed)).toEqual(summaryOf(runView(plan, observed)))
  }
  const failed = runSummary(plan, seen(plan, { looks: plans[2] }))
  expect(failed).toMatchObject({ taskCount: 2, reason: "command ended with exit code 2" })
})

function withSteps(run: RunView, steps: readonly StepView[] | null): RunView {
  const [first, ...rest] = run.tasks
  if (!first) throw new Error("The run has no task.")
  return { ...run, tasks: [{ ...first, steps }, ...rest] }
}
