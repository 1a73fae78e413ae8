import { expect, test } from "vitest"
import { randomFrom } from "../../test/support/random.ts"
import { parse } from "../spec/parse.ts"
import { cycle } from "./cycle.ts"
import type { Member } from "./rule.ts"

function cycles(tasks: Readonly<Record<string, readonly string[]>>) {
  const items = Object.entries(tasks).map(([name, targets]) => ({
    name,
    type: "Job",
    image: "busybox",
    commandSet: ["a"],
    dependents: targets.map((target) => ({ target, type: "whole" })),
  }))
  const object = { kind: "Execution", metadata: { name: "x" }, spec: { tasks: items } }
  const text = JSON.stringify(object, null, 2)
  const [document] = parse(text, "x.json")
  return (document?.problems ?? [])
    .filter(({ code }) => code === "cycle")
    .map(({ message, span, related }) => ({
      path: message.replace("Tasks wait for each other: ", ""),
      at: text.slice(span.start, span.end),
      others: (related ?? []).map((place) => place.message),
    }))
}

test("a cycle is said once, with its whole way, at the dependency that closes it", () => {
  expect(cycles({ root: [], a: ["root", "c"], b: ["a"], c: ["b"], behind: ["c"] })).toEqual([
    { path: "a → b → c → a", at: '"c"', others: ['"b" waits for "a"', '"c" waits for "b"'] },
  ])
})

test("cycles that share tasks are each said once", () => {
  const found = cycles({ a: ["b"], b: ["a", "c"], c: ["b"] })
  expect(found.map(({ path }) => path)).toEqual(["a → b → a", "b → c → b"])
})

test("a task that waits for itself is no cycle, and neither is a diamond", () => {
  expect(cycles({ a: ["a"], b: ["a"], c: ["a"], d: ["c", "b"] })).toEqual([])
})

test("a ring of 10,000 tasks is one cycle, its way told at both ends", () => {
  const ring = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, i) => [`t${i}`, [`t${(i + 9_999) % 10_000}`]]),
  )
  const [found, ...others] = cycles(ring)
  expect(others).toEqual([])
  expect(found?.path).toMatch(/^t0 → t1 → .* → \(9800 more\) → .* → t9999 → t0$/)
  expect(found?.at).toBe('"t9999"')
})

test("looking only where a task waits for one below it finds the cycles that looking everywhere does", () => {
  const random = randomFrom(5)
  for (let round = 0; round < 300; round++) {
    const members = randomMembers(2 + random.below(30), random)
    const lookingDown = members.filter(({ rank, targets }) =>
      targets.some((target) => target !== undefined && target.rank > rank),
    )
    const everywhere = [{ rank: 0, targets: [members.at(-1)] }] as unknown as Member[]
    const found = cycle.check({ members, lookingDown, anyOff: false })
    if (lookingDown.length > 0) {
      expect(found).toEqual(cycle.check({ members, lookingDown: everywhere, anyOff: false }))
    } else expect(found).toEqual([])
  }
})

function randomMembers(count: number, random: ReturnType<typeof randomFrom>): readonly Member[] {
  const span = { start: 0, end: 1 }
  const members = Array.from({ length: count }, (_, rank) => ({
    rank,
    targets: [] as Member[],
    task: {
      span,
      name: { value: `t${rank}`, span },
      dependencies: [] as Member["task"]["dependencies"][number][],
      steps: { kind: "known" as const, count: 1 },
    },
  }))
  for (const member of members) {
    for (let k = random.below(3); k > 0; k--) {
      // Mostly up, seldom far down.
      const at = random.oneIn(6) ? member.rank + random.below(8) : random.below(member.rank + 1)
      const target = members[Math.min(at, count - 1)]
      if (target) member.targets.push(target)
    }
  }
  return members
}
