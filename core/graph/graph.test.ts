import { expect, test } from "vitest"
import { buildGraph } from "./graph.ts"

test("neighbours stand in the order of their edges, on both sides", () => {
  const graph = buildGraph(4, [0, 0, 2, 0], [3, 1, 1, 1])
  const around = (side: "out" | "in", v: number) => {
    const { start, node, edge } = graph[side]
    const range = [start[v], start[v + 1]]
    return [Array.from(node.slice(...range)), Array.from(edge.slice(...range))]
  }
  expect(around("out", 0)).toEqual([
    [3, 1, 1],
    [0, 1, 3],
  ])
  expect(around("in", 1)).toEqual([
    [0, 2, 0],
    [1, 2, 3],
  ])
  expect(around("out", 3)).toEqual([[], []])
})

test("a graph may be empty", () => {
  expect(Array.from(buildGraph(0, [], []).out.start)).toEqual([0])
})
