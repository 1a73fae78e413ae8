import { expect, test } from "vitest"
import { sayDuration } from "./duration.ts"

test("a length of time is said with its units, the small ones only while they matter", () => {
  const said = [0, 400, 46_000, 70_000, 7_500_000, 90_000_000, 259_200_000].map(sayDuration)
  expect(said).toEqual(["0 s", "400 ms", "46 s", "1 m 10 s", "2 h 05 m", "1 d 1 h", "3 d"])
})
