import { expect, test } from "vitest"
import { commandOf, stepCountWith } from "./commands.ts"
import { readExecution } from "./execution.ts"

function commands(iter: unknown, result?: string, extra: object = {}): readonly string[] {
  const read = readExecution({
    metadata: { name: "e" },
    spec: {
      tasks: [
        { name: "list", image: "b", commandSet: ["ls"] },
        {
          name: "map",
          image: "b",
          commandsIter: iter,
          dependents: [{ target: "list", type: "whole" }],
          ...extra,
        },
      ],
    },
  })
  if (read.kind === "refused") throw new Error(read.reasons.join())
  const task = read.execution.spec.tasks[1]
  if (task === undefined) return []
  const count = stepCountWith(task, () => result) ?? -1
  return Array.from({ length: count }, (_, index) => commandOf(task, index, () => result) ?? "")
}

test("the first row is the slowest", () => {
  expect(commands({ command: "${1}-${2}-${3} ${item}", varsIter: [[1, 2], [3, 4], [5]] })).toEqual([
    "1-3-5 0",
    "1-4-5 1",
    "2-3-5 2",
    "2-4-5 3",
  ])
})

test("references that touch are both replaced, unknown ones reach the shell", () => {
  const iter = { command: "${1}${2}${9} ${HOME} $1 ${", varsIter: [["a"], ["b"]] }
  expect(commands(iter)).toEqual(["ab${9} ${HOME} $1 ${"])
})

test("values are not looked through again", () => {
  expect(commands({ command: "${1}", varsIter: [["${2}"], ["x"]] })).toEqual(["${2}"])
})

test("a result is cut at the separator, empty pieces fall out", () => {
  const iter = { command: "x ${1}", varsIter: [["get_result", "list", " "]] }
  expect(commands(iter, "s1  s2 ")).toEqual(["x s1", "x s2"])
  expect(commands(iter, "")).toEqual([])
})

test("without a separator the whole result is one value", () => {
  const iter = {
    command: "x ${1}",
    varsIter: [
      ["get_result", "list", ""],
      [1, 2],
    ],
  }
  expect(commands(iter, "a b")).toEqual(["x a b", "x a b"])
})

test("an empty row makes no steps", () => {
  expect(commands({ command: "x ${1}", varsIter: [[], [1]] })).toEqual([])
})

test("values are written as KubeGene writes them", () => {
  const values = [1.5, 1e21, 1e-7, true, null, { b: "<", a: [1] }]
  expect(commands({ command: "${1}", varsIter: [values] })).toEqual([
    "1.5",
    "1000000000000000000000",
    "0.0000001",
    "true",
    "null",
    '{"a":[1],"b":"\\u003c"}',
  ])
})

test("commandsIter replaces commandSet", () => {
  expect(commands({ command: "a" }, undefined, { commandSet: ["b", "c"] })).toEqual(["a"])
})
