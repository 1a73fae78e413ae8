import { textWidth } from "./textWidth.ts"

/** A column: its head, and whether its cells are numbers and so stand right. */
export interface Column {
  readonly head: string
  readonly isNumber?: boolean
}

/** How wide each column of a table is, so that rows printed later stand under the first. */
export function columnWidths(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): readonly number[] {
  return columns.map(({ head }, i) =>
    rows.reduce((widest, row) => Math.max(widest, textWidth(row[i] ?? "")), head.length),
  )
}

/** Cells two spaces apart, nothing after the last; what is too long for the terminal is cut there. */
export function tableLine(
  cells: readonly string[],
  columns: readonly Column[],
  widths: readonly number[],
  width: number | undefined,
): string {
  const parts = cells.map((cell, i) => {
    const room = " ".repeat(Math.max(0, (widths[i] ?? 0) - textWidth(cell)))
    return columns[i]?.isNumber ? room + cell : cell + room
  })
  const line = parts.join("  ").trimEnd()
  return width === undefined ? line : cut(line, width)
}

/** A whole table, its head first. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width?: number,
): string[] {
  const widths = columnWidths(columns, rows)
  const heads = columns.map(({ head }) => head)
  return [heads, ...rows].map((cells) => tableLine(cells, columns, widths, width))
}

export function cut(line: string, width: number): string {
  if (textWidth(line) <= width) return line
  let kept = ""
  let used = 0
  for (const character of line) {
    used += textWidth(character)
    if (used > width - 1) break
    kept += character
  }
  return `${kept}…`
}
