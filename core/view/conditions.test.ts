import { expect, test } from "vitest"
import { conditionsOf } from "./conditions.ts"

test("conditions come in the order in which they came to be so, and may be not known", () => {
  const status = {
    conditions: [
      { type: "Ready", status: "False", lastTransitionTime: "2026-03-14T14:30:09Z" },
      { type: "PodScheduled", status: "True", lastTransitionTime: "2026-03-14T14:30:05Z" },
      { type: "Odd", status: "Unknown", reason: "NodeLost", message: "no word from its node" },
      { status: "True" },
      "nonsense",
    ],
  }
  expect(conditionsOf({ status }).map(({ type, isTrue }) => [type, isTrue])).toEqual([
    ["PodScheduled", true],
    ["Ready", false],
    ["Odd", null],
  ])
})

test("an object without a status has no conditions", () => {
  expect(conditionsOf({})).toEqual([])
})
