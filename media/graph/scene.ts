import type { Direction } from "#core/graph/layout"
import type { LaidOut } from "./layoutOrder.ts"
import type { NodeSize } from "./nodeSize.ts"

/** Everything that lies somewhere: a layout, the sizes it was made for, and who is where. */
export interface Scene {
  readonly laidOut: LaidOut
  readonly sizes: readonly NodeSize[]
  readonly direction: Direction
  readonly nodes: Grid
  readonly edges: Grid
}

export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Squares of the picture and what touches each: `items[start[c] … start[c + 1] - 1]`. */
interface Grid {
  readonly columns: number
  readonly rows: number
  readonly start: Int32Array
  readonly items: Int32Array
}

const square = 512

export function sceneOf(laidOut: LaidOut, sizes: readonly NodeSize[], direction: Direction): Scene {
  const { x, y, lines, width, height } = laidOut
  const columns = Math.floor(width / square) + 1
  const rows = Math.floor(height / square) + 1
  const nodes = gridOf(columns, rows, sizes.length, (v, touch) => {
    const { width, height, behind } = sizes[v] as NodeSize
    touch(x[v] as number, y[v] as number, width + behind, height + behind)
  })
  const edges = gridOf(columns, rows, lines.start.length - 1, (e, touch) => {
    for (let k = (lines.start[e] as number) + 1; k < (lines.start[e + 1] as number); k++) {
      const [x1, x2] = [lines.x[k - 1] as number, lines.x[k] as number]
      const [y1, y2] = [lines.y[k - 1] as number, lines.y[k] as number]
      touch(Math.min(x1, x2), Math.min(y1, y2), Math.abs(x1 - x2), Math.abs(y1 - y2))
    }
  })
  return { laidOut, sizes, direction, nodes, edges }
}

type Touch = (x: number, y: number, width: number, height: number) => void

/** Counts first, then fills: no list grows. What touches a square twice stands in it twice. */
function gridOf(
  columns: number,
  rows: number,
  count: number,
  touchAll: (item: number, touch: Touch) => void,
): Grid {
  const start = new Int32Array(columns * rows + 1)
  const each = (place: (cell: number, item: number) => void) => {
    for (let item = 0; item < count; item++) {
      touchAll(item, (x, y, width, height) => {
        const right = clamp((x + width) / square, columns)
        const bottom = clamp((y + height) / square, rows)
        for (let row = clamp(y / square, rows); row <= bottom; row++) {
          for (let column = clamp(x / square, columns); column <= right; column++) {
            place(row * columns + column, item)
          }
        }
      })
    }
  }
  each((cell) => {
    start[cell + 1] = (start[cell + 1] as number) + 1
  })
  for (let c = 0; c < columns * rows; c++) {
    start[c + 1] = (start[c + 1] as number) + (start[c] as number)
  }
  const next = start.slice()
  const items = new Int32Array(start[columns * rows] as number)
  each((cell, item) => {
    const at = next[cell] as number
    items[at] = item
    next[cell] = at + 1
  })
  return { columns, rows, start, items }
}

function clamp(value: number, count: number): number {
  return Math.max(0, Math.min(count - 1, Math.floor(value)))
}

/** Calls once for each item that may touch the area; `seen` has a place for each item. */
export function within(grid: Grid, area: Area, seen: Seen, take: (item: number) => void): void {
  const stamp = ++seen.stamp
  const { columns, rows, start, items } = grid
  const right = clamp((area.x + area.width) / square, columns)
  const bottom = clamp((area.y + area.height) / square, rows)
  for (let row = clamp(area.y / square, rows); row <= bottom; row++) {
    for (let column = clamp(area.x / square, columns); column <= right; column++) {
      const cell = row * columns + column
      for (let k = start[cell] as number; k < (start[cell + 1] as number); k++) {
        const item = items[k] as number
        if (seen.at[item] === stamp) continue
        seen.at[item] = stamp
        take(item)
      }
    }
  }
}

export interface Seen {
  readonly at: Int32Array
  stamp: number
}

export function seenOf(count: number): Seen {
  return { at: new Int32Array(count), stamp: 0 }
}

export function nodeArea({ laidOut, sizes }: Scene, v: number): Area {
  const { width, height, behind } = sizes[v] as NodeSize
  return {
    x: laidOut.x[v] as number,
    y: laidOut.y[v] as number,
    width: width + behind,
    height: height + behind,
  }
}

/** The task under a place of the picture. */
export function nodeAt(scene: Scene, seen: Seen, x: number, y: number): number | undefined {
  let found: number | undefined
  within(scene.nodes, { x, y, width: 0, height: 0 }, seen, (v) => {
    const area = nodeArea(scene, v)
    if (x >= area.x && y >= area.y && x <= area.x + area.width && y <= area.y + area.height) {
      found = v
    }
  })
  return found
}
