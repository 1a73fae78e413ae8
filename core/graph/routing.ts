import type { Graph } from "./graph.ts"
import type { Ports } from "./ports.ts"
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
  readonly ports: Ports
  readonly middle: Float64Array
  readonly stations: Stations
  /** The size of each vertex along the direction and across it. */
  readonly along: ArrayLike<number>
  readonly across: ArrayLike<number>
}

/** Lines with x along the direction and y across it. */
export function drawLines(placed: Placed): Lines {
  const { graph, forward, reversed, rows, ports, middle, stations, along, across } = placed
  const edges = graph.from.length
  const start = new Int32Array(edges + 1)
  for (let e = 0; e < edges; e++) start[e + 1] = (start[e] as number) + pointsOf(e)
  const x = new Float64Array(start[edges] as number)
  const y = new Float64Array(start[edges] as number)
  for (let e = 0; e < edges; e++) {
    const v = forward.from[e] as number
    const w = forward.to[e] as number
    let at = start[e] as number
    if (v === w) {
      drawLoop(at, v)
      continue
    }
    const leave = (middle[v] as number) + (ports.exit[e] as number)
    at = put(at, begin(v) + (along[v] as number), leave)
    if (isShort(v)) at = put(at, stations.end[rows.row[v] as number] as number, leave)
    if (rows.bend[e] !== -1) {
      let bend = rows.bend[e] as number
      for (let r = (rows.row[v] as number) + 1; r < (rows.row[w] as number); r++, bend++) {
        at = put(at, stations.begin[r] as number, middle[bend] as number)
        at = put(at, stations.end[r] as number, middle[bend] as number)
      }
    }
    put(at, begin(w), (middle[w] as number) + (ports.entry[e] as number))
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
