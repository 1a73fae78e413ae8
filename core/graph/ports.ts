import type { Graph } from "./graph.ts"
import type { Rows } from "./rows.ts"

/** Where each edge ends on the sides of its vertices, counted from their middle. */
export interface Ports {
  readonly exit: Float64Array
  readonly entry: Float64Array
  /** For each segment: how much further than its upper vertex its lower one stands when it is straight. */
  readonly shift: Float64Array
}

/** Arrows come in apart, in the order of where they come from; lines leave from one point. */
export function portsOf(
  rows: Rows,
  forward: Graph,
  reversed: Uint8Array,
  breadth: ArrayLike<number>,
): Ports {
  const edges = forward.from.length
  const entry = new Float64Array(edges)
  const exit = new Float64Array(edges)
  const into = ranks(rows, rows.down, forward.to)
  const outOf = ranks(rows, rows.up, forward.from)
  // Where an edge of a cycle comes back, arrows come in on the side where lines leave.
  const arrows = new Uint8Array(rows.real)
  for (let e = 0; e < edges; e++) if (reversed[e] === 1) arrows[forward.from[e] as number] = 1
  for (let e = 0; e < edges; e++) {
    const v = forward.from[e] as number
    const w = forward.to[e] as number
    if (v === w) continue
    entry[e] = offset(into.rank[e] as number, into.count[w] as number, breadth[w] as number)
    if (arrows[v] === 0) continue
    exit[e] = offset(outOf.rank[e] as number, outOf.count[v] as number, breadth[v] as number)
  }
  return { exit, entry, shift: shiftsOf(rows, exit, entry) }
}

function shiftsOf(
  { size, real, down, edgeOfSegment }: Rows,
  exit: Float64Array,
  entry: Float64Array,
) {
  const shift = new Float64Array(edgeOfSegment.length)
  for (let v = 0; v < size; v++) {
    for (let k = down.start[v] as number; k < (down.start[v + 1] as number); k++) {
      const segment = down.edge[k] as number
      const edge = edgeOfSegment[segment] as number
      shift[segment] =
        (v < real ? (exit[edge] as number) : 0) -
        ((down.node[k] as number) < real ? (entry[edge] as number) : 0)
    }
  }
  return shift
}

/** The number of each edge among those that end at the same vertex, in the order they arrive. */
function ranks(rows: Rows, side: Rows["up"], ends: Int32Array) {
  const rank = new Int32Array(ends.length)
  const count = new Int32Array(rows.real)
  const take = (edge: number) => {
    const v = ends[edge] as number
    const next = count[v] as number
    rank[edge] = next
    count[v] = next + 1
  }
  for (const v of rows.slots) {
    for (let k = side.start[v] as number; k < (side.start[v + 1] as number); k++) {
      if ((side.node[k] as number) < rows.real)
        take(rows.edgeOfSegment[side.edge[k] as number] as number)
    }
  }
  for (let e = 0; e < ends.length; e++) if (rows.loose[e] === 1) take(e)
  return { rank, count }
}

/** Arrows stand 18 px apart, further on a large side, nearer only where there is no room for that. */
function offset(rank: number, count: number, breadth: number): number {
  if (count < 2) return 0
  const room = Math.max(0, breadth - 10) / (count - 1)
  const step = Math.min(room, Math.max(18, Math.min(44, breadth / (count + 1))))
  return (rank - (count - 1) / 2) * step
}
