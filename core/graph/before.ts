import { crossingCounter } from "./crossings.ts"
import type { Graph } from "./graph.ts"
import type { Lines } from "./routing.ts"
import type { Rows } from "./rows.ts"
import { sifter } from "./sifting.ts"

/** The picture before an edit, in the numbers of the graph as it is now. */
export interface Before {
  /** The upper left corner each vertex had; NaN for a vertex that is new. */
  readonly x: ArrayLike<number>
  readonly y: ArrayLike<number>
  /** The number each edge had, or -1. */
  readonly edge: ArrayLike<number>
  readonly lines: Lines
}

/** The same, with x along the direction and y across it. */
export interface Stood {
  readonly begin: ArrayLike<number>
  readonly middle: ArrayLike<number>
  readonly edge: ArrayLike<number>
  readonly lines: Lines
}

/** Where everything in the rows is to stand, so that as little as possible moves. */
export interface Wishes {
  /** The middle across the rows, of bends too. */
  readonly middle: Float64Array
  /** 1 for what is new: it may go where it fits best. */
  readonly free: Uint8Array
  /** Where each row began, or NaN where most of it did not stand in one row. */
  readonly rowBegin: Float64Array
}

export function wishesOf(rows: Rows, forward: Graph, stood: Stood, gap: number): Wishes {
  const rowBegin = rowBegins(rows, stood)
  const middle = new Float64Array(rows.size).fill(Number.NaN)
  const free = new Uint8Array(rows.size).fill(1)
  for (let v = 0; v < rows.real; v++) {
    middle[v] = stood.middle[v] as number
    free[v] = Number.isNaN(middle[v]) ? 1 : 0
  }
  guessNew(forward, middle, gap)
  for (let e = 0; e < forward.from.length; e++) {
    const bend = rows.bend[e] as number
    if (bend === -1) continue
    const first = rows.row[forward.from[e] as number] as number
    const last = rows.row[forward.to[e] as number] as number
    const from = middle[forward.from[e] as number] as number
    const to = middle[forward.to[e] as number] as number
    for (let r = first + 1; r < last; r++) {
      const v = bend + r - first - 1
      const before = placeOfLine(stood, stood.edge[e] as number, rowBegin[r] as number)
      middle[v] = before ?? from + ((to - from) * (r - first)) / (last - first)
      free[v] = before === undefined ? 1 : 0
    }
  }
  return { middle, free, rowBegin }
}

/** Orders the rows as things stood; what is new goes where it crosses least. Answers the crossings. */
export function orderAsBefore(rows: Rows, { middle, free }: Wishes): number {
  const { start, slots, place } = rows
  for (let r = 0; r + 1 < start.length; r++) {
    const from = start[r] as number
    const own = Array.from(slots.subarray(from, start[r + 1]))
    own.sort((v, w) => (middle[v] as number) - (middle[w] as number) || v - w)
    own.forEach((v, i) => {
      slots[from + i] = v
      place[v] = i
    })
  }
  const count = crossingCounter(rows)
  const sift = sifter(rows, free)
  for (let pass = 0; pass < 3; pass++) {
    for (let p = 0; p + 1 < rows.part.length; p++) {
      const last = (rows.part[p + 1] as number) - 1
      sift(rows.part[p] as number, last, Number.POSITIVE_INFINITY)
    }
  }
  let crossings = 0
  for (let r = 0; r + 2 < start.length; r++) crossings += count(r)
  return crossings
}

/** Most of a row stood at one place; what came into it from elsewhere has no say. */
function rowBegins(rows: Rows, { begin }: Stood): Float64Array {
  const counts: Map<number, number>[] = Array.from(
    { length: rows.start.length - 1 },
    () => new Map(),
  )
  for (let v = 0; v < rows.real; v++) {
    const at = Math.round(2 * (begin[v] as number)) / 2
    const own = counts[rows.row[v] as number]
    if (!Number.isNaN(at)) own?.set(at, (own.get(at) ?? 0) + 1)
  }
  return Float64Array.from(counts, (own) => {
    const all = [...own.values()].reduce((sum, count) => sum + count, 0)
    for (const [at, count] of own) if (2 * count > all) return at
    return Number.NaN
  })
}

/** A new vertex belongs between those it is joined to; one that is joined to none comes last. */
function guessNew({ size, in: above, out: below }: Graph, middle: Float64Array, gap: number): void {
  let unknown = middle.subarray(0, size).some(Number.isNaN)
  for (let found = true; unknown && found; ) {
    found = false
    unknown = false
    for (let v = 0; v < size; v++) {
      if (!Number.isNaN(middle[v])) continue
      let sum = 0
      let count = 0
      for (const side of [above, below]) {
        for (let k = side.start[v] as number; k < (side.start[v + 1] as number); k++) {
          const place = middle[side.node[k] as number] as number
          if (Number.isNaN(place)) continue
          sum += place
          count++
        }
      }
      if (count === 0) unknown = true
      else {
        middle[v] = sum / count
        found = true
      }
    }
  }
  let low = 0
  for (let v = 0; v < size; v++) if ((middle[v] as number) > low) low = middle[v] as number
  for (let v = 0; v < size; v++) {
    if (!Number.isNaN(middle[v])) continue
    low += gap
    middle[v] = low
  }
}

/** Where the line of an edge passed a place along the direction. */
function placeOfLine({ lines }: Stood, edge: number, at: number): number | undefined {
  if (edge < 0 || Number.isNaN(at)) return undefined
  const end = lines.start[edge + 1] as number
  for (let k = (lines.start[edge] as number) + 1; k < end; k++) {
    const a = lines.x[k - 1] as number
    const b = lines.x[k] as number
    if (Math.min(a, b) > at || Math.max(a, b) < at || a === b) continue
    const [from, to] = [lines.y[k - 1] as number, lines.y[k] as number]
    return from + ((to - from) * (at - a)) / (b - a)
  }
  return undefined
}
