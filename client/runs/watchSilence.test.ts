import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { watchSilence } from "./watchSilence.ts"

let told: (number | undefined)[]
let answers: PromiseWithResolvers<void>[]
let watch: { readonly dispose: () => void }

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
  told = []
  answers = []
  watch = watchSilence(
    () => {
      const answer = Promise.withResolvers<void>()
      answers.push(answer)
      return answer.promise
    },
    (since) => told.push(since),
  )
})
afterEach(() => {
  watch.dispose()
  vi.useRealTimers()
})

async function turns(count: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(count * 5_000)
}

test("an engine that answers, or refuses, is not silent", async () => {
  await turns(1)
  answers.at(-1)?.resolve()
  await turns(1)
  answers.at(-1)?.reject(new Error("The engine has no such method."))
  await turns(3)
  expect(answers).toHaveLength(3)
  expect(told).toEqual([])
})

test("after four turns without an answer it is silent since its last one, and told of once", async () => {
  await turns(1)
  answers.at(-1)?.resolve()
  await turns(4)
  expect(told).toEqual([])
  await turns(1)
  expect(told).toEqual([5_000])
  await turns(20)
  expect(told).toEqual([5_000])
  expect(answers).toHaveLength(2)
})

test("the answer that comes in the end ends the silence, and it is asked again", async () => {
  await turns(5)
  answers.at(-1)?.resolve()
  await turns(1)
  expect(told).toEqual([0, undefined])
  expect(answers).toHaveLength(2)
})

test("whoever no longer cares is told nothing", async () => {
  await turns(1)
  watch.dispose()
  await turns(20)
  expect(told).toEqual([])
})
