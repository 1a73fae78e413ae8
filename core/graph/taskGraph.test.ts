import { expect, test } from "vitest"
import type { Task, Workflow } from "../workflow.ts"
import { countStepEdges, taskGraph, unfold } from "./taskGraph.ts"

test("the first of a name counts, what waits for nobody has no edge, cycles and self-loops stay", () => {
  const graph = taskGraph(
    workflow(
      task("a", 1, ["c", "whole"], ["a", "whole"]),
      task("b", 24, ["a", "whole"], ["gone", "whole"], ["a", "iterate"]),
      task("a", 5, ["b", "whole"]),
      task(undefined, 1, ["a", "whole"]),
      task("c", undefined, ["b", "iterate"]),
    ),
  )
  expect(graph).toEqual({
    name: "w",
    tasks: [
      { name: "a", steps: 1 },
      { name: "b", steps: 24 },
      { name: "c", steps: null },
    ],
    edges: [
      { from: 2, to: 0, kind: "whole" },
      { from: 0, to: 0, kind: "whole" },
      { from: 0, to: 1, kind: "whole" },
      { from: 1, to: 2, kind: "iterate" },
    ],
  })
})

test("edges between steps are counted without making them", () => {
  const graph = taskGraph(
    workflow(
      task("a", 100_000),
      task("b", 100_000, ["a", "whole"]),
      task("c", 90_000, ["b", "iterate"]),
    ),
  )
  expect(countStepEdges(graph)).toBe(100_000 * 100_000 + 90_000)
})

test("unfolded, steps wait for their twins or for all, and the largest task stays folded", () => {
  const graph = taskGraph(
    workflow(
      task("a", 2),
      task("b", 3, ["a", "iterate"]),
      task("c", undefined, ["b", "whole"]),
      task("d", 900, ["c", "whole"]),
    ),
  )
  const { tasks, edges } = unfold(graph, 20)
  expect(tasks.map(({ name, steps }) => `${name} ${steps}`)).toEqual([
    "a.0 1",
    "a.1 1",
    "b.0 1",
    "b.1 1",
    "b.2 1",
    "c null",
    "d 900",
  ])
  expect(edges.map(({ from, to }) => `${tasks[from]?.name} ${tasks[to]?.name}`)).toEqual([
    "a.0 b.0",
    "a.1 b.1",
    "b.0 c",
    "b.1 c",
    "b.2 c",
    "c d",
  ])
})

test("unfolding stops before the lines are too many to see", () => {
  const { tasks } = unfold(taskGraph(workflow(task("a", 40), task("b", 50, ["a", "whole"]))), 100)
  // 40 lines from the steps of "a" to "b" are fine, 2,000 would not be.
  expect(tasks.map(({ name }) => name)).toEqual([
    ...Array.from({ length: 40 }, (_, i) => `a.${i}`),
    "b",
  ])
})

function workflow(...tasks: Task[]): Workflow {
  return { dialect: "execution", name: text("w"), namespace: undefined, tasks }
}

function task(
  name: string | undefined,
  count: number | undefined,
  ...dependencies: [target: string, type: "whole" | "iterate"][]
): Task {
  return {
    offset: 0,
    span,
    name: name === undefined ? undefined : text(name),
    steps: count === undefined ? { kind: "dynamic" } : { kind: "known", count },
    dependencies: dependencies.map(([target, type]) => ({ target: text(target), type, span })),
  }
}

function text(value: string) {
  return { value, span }
}

const span = { start: 0, end: 0 }
