import { expect, test } from "vitest"
import { jobFacts, planOf } from "./run.fixture.ts"
import { strays } from "./strays.ts"

const plan = planOf({ a: {} })
const ended = "2026-11-20T14:00:10Z"
const named = (name: string, look: "running" | "complete", more: object = {}) => {
  return { ...jobFacts(plan, "a.0", look), name, createdAt: Date.parse(ended) + 1_000, ...more }
}
const check = (job: ReturnType<typeof named>, finishedAt: string | undefined = ended) =>
  strays([job], plan.execution.metadata.uid, finishedAt).map(({ name }) => name)

test("a Job that came after the end of its run, or in the same second, is a stray", () => {
  expect(check(named("late", "running"))).toEqual(["late"])
  expect(check(named("late", "running", { createdAt: Date.parse(ended) }))).toEqual(["late"])
})

test("what began before the end, has an end or is going already is none, nor is another's", () => {
  expect(check(named("early", "running", { createdAt: Date.parse(ended) - 1_000 }))).toEqual([])
  expect(check(named("done", "complete"))).toEqual([])
  expect(check(named("going", "running", { deletedAt: Date.parse(ended) }))).toEqual([])
  expect(check(named("another's", "running", { ownerUid: "another" }))).toEqual([])
})

test("a run that is not over has no strays", () => {
  expect(strays([named("a", "running")], plan.execution.metadata.uid, undefined)).toEqual([])
})
