import { expect, test } from "vitest"
import { exactLengthText, lengthText, roughLengthText } from "./length.ts"

test("a length of time is said with its two largest units, the small ones only while they matter", () => {
  const hour = 3_600_000
  const said = [0, 400, 46_000, 70_000, 7_500_000, 25 * hour, 72 * hour].map(lengthText)
  expect(said).toEqual(["0 s", "400 ms", "46 s", "1 m 10 s", "2 h 05 m", "25 h 00 m", "3 d"])
})

test("a length that is written out leaves out what is zero", () => {
  expect([60_000, 90_000, 5_400_000].map(exactLengthText)).toEqual(["1 m", "1 m 30 s", "1 h 30 m"])
})

test("a rough length has one unit", () => {
  expect([20_000, 540_000, 7_500_000].map(roughLengthText)).toEqual(["20 s", "9 m", "2 h"])
})
