export interface Row {
  readonly what: string
  readonly value: number
  readonly gate: number
  readonly aim?: number
  readonly unit: "ms" | "MB" | "×"
  /** The gate is the least, not the most. */
  readonly isMoreBetter?: boolean
}

export function printRows(rows: readonly Row[], print: (line: string) => void): void {
  const line = (cells: readonly string[]) =>
    print(cells.map((cell, i) => (i === 0 ? cell.padEnd(72) : cell.padStart(12))).join(""))
  line(["", "measured", "gate", "aim", ""])
  for (const row of rows) {
    const { what, value, gate, aim, unit } = row
    line([
      what,
      `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : Math.round(value)} ${unit}`,
      `${gate} ${unit}`,
      aim === undefined ? "" : `${aim} ${unit}`,
      isMet(row) ? "ok" : "MISSED",
    ])
  }
}

export function isMet({ value, gate, isMoreBetter = false }: Row): boolean {
  return isMoreBetter ? value >= gate : value <= gate
}

/** The value that so many of a hundred are not above. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0
}
