import { expect, test } from "vitest"
import { feedbackEdges, findCycles } from "./cycles.ts"
import { buildGraph, type Graph } from "./graph.ts"
import { topologicalOrder } from "./order.ts"
import { anyGraph } from "./random.fixture.ts"

test("each tangle is told once, by its shortest way back to its first member", () => {
  // 1 → 2 → 3 → 1 with the short cut 2 → 1, 4 only behind it; 6 ⇄ 5 for themselves.
  const graph = buildGraph(7, [0, 1, 2, 3, 2, 3, 6, 5], [1, 2, 3, 1, 1, 4, 5, 6])
  expect(findCycles(graph)).toEqual([
    { members: [1, 2, 3], path: [1, 2], edges: [1, 4] },
    { members: [5, 6], path: [5, 6], edges: [7, 6] },
  ])
})

test("a vertex that depends on itself is no cycle", () => {
  expect(findCycles(buildGraph(2, [0, 0], [0, 1]))).toEqual([])
})

test("the path is a cycle of the graph, and its members are those that lie on one", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const graph = anyGraph(seed)
    const found = findCycles(graph)
    for (const { members, path, edges } of found) {
      expect(path[0]).toBe(members[0])
      expect(edges.length).toBe(path.length)
      edges.forEach((edge, i) => {
        expect(graph.from[edge]).toBe(path[i])
        expect(graph.to[edge]).toBe(path[(i + 1) % path.length])
      })
      expect(new Set(path).size).toBe(path.length)
    }
    const members = found.flatMap((cycle) => cycle.members).sort((a, b) => a - b)
    expect(members).toEqual(onSomeCycle(graph))
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

test("a ring of 20,000 is found whole", () => {
  const size = 20_000
  const from = Array.from({ length: size }, (_, i) => i)
  const ring = buildGraph(
    size,
    from,
    from.map((v) => (v + 1) % size),
  )
  expect(findCycles(ring)[0]?.path.length).toBe(size)
})

/** The slow and obvious way: who reaches themselves over at least two vertices? */
function onSomeCycle(graph: Graph): number[] {
  const reaches = (start: number, goal: number) => {
    const seen = new Set([start])
    for (const v of seen) {
      for (let e = 0; e < graph.from.length; e++) {
        if (graph.from[e] === v) seen.add(graph.to[e] ?? 0)
      }
    }
    return seen.has(goal)
  }
  const vertices = Array.from({ length: graph.size }, (_, v) => v)
  return vertices.filter((v) => vertices.some((w) => w !== v && reaches(v, w) && reaches(w, v)))
}
