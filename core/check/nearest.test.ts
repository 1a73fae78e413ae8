import { expect, test } from "vitest"
import { randomFrom } from "../../test/support/random.ts"
import { NameIndex } from "./nameIndex.ts"
import { distanceTo, nearest } from "./nearest.ts"

test.each([
  ["fecth", ["fetch", "count"], "fetch"],
  ["alighn", ["align-1", "align"], "align"],
  ["ba", ["ca", "aa"], "aa"],
  ["b", ["a", "c"], undefined],
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

test("an index of names finds what comparing all of them finds, after any of them went", () => {
  const random = randomFrom(2)
  const word = () =>
    Array.from({ length: 1 + random.below(9) }, () => random.pick([..."abcdefg-0123"])).join("")
  const names = new Set(Array.from({ length: 300 }, word))
  const index = new NameIndex(names)
  for (let i = 0; i < 500; i++) {
    const name = random.oneIn(2) ? word() : random.pick([...names])
    if (names.delete(name)) index.remove(name)
    else {
      names.add(name)
      index.add(name)
    }
    const wrong = word()
    expect(index.nearest(wrong), wrong).toBe(nearest(wrong, names))
  }
})
