import type { Graph } from "./graph.ts"
import type { Rows } from "./rows.ts"
import type { Stations } from "./stations.ts"

/** Line e runs through the points `start[e] … start[e + 1] - 1`. */
export interface Lines {
  readonly start: Int32Array
  readonly x: Float64Array
  readonly y: Float64Array
}

interface Placed {
  /** The edges as the author has them, and with those of cycles turned round. */
  readonly graph: Graph
  readonly forward: Graph
  readonly reversed: Uint8Array
  readonly rows: Rows
  readonly middle: Float64Array
  readonly stations: Stations
  /** The size of each vertex along the direction and across it. */
  readonly along: ArrayLike<number>
  readonly across: ArrayLike<number>
}

/** Lines with x along the direction and y across it. */
export function drawLines(placed: Placed): Lines {
  const { graph, forward, reversed, rows, middle, stations, along, across } = placed
  const edges = graph.from.length
  const start = new Int32Array(edges + 1)
  for (let e = 0; e < edges; e++) start[e + 1] = (start[e] as number) + pointsOf(e)
  const x = new Float64Array(start[edges] as number)
  const y = new Float64Array(start[edges] as number)
  const { entry, exit } = portsOf(placed)
  for (let e = 0; e < edges; e++) {
    const v = forward.from[e] as number
    const w = forward.to[e] as number
    let at = start[e] as number
    if (v === w) {
      drawLoop(at, v)
      continue
    }
    const leave = exit[e] as number
    at = put(at, begin(v) + (along[v] as number), leave)
    if (isShort(v)) at = put(at, stations.end[rows.row[v] as number] as number, leave)
    if (rows.bend[e] !== -1) {
      let bend = rows.bend[e] as number
      for (let r = (rows.row[v] as number) + 1; r < (rows.row[w] as number); r++, bend++) {
        at = put(at, stations.begin[r] as number, middle[bend] as number)
        at = put(at, stations.end[r] as number, middle[bend] as number)
      }
    }
    put(at, begin(w), entry[e] as number)
    if (reversed[e] === 1) turnRound(start[e] as number, start[e + 1] as number)
  }
  return { start, x, y }

  function begin(v: number): number {
    return stations.begin[rows.row[v] as number] as number
  }

  /** Others in its row reach further, so its lines go straight until they are past them. */
  function isShort(v: number): boolean {
    return begin(v) + (along[v] as number) < (stations.end[rows.row[v] as number] as number)
  }

  function pointsOf(e: number): number {
    const v = forward.from[e] as number
    const w = forward.to[e] as number
    if (v === w) return 5
    const span = (rows.row[w] as number) - (rows.row[v] as number)
    return 2 + (isShort(v) ? 1 : 0) + (rows.bend[e] === -1 ? 0 : 2 * (span - 1))
  }

  function put(at: number, a: number, b: number): number {
    x[at] = a
    y[at] = b
    return at + 1
  }

  /** Out at the far end, round the corner, in from the side. */
  function drawLoop(at: number, v: number): void {
    const far = begin(v) + (along[v] as number)
    const side = (middle[v] as number) - (across[v] as number) / 2
    const leave = side + Math.min((across[v] as number) / 2, 14)
    const enter = far - Math.min((along[v] as number) / 2, 18)
    put(at, far, leave)
    put(at + 1, far + loopReach, leave)
    put(at + 2, far + loopReach, side - loopReach)
    put(at + 3, enter, side - loopReach)
    put(at + 4, enter, side)
  }

  function turnRound(from: number, to: number): void {
    x.subarray(from, to).reverse()
    y.subarray(from, to).reverse()
  }
}

const loopReach = 10

/** Where on the sides of its vertices each edge ends: apart where arrows come in, in their order. */
function portsOf({ forward, reversed, rows, middle, across }: Placed) {
  const edges = forward.from.length
  const entry = new Float64Array(edges)
  const exit = new Float64Array(edges)
  const into = ranks(rows, rows.down, rows.real, forward.to)
  const outOf = ranks(rows, rows.up, rows.real, forward.from)
  // Lines leave from one point, unless arrows come in on that side too.
  const arrows = new Uint8Array(rows.real)
  for (let e = 0; e < edges; e++) if (reversed[e] === 1) arrows[forward.from[e] as number] = 1
  for (let e = 0; e < edges; e++) {
    const v = forward.from[e] as number
    const w = forward.to[e] as number
    const spread = arrows[v] === 1
    entry[e] =
      (middle[w] as number) +
      portOffset(into.rank[e] as number, into.count[w] as number, across[w] as number)
    exit[e] =
      (middle[v] as number) +
      (spread
        ? portOffset(outOf.rank[e] as number, outOf.count[v] as number, across[v] as number)
        : 0)
  }
  return { entry, exit }
}

/** The number of each edge among those that end at the same vertex, in the order they arrive. */
function ranks(rows: Rows, side: Rows["up"], real: number, ends: Int32Array) {
  const rank = new Int32Array(ends.length)
  const count = new Int32Array(real)
  const take = (edge: number) => {
    const v = ends[edge] as number
    const next = count[v] as number
    rank[edge] = next
    count[v] = next + 1
  }
  for (const v of rows.slots) {
    for (let k = side.start[v] as number; k < (side.start[v + 1] as number); k++) {
      if ((side.node[k] as number) < real)
        take(rows.edgeOfSegment[side.edge[k] as number] as number)
    }
  }
  for (let e = 0; e < ends.length; e++) if (rows.loose[e] === 1) take(e)
  return { rank, count }
}

/** Arrows stand 18 px apart, further on a large side, nearer only where there is no room for that. */
function portOffset(rank: number, count: number, breadth: number): number {
  if (count < 2) return 0
  const room = Math.max(0, breadth - 16) / (count - 1)
  const step = Math.min(room, Math.max(18, Math.min(44, breadth / (count + 1))))
  return (rank - (count - 1) / 2) * step
}
