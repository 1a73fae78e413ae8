import { expect, test } from "vitest"
import { age, duration, readDuration } from "./duration.ts"

test("durations keep two units, ages one", () => {
  const said = (seconds: number) => [duration(seconds * 1000), age(seconds * 1000)]
  expect(said(0)).toEqual(["0s", "0s"])
  expect(said(46)).toEqual(["46s", "46s"])
  expect(said(59.6)).toEqual(["1m00s", "59s"])
  expect(said(2285)).toEqual(["38m05s", "38m"])
  expect(said(4320)).toEqual(["1h12m", "1h"])
  expect(said(90_000)).toEqual(["1d01h", "25h"])
  expect(said(3 * 86_400)).toEqual(["3d00h", "3d"])
  // A clock that is behind the cluster's.
  expect(said(-5)).toEqual(["0s", "0s"])
})

test("a duration is read as kubectl reads it, and nothing else is", () => {
  const read = ["10m", "1h30m", "90", "90s", "2d", "1d2h3m4s"].map(readDuration)
  expect(read).toEqual([600, 5400, 90, 90, 172_800, 93_784])
  expect(["", "m", "10 m", "-5m", "1m2h", "soon"].map(readDuration)).toEqual(
    Array(6).fill(undefined),
  )
})
