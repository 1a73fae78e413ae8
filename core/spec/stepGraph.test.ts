import { expect, test } from "vitest"
import { parse } from "./parse.ts"
import { stepGraph } from "./stepGraph.ts"

function edges(tasks: string): readonly string[] {
  const [document] = parse(`kind: Execution\nspec:\n  tasks:\n${tasks}`)
  if (!document) throw new Error("no document")
  return stepGraph(document.workflow).edges.map(({ from, to }) => `${from} > ${to}`)
}

const task = (name: string, commands: string, dependents = "") =>
  `  - {name: ${name}, type: Job, image: b, ${commands}, dependents: [${dependents}]}\n`

test("whole joins every step with every step, iterate each with its own", () => {
  const a = task("a", "commandSet: [x, y]")
  expect(edges(a + task("b", "commandSet: [x, y]", "{target: a, type: whole}"))).toEqual([
    "a.0 > b.0",
    "a.1 > b.0",
    "a.0 > b.1",
    "a.1 > b.1",
  ])
  expect(edges(a + task("b", "commandSet: [x, y]", "{target: a, type: iterate}"))).toEqual([
    "a.0 > b.0",
    "a.1 > b.1",
  ])
})

test("a task whose steps a result decides is one node", () => {
  const iter = 'commandsIter: {command: x, varsIter: [[get_result, a, ","]]}'
  const tasks = task("a", "commandSet: [x]") + task("b", iter, "{target: a, type: whole}")
  expect(edges(tasks)).toEqual(["a.0 > b."])
})

test("a task of a thousand million steps is one node, too", () => {
  const row = `[${Array(1000).fill("1").join(", ")}]`
  const iter = `commandsIter: {command: x, varsIter: [${row}, ${row}, ${row}]}`
  const tasks = task("a", iter) + task("b", "commandSet: [x]", "{target: a, type: whole}")
  expect(edges(tasks)).toEqual(["a. > b.0"])
})
