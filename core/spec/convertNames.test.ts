import { expect, test } from "vitest"
import { taskNames } from "./convertNames.ts"
import { labelFault } from "./dnsName.ts"

test("names become labels, each only once", () => {
  const names = taskNames([
    "prep",
    "Prep",
    "Prep_2",
    "prep-2",
    "",
    undefined,
    "ÄÖ",
    "x".repeat(99),
    "x".repeat(98),
  ])
  expect(names).toEqual([
    "prep",
    "prep-2",
    "prep-2-2",
    "prep-2-3",
    "task",
    "task-2",
    "task-3",
    "x".repeat(40),
    `${"x".repeat(34)}-2`,
  ])
  for (const name of names) expect(labelFault(name)).toBeUndefined()
})
