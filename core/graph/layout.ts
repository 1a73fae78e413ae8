import { placeInRows } from "./coordinates.ts"
import { feedbackEdges } from "./cycles.ts"
import { adjacency, type Graph } from "./graph.ts"
import { layering } from "./layering.ts"
import { orderRows } from "./ordering.ts"
import { packBoxes } from "./packing.ts"
import { portsOf } from "./ports.ts"
import { drawLines, type Lines } from "./routing.ts"
import { buildRows, type Rows } from "./rows.ts"
import { boxesOf, moveParts, stationsOf } from "./stations.ts"

export interface LayoutInput {
  readonly graph: Graph
  /** The size of each vertex as it will be drawn. */
  readonly width: ArrayLike<number>
  readonly height: ArrayLike<number>
  readonly direction: Direction
  /** Where more time may make a better picture, how much (1: about 50 ms at 10,000 vertices). */
  readonly effort?: number
}

/** The way the edges lead. */
export type Direction = "right" | "down"

export interface Layout {
  /** The upper left corner of each vertex; the picture begins at 0, 0. */
  readonly x: Float64Array
  readonly y: Float64Array
  readonly width: number
  readonly height: number
  /** The place of each vertex along the direction: an edge that is not reversed leads to a larger one. */
  readonly layer: Int32Array
  /** The line of each edge, from the side of its first vertex to the side of its second. */
  readonly lines: Lines
  /** 1 for edges of a cycle that had to be laid out against the direction, and for self-loops. */
  readonly reversed: Uint8Array
  /** How often lines cross between neighbouring layers. */
  readonly crossings: number
}

/**
 * Lays out any directed graph in layers; the same input gives the same picture, on every machine.
 * Connected parts are laid out for themselves and packed side by side.
 */
export function layout(input: LayoutInput): Layout {
  const { graph, direction, effort = 1 } = input
  const along = direction === "right" ? input.width : input.height
  const across = direction === "right" ? input.height : input.width
  const reversed = feedbackEdges(graph)
  const forward = withoutCycles(graph, reversed)
  const rows = buildRows(forward, layering(forward))
  const crossings = orderRows(rows, effort * orderingWork)
  const ports = portsOf(rows, forward, reversed, across)
  const middle = placeInRows(rows, ports.shift, across, spacing, passesFor(rows, effort))
  const stations = stationsOf(rows, along, middle, spacing.betweenLayers)
  const boxes = boxesOf(rows, across, middle, stations)
  const packing =
    direction === "right"
      ? packBoxes(boxes.along, boxes.across, spacing.betweenParts, aspect)
      : packBoxes(boxes.across, boxes.along, spacing.betweenParts, aspect)
  const shift =
    direction === "right"
      ? { along: packing.x, across: packing.y }
      : { along: packing.y, across: packing.x }
  moveParts(rows, shift, boxes.low, middle, stations)

  const a = new Float64Array(graph.size)
  const b = new Float64Array(graph.size)
  const layer = new Int32Array(graph.size)
  for (let p = 0; p + 1 < rows.part.length; p++) {
    const first = rows.part[p] as number
    for (
      let i = rows.start[first] as number;
      i < (rows.start[rows.part[p + 1] as number] as number);
      i++
    ) {
      const v = rows.slots[i] as number
      if (v >= graph.size) continue
      layer[v] = (rows.row[v] as number) - first
      a[v] = stations.begin[rows.row[v] as number] as number
      b[v] = (middle[v] as number) - (across[v] as number) / 2
    }
  }
  const lines = drawLines({
    graph,
    forward,
    reversed,
    rows,
    ports,
    middle,
    stations,
    along,
    across,
  })
  const { width, height } = packing
  if (direction === "right") return { x: a, y: b, width, height, layer, lines, reversed, crossings }
  const swapped = { start: lines.start, x: lines.y, y: lines.x }
  return { x: b, y: a, width, height, layer, lines: swapped, reversed, crossings }
}

const orderingWork = 4_000_000
const placingWork = 600_000
const aspect = 1.6
const spacing = { betweenNodes: 24, besideEdge: 14, betweenLayers: 36, betweenParts: 40 }

/** Large graphs get few passes: their rows are so full that little can move. */
function passesFor(rows: Rows, effort: number): number {
  const cost = rows.size + rows.down.node.length
  return Math.max(2, Math.min(16, Math.round((effort * placingWork) / (8 * cost))))
}

/** The same edges with those of cycles turned round; a self-loop is left out of the adjacency. */
function withoutCycles(graph: Graph, reversed: Uint8Array): Graph {
  const from = graph.from.slice()
  const to = graph.to.slice()
  const edges: number[] = []
  for (let e = 0; e < from.length; e++) {
    if (from[e] !== to[e]) edges.push(e)
    if (reversed[e] === 0) continue
    from[e] = graph.to[e] as number
    to[e] = graph.from[e] as number
  }
  const tails = Int32Array.from(edges, (e) => from[e] as number)
  const heads = Int32Array.from(edges, (e) => to[e] as number)
  return {
    size: graph.size,
    from,
    to,
    out: adjacency(graph.size, tails, heads),
    in: adjacency(graph.size, heads, tails),
  }
}
