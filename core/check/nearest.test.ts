import { expect, test } from "vitest"
import { randomFrom } from "../../test/support/random.ts"
import { distanceTo, nearest } from "./nearest.ts"

test.each([
  ["fecth", ["fetch", "count"], "fetch"],
  ["alighn", ["align-1", "align"], "align"],
  ["b", ["a", "c"], "a"],
  ["merge", ["sort", "trim"], undefined],
  ["ab", ["xy"], undefined],
])("%s among %j means %s", (wrong, candidates, meant) => {
  expect(nearest(wrong, candidates)).toBe(meant)
})

test("the fast distance is the one of the table", () => {
  const random = randomFrom(1)
  const word = (most: number) =>
    Array.from({ length: random.below(most) }, () => random.pick(["a", "b", "c"])).join("")
  for (let i = 0; i < 3000; i++) {
    const name = word(12)
    const other = word(12)
    // A letter beyond ASCII in the name takes the table; the same letter on both sides is no slip.
    const table = distanceTo(`é${name}`)(`é${other}`)
    expect(distanceTo(name)(other), `${name} ${other}`).toBe(table)
  }
})
