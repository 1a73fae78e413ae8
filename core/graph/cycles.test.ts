import { expect, test } from "vitest"
import { feedbackEdges, stronglyConnected } from "./cycles.ts"
import { buildGraph, type Graph } from "./graph.ts"
import { topologicalOrder } from "./order.ts"
import { anyGraph } from "./random.fixture.ts"

test("vertices are in one group when each leads to the other", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const graph = anyGraph(seed)
    const { component, count } = stronglyConnected(graph)
    const reached = Array.from({ length: graph.size }, (_, v) => reachedFrom(graph, v))
    for (const [v, fromV] of reached.entries()) {
      for (const [w, fromW] of reached.entries()) {
        expect(component[v] === component[w]).toBe(fromV.has(w) && fromW.has(v))
        // A group has a smaller number than every group that leads to it.
        if (fromV.has(w)) expect(component[w]).toBeLessThanOrEqual(component[v] ?? -1)
      }
    }
    expect(new Set(component).size).toBe(count)
  }
})

test("without its feedback edges a graph has no cycle; one without cycles keeps all edges", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const graph = anyGraph(seed)
    const marked = feedbackEdges(graph)
    const kept = Array.from(graph.from.keys()).filter((e) => marked[e] === 0)
    const rest = buildGraph(
      graph.size,
      kept.map((e) => graph.from[e] ?? 0),
      kept.map((e) => graph.to[e] ?? 0),
    )
    expect(topologicalOrder(rest).sequence.length).toBe(graph.size)
    if (topologicalOrder(graph).sequence.length === graph.size) {
      expect(kept.length).toBe(graph.from.length)
    }
  }
})

test("a loop is cut where it comes back, not where it is entered", () => {
  // 3 leads into the loop 2 → 1 → 0 → 2 at 2.
  expect(Array.from(feedbackEdges(buildGraph(4, [2, 1, 0, 3], [1, 0, 2, 2])))).toEqual([0, 0, 1, 0])
})

test("a ring of 20,000 is one group", () => {
  const size = 20_000
  const from = Array.from({ length: size }, (_, i) => i)
  const ring = buildGraph(
    size,
    from,
    from.map((v) => (v + 1) % size),
  )
  expect(stronglyConnected(ring).count).toBe(1)
})

/** The slow and obvious way. */
function reachedFrom(graph: Graph, start: number): ReadonlySet<number> {
  const seen = new Set([start])
  for (const v of seen) {
    for (let e = 0; e < graph.from.length; e++) {
      if (graph.from[e] === v) seen.add(graph.to[e] ?? 0)
    }
  }
  return seen
}
