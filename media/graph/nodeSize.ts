/** How large a task is drawn, in the picture's own pixels, and how its steps lie in it. */
export interface NodeSize {
  readonly width: number
  readonly height: number
  /** How far the cards behind it, which stand for its other steps, look out. */
  readonly behind: number
  readonly cells: Cells | undefined
}

export interface Cells {
  readonly columns: number
  readonly side: number
  readonly gap: number
  /** So many steps share a cell, which then shows the worst of them. */
  readonly each: number
  readonly top: number
}

export const nodeWidth = 136
export const padding = 9

export function nodeSize(steps: number | null, isUnfolded: boolean): NodeSize {
  if (steps === 1 || steps === 0) {
    return { width: nodeWidth, height: 48, behind: 0, cells: undefined }
  }
  if (!isUnfolded || steps === null) {
    return { width: nodeWidth, height: steps === null ? 48 : 58, behind: 6, cells: undefined }
  }
  const cells = cellsOf(steps)
  const shown = Math.ceil(steps / cells.each)
  const rows = Math.ceil(shown / cells.columns)
  const inner = cells.columns * (cells.side + cells.gap) - cells.gap
  const height = cells.top + rows * (cells.side + cells.gap) - cells.gap + 12
  return { width: Math.max(nodeWidth, inner + 2 * padding), height, behind: 0, cells }
}

/** Cells with signs up to 200 steps; beyond, a mosaic of no more than 2,000 pieces. */
function cellsOf(steps: number): Cells {
  if (steps < 60) return { columns: 6, side: 15, gap: 5, each: 1, top: 50 }
  if (steps <= 200) return { columns: 10, side: 15, gap: 5, each: 1, top: 50 }
  return { columns: 40, side: 4, gap: 1, each: Math.ceil(steps / 2000), top: 50 }
}

/** Where a cell lies in its node. */
export function cellAt({ columns, side, gap, top }: Cells, cell: number) {
  return {
    x: padding + (cell % columns) * (side + gap),
    y: top + Math.floor(cell / columns) * (side + gap),
  }
}

/** The cell at a place in its node, if there is one. */
export function cellUnder(
  { columns, side, gap, top }: Cells,
  x: number,
  y: number,
): number | undefined {
  const column = Math.floor((x - padding) / (side + gap))
  const row = Math.floor((y - top) / (side + gap))
  if (column < 0 || column >= columns || row < 0) return undefined
  return row * columns + column
}
