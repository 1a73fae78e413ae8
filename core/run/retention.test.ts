import { expect, test } from "vitest"
import { type EndedRun, expiredRuns, type Retention } from "./retention.ts"

const now = 1_000_000
const run = (name: string, secondsAgo: number, namespace = "gene"): EndedRun => {
  return { namespace, name, endedAt: now - secondsAgo * 1_000 }
}
const check = (runs: readonly EndedRun[], retention: Partial<Retention>) =>
  expiredRuns(runs, { ttlSeconds: undefined, keepLast: undefined, ...retention }, now)
    .map(({ namespace, name }) => `${namespace}/${name}`)
    .join(" ")

const three = [run("new", 10), run("old", 300), run("middle", 60)]

test("by default everything is kept", () => {
  expect(check(three, {})).toBe("")
})

test("a run goes when its time is over, the oldest first", () => {
  expect(check(three, { ttlSeconds: 60 })).toBe("gene/old gene/middle")
  expect(check(three, { ttlSeconds: 61 })).toBe("gene/old")
})

test("of each namespace the last runs are kept", () => {
  const runs = [...three, run("other", 900, "lab")]
  expect(check(runs, { keepLast: 1 })).toBe("gene/old gene/middle")
  expect(check(runs, { keepLast: 0 })).toBe("lab/other gene/old gene/middle gene/new")
})

test("a run that either rule lets go goes", () => {
  expect(check(three, { ttlSeconds: 100, keepLast: 2 })).toBe("gene/old")
})
