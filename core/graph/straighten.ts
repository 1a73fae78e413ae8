import type { Adjacency } from "./graph.ts"
import type { Rows } from "./rows.ts"

/**
 * Makes lines straight that are nearly so. Vertices that are each other's closest neighbour form
 * strings; a string stands in one line where those beside it leave room, or in a few pieces.
 */
export function straighten(
  rows: Rows,
  shift: Float64Array,
  offset: Float64Array,
  middle: Float64Array,
): void {
  const { size, start, slots, row, place } = rows
  const next = closest(rows, rows.down, shift, middle, 1)
  const previous = closest(rows, rows.up, shift, middle, -1)
  const string: number[] = []
  const bends: number[] = []

  /** How far a vertex may go before it pushes the one before it in its row, and the one after it. */
  const lowest = (v: number): number => {
    const i = (start[row[v] as number] as number) + (place[v] as number)
    if (place[v] === 0) return Number.NEGATIVE_INFINITY
    const gap = (offset[i] as number) - (offset[i - 1] as number)
    return (middle[slots[i - 1] as number] as number) + gap
  }
  const highest = (v: number): number => {
    const i = (start[row[v] as number] as number) + (place[v] as number)
    if (i + 1 === start[(row[v] as number) + 1]) return Number.POSITIVE_INFINITY
    const gap = (offset[i + 1] as number) - (offset[i] as number)
    return (middle[slots[i + 1] as number] as number) - gap
  }

  /** Puts string[from … to - 1] in one line, as near as it can be to where they stand now. */
  const align = (from: number, to: number, low: number, high: number): void => {
    let wish = 0
    for (let i = from; i < to; i++)
      wish += (middle[string[i] as number] as number) - (bends[i] as number)
    wish = Math.max(low, Math.min(high, wish / (to - from)))
    for (let i = from; i < to; i++) middle[string[i] as number] = wish + (bends[i] as number)
  }

  for (let first = 0; first < size; first++) {
    if (isMutual(previous, next, first)) continue
    string.length = 0
    bends.length = 0
    let bend = 0
    for (let v = first; ; ) {
      string.push(v)
      bends.push(bend)
      const k = next[v] as number
      if (k === -1) break
      const w = rows.down.node[k] as number
      // The closest of w may be another vertex than v.
      const back = previous[w] as number
      if (back === -1 || rows.up.edge[back] !== rows.down.edge[k]) break
      bend += shift[rows.down.edge[k] as number] as number
      v = w
    }
    if (string.length === 1) continue
    let from = 0
    let low = Number.NEGATIVE_INFINITY
    let high = Number.POSITIVE_INFINITY
    for (let i = 0; i < string.length; i++) {
      const v = string[i] as number
      const ownLow = lowest(v) - (bends[i] as number)
      const ownHigh = highest(v) - (bends[i] as number)
      if (Math.max(low, ownLow) > Math.min(high, ownHigh)) {
        align(from, i, low, high)
        from = i
        low = ownLow
        high = ownHigh
      } else {
        low = Math.max(low, ownLow)
        high = Math.min(high, ownHigh)
      }
    }
    align(from, string.length, low, high)
  }

  function isMutual(previous: Int32Array, next: Int32Array, w: number): boolean {
    const k = previous[w] as number
    if (k === -1) return false
    const back = next[rows.up.node[k] as number] as number
    return back !== -1 && rows.down.edge[back] === rows.up.edge[k]
  }
}

/** For each vertex the place in `side` of its closest neighbour there, bends before others; or -1. */
function closest(
  { size, real }: Rows,
  side: Adjacency,
  shift: Float64Array,
  middle: Float64Array,
  sign: 1 | -1,
): Int32Array {
  const found = new Int32Array(size).fill(-1)
  for (let v = 0; v < size; v++) {
    let least = Number.POSITIVE_INFINITY
    for (let k = side.start[v] as number; k < (side.start[v + 1] as number); k++) {
      const w = side.node[k] as number
      const further = sign * (shift[side.edge[k] as number] as number)
      const distance = Math.abs((middle[w] as number) - (middle[v] as number) - further)
      // A bend is only ever there for one edge, and a kink in a long line shows most.
      const cost = v >= real && w >= real ? -1 : distance
      if (cost < least) {
        least = cost
        found[v] = k
      }
    }
  }
  return found
}
