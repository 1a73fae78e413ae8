import { expect, test } from "vitest"
import { goldenBegin, goldenJob } from "./golden.fixture.ts"
import { itemsOfJob } from "./items.ts"
import type { SequenceRow } from "./row.ts"
import { rowsOf } from "./rows.ts"
import { pan, placeOf, scaleOf, tickStep, ticksOf, timeAt, wholeWindow, zoom } from "./scale.ts"

const [row] = rowsOf(itemsOfJob(goldenJob()), "pod") as readonly [SequenceRow]

/** Bars in seconds; without an end they last until now. */
function bars(...list: readonly (readonly [number, number?])[]): readonly SequenceRow[] {
  return list.map(([from, to], index) => ({
    ...row,
    id: String(index),
    begin: from * 1000,
    end: to === undefined ? undefined : to * 1000,
  }))
}

const setting = { now: 0, cutsGaps: true, gapShare: 0.05 }

function gaps(list: readonly SequenceRow[], now = 0): readonly (readonly [number, number])[] {
  return scaleOf(list, { ...setting, now: now * 1000 }).gaps.map(({ from, to }) => [
    from / 1000,
    to / 1000,
  ])
}

test("nothing is cut of the recorded Job", () => {
  const scale = scaleOf(rowsOf(itemsOfJob(goldenJob()), "pod"), setting)
  expect(scale.gaps).toEqual([])
  expect(scale.length).toBe(201_000)
  expect(scale.begin).toBe(goldenBegin)
})

test("a gap is cut when nothing ran for 60 s, or a tenth of the picture if that is more", () => {
  expect(gaps(bars([0, 100], [160, 200]))).toEqual([])
  expect(gaps(bars([0, 100], [161, 200]))).toEqual([[100, 161]])
  expect(gaps(bars([0, 1000], [1100, 2000]))).toEqual([])
  expect(gaps(bars([0, 1000], [1201, 2000]))).toEqual([[1000, 1201]])
})

test("what still waits or runs fills the time until now", () => {
  expect(gaps(bars([0, 100], [50, undefined], [500, 600]), 700)).toEqual([])
})

test("a second is as long on both sides of a gap, and times come back from their places", () => {
  const scale = scaleOf(bars([0, 200], [1043, 1150]), setting)
  const place = (seconds: number) => placeOf(scale, seconds * 1000)
  expect(place(101) - place(100)).toBe(1000)
  expect(place(1101) - place(1100)).toBe(1000)
  expect(place(1150)).toBe(scale.length)
  for (const seconds of [0, 1, 199, 200, 600, 1043, 1100, 1150]) {
    expect(timeAt(scale, place(seconds))).toBeCloseTo(seconds * 1000, 3)
  }
  expect(scale.length).toBeLessThan(330_000)
})

test("lines stand at whole steps since the beginning, and none inside a gap", () => {
  const scale = scaleOf(bars([0, 200], [1043, 1150]), setting)
  const times = ticksOf(scale, wholeWindow(scale), 30_000).map(({ time }) => time / 1000)
  expect(times).toEqual([0, 30, 60, 90, 120, 150, 180, 1050, 1080, 1110, 1140])
  expect(tickStep(21_000)).toBe(30_000)
  expect(tickStep(30_001)).toBe(60_000)
})

test("many gaps are cut, each at its place", () => {
  const many = bars(...Array.from({ length: 8 }, (_, i) => [i * 1000, i * 1000 + 5] as const))
  const scale = scaleOf(many, setting)
  expect(scale.gaps.length).toBe(7)
  for (let i = 0; i < 8; i++) {
    expect(timeAt(scale, placeOf(scale, i * 1_000_000 + 2000))).toBeCloseTo(i * 1_000_000 + 2000, 3)
  }
})

test("zooming keeps what is under the pointer there, and never loses the picture", () => {
  const scale = scaleOf(bars([0, 200]), setting)
  const near = zoom(scale, wholeWindow(scale), 50_000, 4)
  expect((50_000 - near.from) / (near.to - near.from)).toBeCloseTo(0.25, 5)
  expect(near.to - near.from).toBe(50_000)
  const far = pan(scale, near, 10_000_000)
  expect(far.from).toBeLessThan(scale.length)
  expect(zoom(scale, near, 50_000, 1e9).to - zoom(scale, near, 50_000, 1e9).from).toBe(1000)
})
