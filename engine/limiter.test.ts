import { expect, test, vi } from "vitest"
import { ClusterError } from "./clusterError.ts"
import { Limiter } from "./limiter.ts"

/** Requests that are answered by hand; counts how many are under way. */
function requests(limiter: Limiter, number: number) {
  const open: { answer: () => void; fail: (error: Error) => void }[] = []
  const settled = Array.from({ length: number }, () =>
    limiter
      .run(
        () =>
          new Promise<void>((resolve, reject) => {
            open.push({ answer: resolve, fail: reject })
          }),
      )
      .catch(() => {}),
  )
  return { open, settled }
}

async function turns(number = 10): Promise<void> {
  for (let i = 0; i < number; i++) await Promise.resolve()
}

test("no more requests are under way than the limit, and each answer lets the next one through", async () => {
  const { open, settled } = requests(new Limiter(2, 2), 5)
  await turns()
  expect(open).toHaveLength(2)
  open[0]?.answer()
  await turns()
  expect(open).toHaveLength(3)
  for (let i = 1; i < 5; i++) {
    open[i]?.answer()
    await turns()
  }
  await Promise.all(settled)
})

test("too many requests halves the limit and waits as long as the server asked", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] })
  try {
    const { open, settled } = requests(new Limiter(4, 4), 8)
    await turns()
    expect(open).toHaveLength(4)
    open[0]?.fail(new ClusterError("busy", "too many requests", 5_000))
    for (const request of open.slice(1)) request.answer()
    await turns()
    expect(open).toHaveLength(4)
    await vi.advanceTimersByTimeAsync(4_900)
    expect(open).toHaveLength(4)
    await vi.advanceTimersByTimeAsync(200)
    expect(open.length).toBeGreaterThanOrEqual(6)
    expect(open.length).toBeLessThan(8)
    for (let i = 4; i < 8; i++) {
      open[i]?.answer()
      await turns()
    }
    await Promise.all(settled)
  } finally {
    vi.useRealTimers()
  }
})

test("a limit that was halved grows again with each round that goes well", async () => {
  const limiter = new Limiter(1, 3)
  for (let i = 0; i < 20; i++) await limiter.run(async () => {})
  const { open, settled } = requests(limiter, 5)
  await turns()
  expect(open).toHaveLength(3)
  for (let i = 0; i < 5; i++) {
    open[i]?.answer()
    await turns()
  }
  await Promise.all(settled)
})
