import type { Rows } from "./rows.ts"

/** Where each row begins and ends along the direction. */
export interface Stations {
  readonly begin: Float64Array
  readonly end: Float64Array
}

/**
 * Rows stand further apart where an edge between them has a long way across. A row that began
 * somewhere before (`known`, else NaN) begins there again where that leaves room and wastes none.
 */
export function stationsOf(
  rows: Rows,
  along: ArrayLike<number>,
  middle: Float64Array,
  gap: number,
  known?: Float64Array,
): Stations {
  const { start, slots, real, down } = rows
  const count = start.length - 1
  const begin = new Float64Array(count)
  const end = new Float64Array(count)
  for (let p = 0; p + 1 < rows.part.length; p++) {
    let at = known === undefined ? 0 : firstBegin(rows, along, p, gap, known)
    // So far what follows was moved along, or back.
    let moved = 0
    let least = at
    for (let r = rows.part[p] as number; r < (rows.part[p + 1] as number); r++) {
      const before = (known?.[r] as number) + moved
      if (before >= least - 0.5 && before <= least + 6 * gap) at = before
      else if (!Number.isNaN(before)) moved += at - before
      let depth = 0
      let jump = 0
      for (let i = start[r] as number; i < (start[r + 1] as number); i++) {
        const v = slots[i] as number
        if (v < real) depth = Math.max(depth, along[v] as number)
        for (let k = down.start[v] as number; k < (down.start[v + 1] as number); k++) {
          const w = down.node[k] as number
          jump = Math.max(jump, Math.abs((middle[v] as number) - (middle[w] as number)))
        }
      }
      begin[r] = at
      end[r] = at + depth
      least = at + depth + gap
      at = least + Math.min(4 * gap, jump / 8)
    }
  }
  return { begin, end }
}

/** New rows before those that were there stand before them, so that those stay. */
function firstBegin(
  { part, start, slots, real }: Rows,
  along: ArrayLike<number>,
  p: number,
  gap: number,
  known: Float64Array,
): number {
  let before = 0
  for (let r = part[p] as number; r < (part[p + 1] as number); r++) {
    if (!Number.isNaN(known[r])) return (known[r] as number) - before
    let depth = 0
    for (let i = start[r] as number; i < (start[r + 1] as number); i++) {
      const v = slots[i] as number
      if (v < real) depth = Math.max(depth, along[v] as number)
    }
    before += depth + gap
  }
  return 0
}

/** What each part covers, and where it begins across the rows. */
export function boxesOf(
  rows: Rows,
  across: ArrayLike<number>,
  middle: Float64Array,
  stations: Stations,
) {
  const parts = rows.part.length - 1
  const boxes = {
    /** Where it begins along the direction, and where it ends. */
    begin: new Float64Array(parts),
    along: new Float64Array(parts),
    across: new Float64Array(parts),
    low: new Float64Array(parts),
  }
  for (let p = 0; p < parts; p++) {
    const first = rows.part[p] as number
    const last = (rows.part[p + 1] as number) - 1
    let low = Number.POSITIVE_INFINITY
    let high = Number.NEGATIVE_INFINITY
    for (let r = first; r <= last; r++) {
      const v = rows.slots[rows.start[r] as number] as number
      const w = rows.slots[(rows.start[r + 1] as number) - 1] as number
      low = Math.min(low, (middle[v] as number) - breadthOf(v) / 2)
      high = Math.max(high, (middle[w] as number) + breadthOf(w) / 2)
    }
    boxes.begin[p] = stations.begin[first] as number
    boxes.along[p] = stations.end[last] as number
    boxes.across[p] = high - low
    boxes.low[p] = low
  }
  return boxes

  function breadthOf(v: number): number {
    return v < rows.real ? (across[v] as number) : 0
  }
}

/** Puts each part at its place in the picture. */
export function moveParts(
  rows: Rows,
  shift: { readonly along: Float64Array; readonly across: Float64Array },
  low: Float64Array,
  middle: Float64Array,
  stations: Stations,
): void {
  for (let p = 0; p + 1 < rows.part.length; p++) {
    const first = rows.part[p] as number
    const end = rows.part[p + 1] as number
    for (let r = first; r < end; r++) {
      stations.begin[r] = (stations.begin[r] as number) + (shift.along[p] as number)
      stations.end[r] = (stations.end[r] as number) + (shift.along[p] as number)
    }
    const move = (shift.across[p] as number) - (low[p] as number)
    for (let i = rows.start[first] as number; i < (rows.start[end] as number); i++) {
      const v = rows.slots[i] as number
      middle[v] = (middle[v] as number) + move
    }
  }
}
