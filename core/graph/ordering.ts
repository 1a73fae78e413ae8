import { type CountCrossings, crossingCounter } from "./crossings.ts"
import { randomNumbers } from "./randomNumbers.ts"
import type { Rows } from "./rows.ts"
import { type Sift, sifter } from "./sifting.ts"
import { type Shake, type Sweep, shaker, sweeper } from "./sweeping.ts"

/**
 * Orders each row so that few segments cross, and answers how many still do. Sweeps find a good
 * order fast; sifting mends it vertex by vertex; then the best is shaken and sifted again. `effort` is the number
 * of visits to a vertex or segment that may be spent: a limit that, unlike a clock, gives the same
 * picture on every machine. It is shared out over the connected parts by their size.
 */
export function orderRows(rows: Rows, effort: number): number {
  startDepthFirst(rows)
  const tools: Tools = {
    count: crossingCounter(rows),
    sift: sifter(rows),
    sweep: sweeper(rows),
    shake: shaker(rows),
  }
  let crossings = 0
  for (let p = 0; p + 1 < rows.part.length; p++) crossings += orderPart(rows, p, effort, tools)
  return crossings
}

interface Tools {
  readonly count: CountCrossings
  readonly sift: Sift
  readonly sweep: Sweep
  readonly shake: Shake
}

function orderPart(rows: Rows, part: number, effort: number, tools: Tools): number {
  const first = rows.part[part] as number
  const last = (rows.part[part + 1] as number) - 1
  if (first === last) return 0
  const from = rows.start[first] as number
  const to = rows.start[last + 1] as number
  const cost = to - from + segmentsOf(rows, from, to)
  let left = (effort * (to - from)) / rows.size
  const countAll = () => {
    let crossings = 0
    for (let r = first; r < last; r++) crossings += tools.count(r)
    return crossings
  }
  let best = countAll()
  let kept = rows.slots.slice(from, to)
  const keep = (crossings: number) => {
    if (crossings >= best) return false
    best = crossings
    kept = rows.slots.slice(from, to)
    return true
  }
  const sift = (crossings: number) => {
    for (let now = crossings; now > 0 && left > 0; ) {
      left -= tools.sift(first, last, left) + cost
      const after = countAll()
      if (after >= now) break
      now = after
    }
    return keep(countAll())
  }

  for (let i = 0, stale = 0; stale < 4 && best > 0 && (left > 0 || i < 2); i++) {
    tools.sweep(first, last, i % 2 === 0 ? "down" : "up", (i >> 1) % 2 === 1)
    left -= 2 * cost
    stale = keep(countAll()) ? 0 : stale + 1
  }
  putBack(rows, first, last, kept)
  sift(best)
  const random = randomNumbers(1)
  for (let failed = 0; failed < patience && best > 0 && left > 0; ) {
    putBack(rows, first, last, kept)
    tools.shake(first, last, random)
    failed = sift(countAll()) ? 0 : failed + 1
  }
  putBack(rows, first, last, kept)
  return best
}

/** So many shaken orders in a row may turn out no better before the best one is left alone. */
const patience = 8

function segmentsOf({ slots, down }: Rows, from: number, to: number): number {
  let segments = 0
  for (let i = from; i < to; i++) {
    const v = slots[i] as number
    segments += (down.start[v + 1] as number) - (down.start[v] as number)
  }
  return segments
}

function putBack(rows: Rows, first: number, last: number, kept: Int32Array): void {
  rows.slots.set(kept, rows.start[first] as number)
  for (let r = first; r <= last; r++) renumber(rows, r)
}

function renumber({ start, slots, place }: Rows, row: number): void {
  const from = start[row] as number
  const to = start[row + 1] as number
  for (let i = from; i < to; i++) place[slots[i] as number] = i - from
}

/** Fills the rows in the order a search from the top meets the vertices: chains stay together. */
function startDepthFirst(rows: Rows): void {
  const { size, start, slots, place, row, up, down } = rows
  const filled = start.slice()
  const seen = new Uint8Array(size)
  const stack = new Int32Array(down.node.length + 1)
  for (let root = 0; root < size; root++) {
    if (up.start[root] !== up.start[root + 1]) continue
    let depth = 0
    stack[depth++] = root
    while (depth > 0) {
      const v = stack[--depth] as number
      if (seen[v] === 1) continue
      seen[v] = 1
      const r = row[v] as number
      const i = filled[r] as number
      filled[r] = i + 1
      slots[i] = v
      place[v] = i - (start[r] as number)
      for (let k = (down.start[v + 1] as number) - 1; k >= (down.start[v] as number); k--) {
        const w = down.node[k] as number
        if (seen[w] === 0) stack[depth++] = w
      }
    }
  }
}
