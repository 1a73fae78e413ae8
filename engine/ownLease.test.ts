import { expect, test } from "vitest"
import { deadAfterMs } from "#core/run/claim"
import { MemoryCluster } from "./memory/memoryCluster.ts"
import { OwnLease } from "./ownLease.ts"

const driver = { kind: "cluster", id: "controller", name: "controller" } as const
const cluster = () => new MemoryCluster(async () => undefined, Date.now)

/** Each wait passes this much time of whoever waits. */
const waits = (ms: number, meanwhile = async () => {}) => {
  let passed = 0
  const pause = async () => {
    await meanwhile()
    passed += ms
    return ms
  }
  return { pause, passed: () => passed }
}

test("the first is elected at once, and keeps being so", async () => {
  const place = cluster()
  const one = new OwnLease(place, "gene", driver, "one")
  const { pause, passed } = waits(2_000)
  await one.acquire(pause)
  expect(passed()).toBe(0)
  expect(await one.keep()).toBe(true)
  expect(await one.keep()).toBe(true)
})

test("the next waits while the Lease moves, and is elected when it stood still long enough", async () => {
  const place = cluster()
  const one = new OwnLease(place, "gene", driver, "one")
  await one.acquire(waits(0).pause)
  let moves = 20
  const { pause, passed } = waits(2_000, async () => {
    if (moves-- > 0) await one.keep()
  })
  const two = new OwnLease(place, "gene", driver, "two")
  await two.acquire(pause)
  expect(passed()).toBe(20 * 2_000 + deadAfterMs)
  // Who comes back from a long sleep sees that another was elected.
  expect(await one.keep()).toBe(false)
  expect(await two.keep()).toBe(true)
})

test("a Lease that was given back is free at once", async () => {
  const place = cluster()
  const one = new OwnLease(place, "gene", driver, "one")
  await one.acquire(waits(0).pause)
  await one.drop()
  const { pause, passed } = waits(2_000)
  await new OwnLease(place, "gene", driver, "two").acquire(pause)
  expect(passed()).toBe(0)
})

test("a driver whose id nobody else has goes on with the Lease that it left behind", async () => {
  const place = cluster()
  await new OwnLease(place, "gene", driver, "before").move()
  const now = new OwnLease(place, "gene", driver, "now")
  await now.move()
  await now.move()
  expect((await place.readLease("gene", driver.id))?.holder).toBe("now")
})

test("a Lease that another process has by now is not given back", async () => {
  const place = cluster()
  const one = new OwnLease(place, "gene", driver, "one")
  await one.move()
  await new OwnLease(place, "gene", driver, "two").move()
  await one.drop()
  expect((await place.readLease("gene", driver.id))?.holder).toBe("two")
  // Nor one that it never wrote.
  await new OwnLease(place, "gene", driver, "three").drop()
  expect((await place.readLease("gene", driver.id))?.holder).toBe("two")
})

test("a Lease that somebody deleted is made again, and is lost only to another holder", async () => {
  const place = cluster()
  const one = new OwnLease(place, "gene", driver, "one")
  await one.acquire(waits(0).pause)
  const remove = async () => {
    const there = await place.readLease("gene", driver.id)
    await place.deleteLease("gene", driver.id, there?.version ?? "")
  }
  await remove()
  expect(await one.keep()).toBe(true)
  expect((await place.readLease("gene", driver.id))?.holder).toBe("one")
  await remove()
  await new OwnLease(place, "gene", driver, "two").acquire(waits(0).pause)
  expect(await one.keep()).toBe(false)
})
