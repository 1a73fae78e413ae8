import { expect, test } from "vitest"
import { openWishes, wishAnnotation } from "./wishes.ts"

test("what a tool writes is what a driver reads", () => {
  const wish = {
    kind: "retry",
    id: "1",
    by: "anna",
    at: "2026-11-20T14:00:00Z",
    steps: ["a.0"],
  } as const
  const written = Object.fromEntries([wishAnnotation(wish)])
  expect(openWishes(written, [])).toEqual([wish])
  expect(openWishes(written, ["1"])).toEqual([])
})

test("a bare text, as kubectl annotate writes it, is an id", () => {
  expect(openWishes({ "execution.kubegene.io/stop": "now" }, [])).toMatchObject([
    { kind: "stop", id: "now", by: "" },
  ])
})

test("what is no wish is none", () => {
  for (const text of ["", "{}", '{"id":3}']) {
    expect(openWishes({ "execution.kubegene.io/stop": text }, [])).toEqual([])
  }
})
