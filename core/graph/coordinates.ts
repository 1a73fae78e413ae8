import type { Wishes } from "./before.ts"
import type { Adjacency } from "./graph.ts"
import type { Rows } from "./rows.ts"
import { straighten } from "./straighten.ts"

/** How much room is left beside things in one row. */
export interface RowGaps {
  readonly betweenNodes: number
  /** On both sides of an edge that passes the row. */
  readonly besideEdge: number
}

/**
 * The middle of every vertex across the rows, in the order of the rows and without overlap. Each
 * row in turn goes to where its edges are shortest, exactly (least squares by pooling adjacent
 * violators); edges that pass many rows pull hardest, so they become straight.
 */
export function placeInRows(
  rows: Rows,
  shift: Float64Array,
  breadth: ArrayLike<number>,
  gaps: RowGaps,
  passes: number,
): Float64Array {
  const offset = offsetsInRows(rows, breadth, gaps)
  const middle = new Float64Array(rows.size)
  for (let r = 0; r + 1 < rows.start.length; r++) {
    const last = (rows.start[r + 1] as number) - 1
    for (let i = rows.start[r] as number; i <= last; i++) {
      middle[rows.slots[i] as number] = (offset[i] as number) - (offset[last] as number) / 2
    }
  }
  const settle = settler(rows, shift, offset, middle)
  const count = rows.start.length - 1
  for (let pass = 0; pass < passes; pass++) {
    for (let r = 0; r < count; r++) settle(r, [rows.up])
    for (let r = count - 1; r >= 0; r--) settle(r, [rows.down])
  }
  for (let pass = 0; pass < passes; pass++) {
    for (let r = 0; r < count; r++) settle(r, [rows.up, rows.down])
    for (let r = count - 1; r >= 0; r--) settle(r, [rows.up, rows.down])
  }
  for (let pass = 0; pass < passes; pass++) straighten(rows, shift, offset, middle)
  return middle
}

/**
 * The middle of every vertex where it is wished, but for what would overlap: there those that touch
 * move together, as little as they can. What is new goes to where its edges are shortest.
 */
export function placeAsWished(
  rows: Rows,
  { middle: wished, free }: Wishes,
  shift: Float64Array,
  breadth: ArrayLike<number>,
  gaps: RowGaps,
): Float64Array {
  const offset = offsetsInRows(rows, breadth, gaps)
  const middle = wished.slice()
  const settle = settler(rows, shift, offset, middle, (v) =>
    free[v] === 1
      ? undefined
      : { place: wished[v] as number, pull: v < rows.real ? 1_000_000 : 10_000 },
  )
  for (let pass = 0; pass < 3; pass++) {
    for (let r = 0; r + 1 < rows.start.length; r++) settle(r, [rows.up, rows.down])
  }
  return middle
}

/** How far each slot's middle is from the first one's when the row is packed tightly. */
function offsetsInRows(rows: Rows, breadth: ArrayLike<number>, gaps: RowGaps): Float64Array {
  const { start, slots, real } = rows
  const offset = new Float64Array(rows.size)
  for (let r = 0; r + 1 < start.length; r++) {
    for (let i = (start[r] as number) + 1; i < (start[r + 1] as number); i++) {
      const v = slots[i - 1] as number
      const w = slots[i] as number
      const half =
        ((v < real ? (breadth[v] as number) : 0) + (w < real ? (breadth[w] as number) : 0)) / 2
      const gap = v < real && w < real ? gaps.betweenNodes : gaps.besideEdge
      offset[i] = (offset[i - 1] as number) + half + gap
    }
  }
  return offset
}

/** What stands somewhere already, and how hard it is to move. */
type Fixed = (v: number) => { readonly place: number; readonly pull: number } | undefined

function settler(
  rows: Rows,
  shift: Float64Array,
  offset: Float64Array,
  middle: Float64Array,
  fixed: Fixed = () => undefined,
) {
  const { start, slots, real } = rows
  // Runs of slots that touch: their common place, their weight, their first slot.
  const value = new Float64Array(rows.size)
  const weight = new Float64Array(rows.size)
  const begin = new Int32Array(rows.size)
  return (row: number, sides: readonly Adjacency[]): void => {
    const from = start[row] as number
    const to = start[row + 1] as number
    let runs = 0
    for (let i = from; i < to; i++) {
      const v = slots[i] as number
      const own = fixed(v)
      let wish = own === undefined ? 0 : own.place * own.pull
      let pull = own === undefined ? 0 : own.pull
      for (const side of own === undefined ? sides : []) {
        for (let k = side.start[v] as number; k < (side.start[v + 1] as number); k++) {
          const w = side.node[k] as number
          const strength = v < real ? (w < real ? 1 : 2) : w < real ? 2 : 8
          const further = shift[side.edge[k] as number] as number
          wish += ((middle[w] as number) + (side === rows.up ? further : -further)) * strength
          pull += strength
        }
      }
      if (pull > 0) wish /= pull
      else {
        wish = middle[v] as number
        pull = 0.01
      }
      let place = wish - (offset[i] as number)
      let first = i
      while (runs > 0 && (value[runs - 1] as number) >= place) {
        runs--
        const w = weight[runs] as number
        place = (place * pull + (value[runs] as number) * w) / (pull + w)
        pull += w
        first = begin[runs] as number
      }
      value[runs] = place
      weight[runs] = pull
      begin[runs] = first
      runs++
    }
    for (let run = 0, i = from; run < runs; run++) {
      const end = run + 1 < runs ? (begin[run + 1] as number) : to
      for (; i < end; i++) {
        middle[slots[i] as number] = (value[run] as number) + (offset[i] as number)
      }
    }
  }
}
