import type { Adjacency } from "./graph.ts"
import type { Rows } from "./rows.ts"

/**
 * Tries every place in its row for every vertex of the rows and leaves it at the best one. Answers
 * the work done, and stops early when that passes `limit`. With `free`, only those marked with 1 move.
 */
export type Sift = (first: number, last: number, limit: number) => number

export function sifter(rows: Rows, free?: Uint8Array): Sift {
  const { start, slots, place } = rows
  const above = new Int32Array(rows.up.node.length)
  const below = new Int32Array(rows.down.node.length)
  const next = new Int32Array(rows.size)
  const order = new Int32Array(rows.size)

  /** Sorted places of the neighbours in `other` of each vertex in the row beside it. */
  const sortSide = (other: number, side: Adjacency, back: Adjacency, sorted: Int32Array) => {
    for (let i = start[other] as number; i < (start[other + 1] as number); i++) {
      const w = slots[i] as number
      for (let k = back.start[w] as number; k < (back.start[w + 1] as number); k++) {
        const v = back.node[k] as number
        const at = (side.start[v] as number) + (next[v] as number)
        sorted[at] = place[w] as number
        next[v] = (next[v] as number) + 1
      }
    }
  }

  const siftRow = (row: number, hasAbove: boolean, hasBelow: boolean, limit: number): number => {
    const from = start[row] as number
    const to = start[row + 1] as number
    const width = to - from
    for (let i = from; i < to; i++) next[slots[i] as number] = 0
    if (hasAbove) sortSide(row - 1, rows.up, rows.down, above)
    for (let i = from; i < to; i++) next[slots[i] as number] = 0
    if (hasBelow) sortSide(row + 1, rows.down, rows.up, below)
    for (let i = from; i < to; i++) order[i - from] = slots[i] as number
    let work = 0
    for (let i = 0; i < width && work < limit; i++) {
      const v = order[i] as number
      if (free?.[v] === 0) continue
      const at = place[v] as number
      let best = 0
      let target = at
      for (const step of [-1, 1]) {
        let change = 0
        for (let j = at + step; j >= 0 && j < width; j += step) {
          const w = slots[from + j] as number
          const gain = gainOfSwap(rows.up, above, v, w) + gainOfSwap(rows.down, below, v, w)
          // gain: crossings with v before w, less those with w before v.
          change += step === 1 ? -gain : gain
          work += 4
          if (change < best) {
            best = change
            target = j
          }
        }
      }
      if (target !== at) moveTo(from, at, target)
    }
    return work
  }

  const moveTo = (from: number, at: number, target: number) => {
    const v = slots[from + at] as number
    const step = target > at ? 1 : -1
    for (let j = at; j !== target; j += step) {
      const w = slots[from + j + step] as number
      slots[from + j] = w
      place[w] = j
    }
    slots[from + target] = v
    place[v] = target
  }

  return (first, last, limit) => {
    let work = 0
    for (let r = first; r <= last && work < limit; r++) {
      work += siftRow(r, r > first, r < last, limit - work)
    }
    return work
  }
}

/** Crossings of the segments of v and w when v stands first, less those when w does. */
function gainOfSwap(side: Adjacency, sorted: Int32Array, v: number, w: number): number {
  let i = side.start[v] as number
  let j = side.start[w] as number
  const iEnd = side.start[v + 1] as number
  const jEnd = side.start[w + 1] as number
  const jFirst = j
  const count = jEnd - j
  if (i === iEnd || count === 0) return 0
  let gain = 0
  for (; i < iEnd; i++) {
    const x = sorted[i] as number
    while (j < jEnd && (sorted[j] as number) < x) j++
    let equal = j
    while (equal < jEnd && (sorted[equal] as number) === x) equal++
    // Before x end j - jFirst of w's segments: they cross when v is first; those after x when w is.
    gain += j - jFirst - (jEnd - equal)
  }
  return gain
}
