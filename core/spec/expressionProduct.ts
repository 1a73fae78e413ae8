import { rowNumber, substitute, valueText } from "./expression.ts"

/**
 * Every choice of one value per row, the first row slowest: [[1,2],[3,4]] gives 1 3, 1 4, 2 3, 2 4.
 * A row with nothing in it leaves nothing to choose. Lazy, because rows multiply quickly.
 */
export function* product(rows: readonly (readonly unknown[])[]): Generator<readonly unknown[]> {
  const sizes = rows.map((row) => row.length)
  if (sizes.includes(0)) return
  const places = rows.map(() => 0)
  for (;;) {
    yield rows.map((row, index) => row[places[index] ?? 0])
    let turn = rows.length - 1
    while (turn >= 0 && (places[turn] ?? 0) + 1 === sizes[turn]) places[turn--] = 0
    if (turn < 0) return
    places[turn] = (places[turn] ?? 0) + 1
  }
}

/** How many choices `product` makes; Infinity is possible, NaN is not. */
export function productSize(rows: readonly (readonly unknown[])[]): number {
  return rows.some((row) => row.length === 0) ? 0 : rows.reduce((size, row) => size * row.length, 1)
}

/** A command with `${1}`, `${2}`, … filled in from the columns and `${item}` from its number. */
export function fillCommand(command: string, columns: readonly unknown[], item: number): string {
  return substitute(command, (reference) => {
    if (reference.kind === "item") return String(item)
    const place = rowNumber(reference)
    return place !== undefined && place <= columns.length
      ? valueText(columns[place - 1])
      : undefined
  })
}
