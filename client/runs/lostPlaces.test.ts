import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { LostPlaces } from "./lostPlaces.ts"

let asked: PromiseWithResolvers<void>[]
let refused: string[]
let places: LostPlaces

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
  asked = []
  refused = []
  places = new LostPlaces({
    open: () => {
      const answer = Promise.withResolvers<void>()
      asked.push(answer)
      return answer.promise
    },
    onRefused: (place, since, error) => refused.push(`${place} ${since} ${error}`),
  })
})
afterEach(() => {
  places.dispose()
  vi.useRealTimers()
})

/** Refuses what was asked last and answers after how long it is asked again. */
async function pauseAfterRefusal(): Promise<number> {
  const before = asked.length
  const from = Date.now()
  asked.at(-1)?.reject("no way")
  while (asked.length === before) await vi.advanceTimersByTimeAsync(1_000)
  return Date.now() - from
}

test("a place that cannot be opened is told of with its reason, and tried again with growing pauses", async () => {
  places.lose("lab")
  const pauses: number[] = []
  for (let i = 0; i < 6; i++) pauses.push(await pauseAfterRefusal())
  expect(pauses).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
  expect(refused).toEqual(Array.from({ length: 6 }, () => "lab 0 no way"))
  expect(places.has("lab")).toBe(true)
})

test("once it opens it is lost no more, and not tried again", async () => {
  places.lose("lab")
  await pauseAfterRefusal()
  asked.at(-1)?.resolve()
  await vi.advanceTimersByTimeAsync(100_000)
  expect(places.has("lab")).toBe(false)
  expect(asked).toHaveLength(2)
})

test("what somebody else opened is not tried again, and its late refusal is not told", async () => {
  places.lose("lab")
  expect(places.find("lab")).toBe(true)
  asked.at(-1)?.reject("no way")
  await vi.advanceTimersByTimeAsync(100_000)
  expect(refused).toEqual([])
  expect(asked).toHaveLength(1)
  expect(places.find("lab")).toBe(false)
})

test("an engine that dies at each try is started with growing pauses, too", async () => {
  places.lose("lab")
  places.lose("lab")
  expect(asked).toHaveLength(1)
  await pauseAfterRefusal()
  places.lose("lab")
  expect(asked).toHaveLength(2)
  expect(await pauseAfterRefusal()).toBe(4_000)
})
