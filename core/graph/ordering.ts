import { type CountCrossings, crossingCounter } from "./crossings.ts"
import type { Adjacency } from "./graph.ts"
import type { Rows } from "./rows.ts"
import { type Sift, sifter } from "./sifting.ts"

/**
 * Orders each row so that few segments cross, and answers how many still do. `effort` is the number
 * of visits to a vertex or segment that may be spent: a limit that, unlike a clock, gives the same
 * picture on every machine. It is shared out over the connected parts by their size.
 */
export function orderRows(rows: Rows, effort: number): number {
  startDepthFirst(rows)
  const tools: Tools = {
    count: crossingCounter(rows),
    sift: sifter(rows),
    sweep: sweeper(rows),
  }
  let crossings = 0
  for (let p = 0; p + 1 < rows.part.length; p++) crossings += orderPart(rows, p, effort, tools)
  return crossings
}

interface Tools {
  readonly count: CountCrossings
  readonly sift: Sift
  readonly sweep: Sweep
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
  const restore = () => putBack(rows, first, last, kept)

  while (best > 0 && left > 0) {
    const before = best
    for (let i = 0, stale = 0; stale < 4 && best > 0 && (left > 0 || i < 2); i++) {
      tools.sweep(first, last, i % 2 === 0 ? "down" : "up", (i >> 1) % 2 === 1)
      left -= 2 * cost
      stale = keep(countAll()) ? 0 : stale + 1
    }
    restore()
    while (best > 0 && left > 0) {
      left -= tools.sift(first, last, left)
      if (!keep(countAll())) break
    }
    if (best === before) break
  }
  restore()
  return best
}

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

/** Sorts row after row by the mean place of each vertex's neighbours in the row before it. */
type Sweep = (first: number, last: number, way: "down" | "up", flipTies: boolean) => void

function sweeper(rows: Rows): Sweep {
  const { start, slots, place, up, down } = rows
  const sortRow = rowSorter(rows)
  const means = new Float64Array(rows.size)
  const orderBy = (row: number, fixed: number, side: Adjacency, flipTies: boolean) => {
    const from = start[row] as number
    const to = start[row + 1] as number
    const scale = ((start[fixed + 1] as number) - (start[fixed] as number)) / (to - from)
    for (let i = from; i < to; i++) {
      const v = slots[i] as number
      const begin = side.start[v] as number
      const end = side.start[v + 1] as number
      if (begin === end) {
        means[i] = (i - from) * scale
        continue
      }
      let sum = 0
      for (let k = begin; k < end; k++) sum += place[side.node[k] as number] as number
      means[i] = sum / (end - begin)
    }
    sortRow(row, means, flipTies)
  }
  return (first, last, way, flipTies) => {
    if (way === "down") for (let r = first + 1; r <= last; r++) orderBy(r, r - 1, up, flipTies)
    else for (let r = last - 1; r >= first; r--) orderBy(r, r + 1, down, flipTies)
  }
}

/**
 * Sorts a row by `keys` (one per slot, not negative). Key and old place share one number, because
 * the engine sorts plain numbers many times faster than it calls a comparison.
 */
function rowSorter(rows: Rows) {
  const { start, slots, place } = rows
  const old = new Int32Array(rows.size)
  const packed = new Float64Array(rows.size)
  return (row: number, keys: Float64Array, flipTies: boolean): void => {
    const from = start[row] as number
    const width = (start[row + 1] as number) - from
    if (width < 2) return
    let sorted = true
    for (let i = 0; i < width; i++) {
      old[i] = slots[from + i] as number
      const tie = flipTies ? width - 1 - i : i
      packed[i] = Math.round((keys[from + i] as number) * precision) * width + tie
      if (i > 0 && (packed[i] as number) < (packed[i - 1] as number)) sorted = false
    }
    if (sorted) return
    packed.subarray(0, width).sort()
    for (let i = 0; i < width; i++) {
      const tie = (packed[i] as number) % width
      const v = old[flipTies ? width - 1 - tie : tie] as number
      slots[from + i] = v
      place[v] = i
    }
  }
}

const precision = 4096
