import { expect, test } from "vitest"
import { moreOf } from "./moreOf.ts"
import { timeLeft } from "./timeLeft.ts"

test("more of an amount keeps its unit and its quotes", () => {
  expect(moreOf("8Gi")).toEqual(["16Gi", "12Gi"])
  expect(moreOf('"500M"')).toEqual(['"1000M"', '"750M"'])
  expect(moreOf("1Gi")).toEqual(["2Gi", "1.5Gi"])
  expect(moreOf("${memory}")).toEqual([])
})

const source = { file: "a.yaml", document: 0 }
const counts = (total: number, succeeded: number) => {
  return { total, isTotalKnown: true, byPhase: { succeeded, waiting: total - succeeded } }
}
const run = {
  phase: "running",
  startedAt: "2026-01-01T00:00:00Z",
  finishedAt: null,
  source,
  counts: counts(10, 5),
}
const after = (seconds: number) => Date.parse("2026-01-01T00:00:00Z") + seconds * 1000

test("the time left is taken from the last run of the same text, while that was longer", () => {
  const earlier = {
    ...run,
    name: "a-1",
    phase: "succeeded",
    startedAt: "2025-12-01T00:00:00Z",
    finishedAt: "2025-12-01T00:02:00Z",
    counts: counts(10, 10),
  }
  expect(timeLeft(run, [earlier], after(30))).toEqual({ milliseconds: 90_000, from: "a-1" })
  expect(timeLeft(run, [earlier], after(200))).toEqual({ milliseconds: 200_000, from: undefined })
  const other = { ...earlier, source: { file: "b.yaml", document: 0 } }
  expect(timeLeft(run, [other], after(30))).toEqual({ milliseconds: 30_000, from: undefined })
})

test("nothing is said of the time left where nothing is known", () => {
  expect(timeLeft({ ...run, counts: counts(10, 2) }, [], after(30))).toBeUndefined()
  expect(timeLeft({ ...run, startedAt: null }, [], after(30))).toBeUndefined()
})
