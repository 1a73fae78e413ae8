import { expect, test } from "vitest"
import { nearest } from "./nearest.ts"

test.each([
  ["fecth", ["fetch", "count"], "fetch"],
  ["alighn", ["align-1", "align"], "align"],
  ["b", ["a", "c"], "a"],
  ["merge", ["sort", "trim"], undefined],
  ["ab", ["xy"], undefined],
])("%s among %j means %s", (wrong, candidates, meant) => {
  expect(nearest(wrong, candidates)).toBe(meant)
})
