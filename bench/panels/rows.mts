export interface Row {
  readonly what: string
  readonly value: number
  readonly gate: number
  readonly aim?: number
  readonly unit: "ms" | "MB"
}

export function printRows(rows: readonly Row[], print: (line: string) => void): void {
  const line = (cells: readonly string[]) =>
    print(cells.map((cell, i) => (i === 0 ? cell.padEnd(62) : cell.padStart(12))).join(""))
  line(["", "measured", "gate", "aim", ""])
  for (const { what, value, gate, aim, unit } of rows) {
    line([
      what,
      `${value < 100 ? value.toFixed(1) : Math.round(value)} ${unit}`,
      `${gate} ${unit}`,
      aim === undefined ? "" : `${aim} ${unit}`,
      value <= gate ? "ok" : "MISSED",
    ])
  }
}

/** The value that so many of a hundred are not above. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0
}
