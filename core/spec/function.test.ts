import { expect, test } from "vitest"
import { parse } from "./parse.ts"

function tasks(spec: unknown, path: string) {
  return parse(JSON.stringify(spec), path)[0]?.workflow.tasks.map(
    ({ name, dependencies, steps }) => ({
      name: name?.value,
      waits: dependencies.map(({ target, type }) => `${target.value} ${type}`),
      steps,
    }),
  )
}

const one = { kind: "known", count: 1 }

test("a function is one task of one step, which waits for nothing", () => {
  const spec = {
    funcname: "train",
    conditions: { executortype: "gpu", dependencies: ["x"], nodes: 4 },
  }
  expect(tasks(spec, "")).toEqual([{ name: "train", waits: [], steps: one }])
  expect(tasks({ ...spec, nodename: "n" }, "")).toEqual([{ name: "n", waits: [], steps: one }])
})

test("a workflow has its nodes as tasks, in both forms, whatever the capitals", () => {
  const list = [
    { nodename: "a", funcname: "x", conditions: { executortype: "cli", dependencies: null } },
    { NodeName: "b", funcname: "x", Conditions: { executortype: "cli", Dependencies: ["a", 5] } },
    { funcname: "x", conditions: { executortype: "cli", dependencies: ["b"] } },
  ]
  const wish = [
    { name: "a", waits: [], steps: one },
    { name: "b", waits: ["a whole"], steps: one },
    { name: undefined, waits: ["b whole"], steps: one },
  ]
  expect(tasks(list, "")).toEqual(wish)
  expect(tasks({ functionspecs: list }, "")).toEqual(wish)
})
