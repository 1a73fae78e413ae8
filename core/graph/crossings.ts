import type { Rows } from "./rows.ts"

/** Counts crossings between row r and the next one, in the order the rows stand in now. */
export type CountCrossings = (row: number) => number

/** Keeps its working memory from call to call. */
export function crossingCounter(rows: Rows): CountCrossings {
  const { start, slots, place, up, down } = rows
  const next = new Int32Array(rows.size)
  const ends = new Int32Array(down.node.length)
  let widest = 0
  for (let r = 0; r + 1 < start.length; r++) {
    widest = Math.max(widest, (start[r + 1] as number) - (start[r] as number))
  }
  const tree = new Int32Array(widest + 1)

  return (row) => {
    const first = start[row] as number
    const middle = start[row + 1] as number
    const last = start[row + 2] as number
    for (let i = first; i < middle; i++)
      next[slots[i] as number] = down.start[slots[i] as number] as number
    // Going through the lower row in order leaves the ends of each upper vertex sorted.
    for (let i = middle; i < last; i++) {
      const w = slots[i] as number
      for (let k = up.start[w] as number; k < (up.start[w + 1] as number); k++) {
        const v = up.node[k] as number
        ends[next[v] as number] = place[w] as number
        next[v] = (next[v] as number) + 1
      }
    }
    const width = last - middle
    tree.fill(0, 0, width + 1)
    let crossings = 0
    let seen = 0
    for (let i = first; i < middle; i++) {
      const v = slots[i] as number
      const from = down.start[v] as number
      const to = down.start[v + 1] as number
      if (seen > 0) {
        for (let k = from; k < to; k++) {
          let before = 0
          for (let j = (ends[k] as number) + 1; j > 0; j -= j & -j) before += tree[j] as number
          crossings += seen - before
        }
      }
      for (let k = from; k < to; k++) {
        for (let j = (ends[k] as number) + 1; j <= width; j += j & -j)
          tree[j] = (tree[j] as number) + 1
      }
      seen += to - from
    }
    return crossings
  }
}
