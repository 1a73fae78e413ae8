import { expect, test } from "vitest"
import { decide } from "../run/decide.ts"
import { planOf, seen, soon } from "../run/run.fixture.ts"
import { jobManifest } from "./jobManifest.ts"
import { plannedJobs } from "./plannedJobs.ts"

test("the plan shows what a run creates, to the letter", () => {
  const plan = planOf({ a: { commandSet: ["1", "2"] }, b: {}, c: { after: "a b" } })
  const first = decide(plan, seen(plan, {}), soon).actions
  const looks = { "a.0": "complete", "a.1": "complete", "b.0": "complete" } as const
  const then = decide(plan, seen(plan, { looks }), soon).actions
  const created = [...first, ...then].flatMap((action) => {
    const task = action.kind === "create" ? plan.tasks[action.task] : undefined
    return action.kind === "create" && task !== undefined
      ? [jobManifest(plan.execution, { ...action, task: task.spec })]
      : []
  })
  const shown = plannedJobs(plan)
  expect(shown.unknown).toEqual([])
  expect(withoutHash(shown.jobs)).toEqual(withoutHash(created))
  expect(shown.jobs.slice(0, 3)).toEqual(created.slice(0, 3))
})

test("what depends on a result is said to be unknown, or has no hash yet", () => {
  const plan = planOf({
    a: {},
    b: { after: "a", commandsIter: { command: "x", varsIter: [["get_result", "a", " "]] } },
    c: { after: "a", condition: { condition: ["check_result", "a", "x"] } },
    d: { after: "c" },
  })
  const { jobs, unknown } = plannedJobs(plan)
  expect(unknown).toEqual(["b"])
  const hashes = jobs.map(
    (job) => job.metadata.labels["execution.kubegene.io/step-hash"] !== undefined,
  )
  expect(jobs.map((job) => job.metadata.name)).toEqual(["e.a.0", "e.c.0", "e.d.0"])
  expect(hashes).toEqual([true, false, false])
})

/** The fixture's Jobs carry a hash of their own making, and the hash below follows theirs. */
function withoutHash(jobs: readonly unknown[]): unknown {
  return JSON.parse(JSON.stringify(jobs).replaceAll(/"v1-[0-9a-f]+"/g, '"v1"'))
}
