import { expect, test } from "vitest"
import { buildGraph, type Graph } from "./graph.ts"
import { type Direction, type Layout, layout } from "./layout.ts"
import { anyGraph, genomicGraph, layeredGraph } from "./random.fixture.ts"
import { randomNumbers } from "./randomNumbers.ts"

test("nodes do not overlap, the picture holds all of them, edges lead on", () => {
  for (let seed = 1; seed <= 400; seed++) {
    const { graph, width, height, direction } = anyInput(seed)
    const result = layout({ graph, width, height, direction })
    expectNoOverlap(graph, result, width, height)
    for (let e = 0; e < graph.from.length; e++)
      expectEdge(graph, result, width, height, direction, e)
  }
})

test("the same input gives the same picture", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const input = anyInput(seed)
    expect(layout(input)).toEqual(layout(input))
  }
  const input = sized(layeredGraph(1000))
  expect(layout(input)).toEqual(layout(input))
})

test("top down is left to right, turned", () => {
  const graph = genomicGraph(60)
  const right = layout({ ...sized(graph), direction: "right" })
  const down = layout({
    ...sized(graph),
    width: sized(graph).height,
    height: sized(graph).width,
    direction: "down",
  })
  expect(down.x).toEqual(right.y)
  expect(down.y).toEqual(right.x)
  expect(down.lines.x).toEqual(right.lines.y)
  expect([down.width, down.height]).toEqual([right.height, right.width])
})

test("a chain is a straight line, however long", () => {
  const size = 20_000
  const from = Array.from({ length: size - 1 }, (_, i) => i)
  const chain = buildGraph(
    size,
    from,
    from.map((v) => v + 1),
  )
  const { y, crossings, lines } = layout(sized(chain))
  expect(new Set(y).size).toBe(1)
  expect(new Set(lines.y).size).toBe(1)
  expect(crossings).toBe(0)
})

test("a line past many layers is straight", () => {
  const from = [0, 1, 2, 3, 4, 5, 6, 7, 0]
  const to = [1, 2, 3, 4, 5, 6, 7, 8, 8]
  const { lines } = layout(sized(buildGraph(9, from, to)))
  const bends = lines.y.slice((lines.start[8] ?? 0) + 1, (lines.start[9] ?? 0) - 1)
  expect(bends.length).toBe(14)
  for (const y of bends) expect(y).toBeCloseTo(bends[0] ?? 0, 6)
})

test("a chain where each also leads to the last does not drown in bends", () => {
  const size = 5_000
  const from: number[] = []
  const to: number[] = []
  for (let v = 0; v + 1 < size; v++) {
    from.push(v, v)
    to.push(v + 1, size - 1)
  }
  const { lines } = layout(sized(buildGraph(size, from, to)))
  expect(lines.x.length).toBeLessThan(50 * size)
})

test("10,000 nodes without any edge are packed into a screen's shape", () => {
  const { width, height } = layout(sized(buildGraph(10_000, [], [])))
  expect(width / height).toBeGreaterThan(1)
  expect(width / height).toBeLessThan(2.5)
})

test("arrows into one node keep 18 px apart while there is room, and come in without crossing", () => {
  const parents = [0, 1, 2]
  const graph = buildGraph(
    4,
    parents,
    parents.map(() => 3),
  )
  const roomy = layout({ ...sized(graph), height: [48, 48, 48, 60] })
  const entries = parents.map((e) => roomy.lines.y[(roomy.lines.start[e + 1] ?? 0) - 1] ?? 0)
  const byParent = parents.toSorted((a, b) => (roomy.y[a] ?? 0) - (roomy.y[b] ?? 0))
  const sorted = byParent.map((e) => entries[e] ?? 0)
  expect((sorted[1] ?? 0) - (sorted[0] ?? 0)).toBeGreaterThanOrEqual(18)
  expect((sorted[2] ?? 0) - (sorted[1] ?? 0)).toBeGreaterThanOrEqual(18)
})

test("an edge of a cycle is laid out backwards and marked", () => {
  const result = layout(sized(buildGraph(3, [0, 1, 2], [1, 2, 0])))
  expect(Array.from(result.reversed)).toEqual([0, 0, 1])
  expect(Array.from(result.layer)).toEqual([0, 1, 2])
  const first = result.lines.start[2] ?? 0
  const last = (result.lines.start[3] ?? 0) - 1
  expect(result.lines.x[first]).toBe(result.x[2])
  expect(result.lines.x[last]).toBe((result.x[0] ?? 0) + 100)
})

