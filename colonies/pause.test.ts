import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { pause } from "./pause.ts"

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

test("it lasts as long as it was told, and leaves nothing behind", async () => {
  let isOver = false
  const { signal } = new AbortController()
  const ended = pause(1_000, signal).then(() => {
    isOver = true
  })
  await vi.advanceTimersByTimeAsync(999)
  expect(isOver).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  await ended
  expect(vi.getTimerCount()).toBe(0)
})

test("the signal ends it at once with its reason, also when it was raised before", async () => {
  const stop = new AbortController()
  const reason = new Error("enough")
  const waits = pause(1_000, stop.signal)
  stop.abort(reason)
  await expect(waits).rejects.toBe(reason)
  await expect(pause(1_000, stop.signal)).rejects.toBe(reason)
  expect(vi.getTimerCount()).toBe(0)
})

test("without a signal nothing can end it before its time", async () => {
  const waits = pause(20)
  await vi.advanceTimersByTimeAsync(20)
  await expect(waits).resolves.toBeUndefined()
})
