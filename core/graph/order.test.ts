import { expect, test } from "vitest"
import { buildGraph } from "./graph.ts"
import { topologicalOrder } from "./order.ts"

test("every vertex comes after all it depends on, at the length of its longest way", () => {
  const { sequence, layer, layers } = topologicalOrder(
    buildGraph(5, [4, 4, 3, 2, 4], [3, 2, 1, 1, 1]),
  )
  expect(Array.from(sequence)).toEqual([0, 4, 3, 2, 1])
  expect(Array.from(layer)).toEqual([0, 2, 1, 1, 0])
  expect(layers).toBe(3)
})

test("what is on a cycle or behind one is left out", () => {
  const { sequence, layer } = topologicalOrder(buildGraph(5, [0, 1, 2, 2, 3], [1, 2, 1, 3, 4]))
  expect(Array.from(sequence)).toEqual([0])
  expect(Array.from(layer)).toEqual([0, 0, 0, 0, 0])
})

test("a chain of 20,000 has 20,000 layers", () => {
  const size = 20_000
  const from = Array.from({ length: size - 1 }, (_, i) => i)
  expect(
    topologicalOrder(
      buildGraph(
        size,
        from,
        from.map((v) => v + 1),
      ),
    ).layers,
  ).toBe(size)
})