test("trees are drawn without crossings", () => {
  const random = randomNumbers(7)
  const size = 300
  const to = Array.from({ length: size - 1 }, (_, i) => i + 1)
  const tree = buildGraph(
    size,
    to.map((v) => Math.floor(random() * v)),
    to,
  )
  expect(layout(sized(tree)).crossings).toBe(0)
  expect(layout(sized(genomicGraph(1000))).crossings).toBe(0)
})

test("more effort never makes more crossings, and a large graph gets few", () => {
  const graph = layeredGraph(1000)
  const quick = layout({ ...sized(graph), effort: 0.05 }).crossings
  const usual = layout(sized(graph)).crossings
  expect(usual).toBeLessThanOrEqual(quick)
  // Graphviz dot draws this graph with 7297.
  expect(usual).toBeLessThan(7297)
})

function sized(graph: Graph) {
  return {
    graph,
    width: new Float64Array(graph.size).fill(100),
    height: new Float64Array(graph.size).fill(40),
    direction: "right" as const,
  }
}

function anyInput(seed: number) {
  const graph = anyGraph(seed)
  const random = randomNumbers(seed + 1000)
  const width = Float64Array.from({ length: graph.size }, () => Math.round(20 + random() * 180))
  const height = Float64Array.from({ length: graph.size }, () => Math.round(20 + random() * 100))
  return {
    graph,
    width,
    height,
    direction: seed % 2 === 0 ? ("right" as const) : ("down" as const),
  }
}

function expectNoOverlap(
  graph: Graph,
  { x, y, ...all }: Layout,
  width: Float64Array,
  height: Float64Array,
) {
  const box = (v: number) => {
    const left = x[v] ?? Number.NaN
    const top = y[v] ?? Number.NaN
    return { left, top, right: left + (width[v] ?? 0), bottom: top + (height[v] ?? 0) }
  }
  const gap = 20
  for (let v = 0; v < graph.size; v++) {
    const a = box(v)
    expect(Math.min(a.left, a.top)).toBeGreaterThan(-slack)
    expect(a.right).toBeLessThan(all.width + slack)
    expect(a.bottom).toBeLessThan(all.height + slack)
    for (let w = 0; w < v; w++) {
      const b = box(w)
      const apart =
        a.right + gap <= b.left + slack ||
        b.right + gap <= a.left + slack ||
        a.bottom + gap <= b.top + slack ||
        b.bottom + gap <= a.top + slack
      expect(apart).toBe(true)
    }
  }
}

/** The line of an edge touches both its nodes and never runs backwards, the turned ones aside. */
function expectEdge(
  graph: Graph,
  result: Layout,
  width: Float64Array,
  height: Float64Array,
  direction: Direction,
  edge: number,
) {
  const { lines, reversed, layer } = result
  const v = graph.from[edge] ?? 0
  const w = graph.to[edge] ?? 0
  const first = lines.start[edge] ?? 0
  const last = (lines.start[edge + 1] ?? 0) - 1
  for (const [point, node] of [
    [first, v],
    [last, w],
  ] as const) {
    const dx = (lines.x[point] ?? 0) - (result.x[node] ?? 0)
    const dy = (lines.y[point] ?? 0) - (result.y[node] ?? 0)
    expect(dx).toBeGreaterThan(-slack)
    expect(dx).toBeLessThan((width[node] ?? 0) + slack)
    expect(dy).toBeGreaterThan(-slack)
    expect(dy).toBeLessThan((height[node] ?? 0) + slack)
  }
  if (v === w) {
    expect(reversed[edge]).toBe(1)
    return
  }
  const sign = reversed[edge] === 1 ? -1 : 1
  expect(sign * ((layer[w] ?? 0) - (layer[v] ?? 0))).toBeGreaterThan(0)
  const along = direction === "right" ? lines.x : lines.y
  for (let k = first; k < last; k++) {
    expect(sign * ((along[k + 1] ?? 0) - (along[k] ?? 0))).toBeGreaterThanOrEqual(-slack)
  }
}

const slack = 1e-6
