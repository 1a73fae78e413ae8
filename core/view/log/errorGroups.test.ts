import { expect, test } from "vitest"
import { errorGroups } from "./errorGroups.ts"
import { LogLines } from "./logLines.ts"

test("errors of many steps that differ in numbers alone are one, those of most steps first", () => {
  const lines = new LogLines()
  for (let step = 0; step < 20; step++) {
    lines.add(`align.${step}`, `pod-${step}`, [
      "begins",
      `error: chunk ${step} of 0x${(4096 + step).toString(16)} is 12.${step} MB too large`,
      ...(step === 3 ? ["error: disk full", "error: disk full"] : []),
    ])
  }
  const groups = errorGroups(lines, () => false)
  expect(groups.map(({ lines: count, steps }) => [count, steps.length])).toEqual([
    [20, 20],
    [2, 1],
  ])
  expect(groups[0]?.text).toBe("error: chunk 0 of 0x1000 is 12.0 MB too large")
  expect(groups[1]?.steps).toEqual(["align.3"])
})

test("the pattern of a group finds all its lines and no others", () => {
  const lines = new LogLines()
  const said = ["error: (a+b) [7] failed at 14:02:59", "error: (a+b) [12] failed at 1:00"]
  lines.add("a.0", "a", [...said, "error: (a+c) [7] failed"])
  const [group] = errorGroups(lines, () => false)
  const found = new RegExp(group?.pattern ?? "")
  expect(said.every((line) => found.test(line))).toBe(true)
  expect(found.test("error: (a+c) [7] failed")).toBe(false)
})

test("colours do not tell errors apart, and steps that are hidden are not counted", () => {
  const lines = new LogLines()
  lines.add("a.0", "a", ["\u001b[31merror: full\u001b[0m"])
  lines.add("b.0", "b", ["error: full"])
  lines.add("c.0", "c", ["error: full"])
  const [group, ...others] = errorGroups(lines, (name) => name === "c.0")
  expect(others).toEqual([])
  expect(group?.steps).toEqual(["a.0", "b.0"])
})
