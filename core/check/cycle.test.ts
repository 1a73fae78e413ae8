import { expect, test } from "vitest"
import { parse } from "../spec/parse.ts"

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
