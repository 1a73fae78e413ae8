import { expect, test } from "vitest"
import { crossingCounter } from "./crossings.ts"
import { buildGraph, type Graph } from "./graph.ts"
import { layering } from "./layering.ts"
import { orderRows } from "./ordering.ts"
import { anyGraph } from "./random.fixture.ts"
import { buildRows, type Rows } from "./rows.ts"
import { sifter } from "./sifting.ts"

test("crossings are as many as comparing all pairs finds", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const rows = buildRows(...layered(seed))
    expect(countWith(rows)).toBe(byAllPairs(rows))
  }
})

test("sifting never makes more crossings", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const rows = buildRows(...layered(seed))
    const before = byAllPairs(rows)
    for (let p = 0; p + 1 < rows.part.length; p++) {
      sifter(rows)(rows.part[p] ?? 0, (rows.part[p + 1] ?? 0) - 1, Number.POSITIVE_INFINITY)
    }
    expect(byAllPairs(rows)).toBeLessThanOrEqual(before)
    expectWhole(rows)
  }
})

test("the order found has the crossings it answers, whatever the effort", () => {
  for (let seed = 1; seed <= 100; seed++) {
    for (const effort of [0, 500, 100_000]) {
      const rows = buildRows(...layered(seed))
      expect(orderRows(rows, effort)).toBe(byAllPairs(rows))
      expectWhole(rows)
    }
  }
})

function layered(seed: number): [Graph, Int32Array] {
  const { size, from, to } = anyGraph(seed)
  const edges = Array.from(from.keys()).filter((e) => from[e] !== to[e])
  const graph = buildGraph(
    size,
    edges.map((e) => Math.min(from[e] ?? 0, to[e] ?? 0)),
    edges.map((e) => Math.max(from[e] ?? 0, to[e] ?? 0)),
  )
  return [graph, layering(graph)]
}

function countWith(rows: Rows): number {
  const count = crossingCounter(rows)
  let crossings = 0
  for (let p = 0; p + 1 < rows.part.length; p++) {
    for (let r = rows.part[p] ?? 0; r + 1 < (rows.part[p + 1] ?? 0); r++) crossings += count(r)
  }
  return crossings
}

function byAllPairs({ size, row, place, down }: Rows): number {
  const segments: [row: number, upper: number, lower: number][] = []
  for (let v = 0; v < size; v++) {
    for (let k = down.start[v] ?? 0; k < (down.start[v + 1] ?? 0); k++) {
      segments.push([row[v] ?? 0, place[v] ?? 0, place[down.node[k] ?? 0] ?? 0])
    }
  }
  let crossings = 0
  segments.forEach(([r, a, b], i) => {
    for (const [s, c, d] of segments.slice(0, i)) if (r === s && (a - c) * (b - d) < 0) crossings++
  })
  return crossings
}

/** Every vertex still stands once, in its own row, at the place it is said to have. */
function expectWhole({ size, row, start, slots, place }: Rows): void {
  expect(new Set(slots).size).toBe(size)
  for (let v = 0; v < size; v++) expect(slots[(start[row[v] ?? 0] ?? 0) + (place[v] ?? 0)]).toBe(v)
}
