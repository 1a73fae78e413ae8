import { type Before, orderAsBefore, type Stood, wishesOf } from "./before.ts"
import { placeAsWished, placeInRows } from "./coordinates.ts"
import { feedbackEdges } from "./cycles.ts"
import { adjacency, type Graph } from "./graph.ts"
import { layering } from "./layering.ts"
import { orderRows } from "./ordering.ts"
import { keepBoxes, packBoxes } from "./packing.ts"
import { type Ports, portsOf } from "./ports.ts"
import { drawLines, type Lines } from "./routing.ts"
import { buildRows, type Rows } from "./rows.ts"
import { boxesOf, moveParts, type Stations, stationsOf } from "./stations.ts"

export interface LayoutInput {
  readonly graph: Graph
  /** The size of each vertex as it will be drawn. */
  readonly width: ArrayLike<number>
  readonly height: ArrayLike<number>
  readonly direction: Direction
  /** Where more time may make a better picture, how much (1: about 50 ms at 10,000 vertices). */
  readonly effort?: number
  /** The picture that is looked at now, laid out in the same direction. */
  readonly before?: Before
  /** What stays of it: places, but for the layers that changed (usual), or only who is beside whom. */
  readonly keeps?: "places" | "order"
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
  const shape = shapeOf(input)
  const { before } = input
  if (before === undefined || isMostlyNew(before)) return drawn(shape, freshly(shape))
  const stood = stoodOf(shape, before)
  if (input.keeps === "order") return drawn(shape, inOrder(shape, stood))
  const kept = inPlace(shape, stood)
  if (kept === undefined) return drawn(shape, freshly(shape))
  if (kept.rows.size > mostCompared) return drawn(shape, kept)
  // What only ever grows by edits gets worse; a picture that is much better is worth the change.
  const rough = freshly({ ...shape, effort: shape.effort / 10 })
  const isWorse =
    kept.crossings > 1.5 * rough.crossings + 4 ||
    kept.width * kept.height > 1.6 * rough.width * rough.height
  return drawn(shape, isWorse ? freshly(shape) : kept)
}

function isMostlyNew({ x }: Before): boolean {
  let known = 0
  for (let v = 0; v < x.length; v++) if (!Number.isNaN(x[v])) known++
  return 2 * known < x.length
}

/** The input as the layout sees it: along the direction and across it, without cycles. */
interface Shape {
  readonly graph: Graph
  readonly direction: Direction
  readonly effort: number
  readonly along: ArrayLike<number>
  readonly across: ArrayLike<number>
  readonly reversed: Uint8Array
  readonly forward: Graph
  readonly layer: Int32Array
}

function shapeOf({ graph, width, height, direction, effort = 1 }: LayoutInput): Shape {
  const [along, across] = direction === "right" ? [width, height] : [height, width]
  const reversed = feedbackEdges(graph)
  const forward = withoutCycles(graph, reversed)
  return { graph, direction, effort, along, across, reversed, forward, layer: layering(forward) }
}

/** Everything has its place, in the picture's own measure: width along the direction. */
interface Arranged {
  readonly rows: Rows
  readonly ports: Ports
  readonly middle: Float64Array
  readonly stations: Stations
  readonly crossings: number
  readonly width: number
  readonly height: number
}

function freshly(shape: Shape): Arranged {
  const rows = buildRows(shape.forward, shape.layer)
  return placed(shape, rows, orderRows(rows, shape.effort * orderingWork))
}

/** As things stood beside each other; how far apart is found anew. */
function inOrder(shape: Shape, stood: Stood): Arranged {
  const rows = buildRows(shape.forward, shape.layer)
  const wishes = wishesOf(rows, shape.forward, stood, spacing.betweenParts)
  return placed(shape, rows, orderAsBefore(rows, wishes))
}

function placed(shape: Shape, rows: Rows, crossings: number): Arranged {
  const { forward, reversed, along, across, effort, direction } = shape
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
  const [width, height] =
    direction === "right" ? [packing.width, packing.height] : [packing.height, packing.width]
  return { rows, ports, middle, stations, crossings, width, height }
}

/** As things stood, but for the rows that changed; undefined where there are too many parts for it. */
function inPlace(shape: Shape, stood: Stood): Arranged | undefined {
  const { forward, reversed, along, across } = shape
  const rows = buildRows(forward, shape.layer)
  const wishes = wishesOf(rows, forward, stood, spacing.betweenParts)
  const crossings = orderAsBefore(rows, wishes)
  const ports = portsOf(rows, forward, reversed, across)
  const middle = placeAsWished(rows, wishes, ports.shift, across, spacing)
  const gap = spacing.betweenLayers
  const stations = stationsOf(rows, along, middle, gap, wishes.rowBegin)
  const boxes = boxesOf(rows, across, middle, stations)
  const isOld = partsWith(rows, (v) => wishes.free[v] === 0)
  const shift = keepBoxes(boxes, isOld, spacing.betweenParts)
  if (shift === undefined) return undefined
  moveParts(rows, shift, boxes.low, middle, stations)
  return { rows, ports, middle, stations, crossings, width: shift.width, height: shift.height }
}

/** 1 for each part that holds a vertex of which this is so. */
function partsWith({ part, start, slots, real }: Rows, isSo: (v: number) => boolean): Uint8Array {
  const marks = new Uint8Array(part.length - 1)
  for (let p = 0; p < marks.length; p++) {
    const end = start[part[p + 1] as number] as number
    for (let i = start[part[p] as number] as number; i < end && marks[p] === 0; i++) {
      const v = slots[i] as number
      if (v < real && isSo(v)) marks[p] = 1
    }
  }
  return marks
}

function stoodOf({ direction, across }: Shape, { x, y, edge, lines }: Before): Stood {
  const [begin, side] = direction === "right" ? [x, y] : [y, x]
  return {
    begin,
    middle: Float64Array.from(side, (at, v) => at + (across[v] as number) / 2),
    edge,
    lines: direction === "right" ? lines : { start: lines.start, x: lines.y, y: lines.x },
  }
}

function drawn(shape: Shape, arranged: Arranged): Layout {
  const { graph, forward, reversed, along, across, direction } = shape
  const { rows, ports, middle, stations, crossings, width, height } = arranged
  const a = new Float64Array(graph.size)
  const b = new Float64Array(graph.size)
  const layer = new Int32Array(graph.size)
  for (let p = 0; p + 1 < rows.part.length; p++) {
    const first = rows.part[p] as number
    const end = rows.start[rows.part[p + 1] as number] as number
    for (let i = rows.start[first] as number; i < end; i++) {
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
  if (direction === "right") return { x: a, y: b, width, height, layer, lines, reversed, crossings }
  const swapped = { start: lines.start, x: lines.y, y: lines.x }
  return {
    x: b,
    y: a,
    width: height,
    height: width,
    layer,
    lines: swapped,
    reversed,
    crossings,
  }
}

/** A graph with more rows' places than this is not laid out twice to see which picture is better. */
const mostCompared = 4000
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
