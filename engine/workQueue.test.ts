import { expect, test, vi } from "vitest"
import { WorkQueue } from "./workQueue.ts"

function deferred() {
  return Promise.withResolvers<void>()
}

test("a key that is added again while it is worked on is worked on once more, never twice at once", async () => {
  const begun = deferred()
  const first = deferred()
  const twice = deferred()
  let running = 0
  let most = 0
  let count = 0
  const queue = new WorkQueue(
    async () => {
      running++
      most = Math.max(most, running)
      count++
      if (count === 1) {
        begun.resolve()
        await first.promise
      }
      running--
      if (count === 2) twice.resolve()
    },
    () => {},
  )
  queue.add("a")
  await begun.promise
  queue.add("a")
  queue.add("a")
  first.resolve()
  await twice.promise
  expect({ most, count }).toEqual({ most: 1, count: 2 })
})

test("one key does not wait for another", async () => {
  const blocked = deferred()
  const done = deferred()
  const queue = new WorkQueue(
    async (key) => {
      if (key === "slow") await blocked.promise
      else done.resolve()
    },
    () => {},
  )
  queue.add("slow")
  queue.add("quick")
  await done.promise
  blocked.resolve()
})

test("work that failed comes again, and its error is told", async () => {
  const done = deferred()
  const errors: string[] = []
  let tries = 0
  const queue = new WorkQueue(
    async () => {
      if (++tries < 3) throw new Error(`try ${tries}`)
      done.resolve()
    },
    (key, error) => errors.push(`${key}: ${(error as Error).message}`),
  )
  queue.add("a")
  await done.promise
  expect(errors).toEqual(["a: try 1", "a: try 2"])
})

test("of several times for one key the earliest counts, and a stopped queue does nothing more", () => {
  vi.useFakeTimers()
  try {
    const worked: string[] = []
    const queue = new WorkQueue(
      async (key) => {
        worked.push(key)
      },
      () => {},
    )
    queue.addAfter("a", 50)
    queue.addAfter("a", 10)
    queue.addAfter("a", 90)
    vi.advanceTimersByTime(20)
    expect(worked).toEqual(["a"])
    queue.addAfter("b", 10)
    queue.stop()
    vi.advanceTimersByTime(100)
    queue.add("c")
    expect(worked).toEqual(["a"])
  } finally {
    vi.useRealTimers()
  }
})

test("a key that is to come in a month does not come at once", async () => {
  const done = deferred()
  const came: string[] = []
  const queue = new WorkQueue(
    async (key) => {
      came.push(key)
      if (key === "soon") done.resolve()
    },
    () => {},
  )
  queue.addAfter("in a month", 31 * 24 * 3_600_000)
  queue.addAfter("soon", 50)
  await done.promise
  expect(came).toEqual(["soon"])
  queue.stop()
})
