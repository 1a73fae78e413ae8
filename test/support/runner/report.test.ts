import { expect, test } from "vitest"
import { describe, isGood, type Report } from "./report.mts"

const stage = { name: "ui", what: "", needs: [], run: () => Promise.reject(new Error()) }
const ran = (passed: number, failed: readonly string[] = [], skipped = 0): Report => ({
  stage,
  seconds: 1,
  outcome: {
    kind: "ran",
    passed,
    skipped,
    failures: failed.map((name) => ({ name, error: "why" })),
  },
})
const notRun: Report = {
  stage,
  seconds: 0,
  outcome: { kind: "not run", missing: "Chromium", how: "install it" },
}
const lastLine = (reports: readonly Report[]) => describe(reports, "/logs").split("\n").at(-1)

test("the last line is the sum over all stages", () => {
  expect(lastLine([ran(2), ran(3)])).toBe("5 passed, 0 failed")
  expect(isGood([ran(2), ran(3)])).toBe(true)
})

test("skipped tests are named where there are any", () => {
  expect(lastLine([ran(2, [], 1)])).toBe("2 passed, 0 failed, 1 skipped")
})

test("a failed test makes the whole fail, and is named with its log", () => {
  const reports = [ran(2, ["draws"])]
  expect(isGood(reports)).toBe(false)
  expect(lastLine(reports)).toBe("2 passed, 1 failed")
  expect(describe(reports, "/logs")).toMatch(/FAILED {3}ui: draws\n +why\n +log: .*ui\.log/)
})

test("what did not run makes the whole fail, and is named with the way to get it", () => {
  const reports = [ran(2), notRun]
  expect(isGood(reports)).toBe(false)
  expect(describe(reports, "/logs")).toContain(
    "NOT RUN  ui: it lacks Chromium\n         install it",
  )
})
