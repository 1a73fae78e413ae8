import { expect, test } from "vitest"
import { applyJobChange, jobChange } from "./jobChange.ts"
import type { JobView } from "./jobView.ts"
import { ended, goldenJob, jobOf, podJson } from "./sequence/golden.fixture.ts"

function running(...names: readonly string[]): JobView {
  return jobOf(
    "j",
    { completions: 5 },
    { active: names.length },
    names.map((name) =>
      podJson(name, "j", {
        createdAt: 0,
        acceptedAt: 1,
        phase: name === "done" ? "Succeeded" : "Running",
        containers: [{ name: "main", state: { terminated: ended(2, 9, 0) } }],
      }),
    ),
  )
}

test("nothing is told when nothing changed", () => {
  expect(jobChange(goldenJob(), goldenJob())).toBeUndefined()
})

test("only pods that changed are told, and what is told makes the picture whole", () => {
  const before = running("a", "b")
  const after = running("a", "b", "done")
  const change = jobChange(before, after)
  if (change === undefined) throw new Error("there is a change")
  expect(change.jobs[0]?.pods.map(({ pod }) => pod)).toEqual(["done"])
  const applied = applyJobChange(before, JSON.parse(JSON.stringify(change)))
  expect(applied).toEqual(after)
  expect(applied.jobs[0]?.pods[0]).toBe(before.jobs[0]?.pods[0])
})
