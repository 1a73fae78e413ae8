import { graphBenchmarks } from "./panels/graph.mts"
import { printRows } from "./panels/rows.mts"
import { sequenceBenchmarks } from "./panels/sequence.mts"

/** Panels in a real Chromium that draws with the processor alone, at the size of a laptop's editor. */
export async function benchPanels(print: (line: string) => void): Promise<boolean> {
  // Each panel adds its own.
  const rows = [...(await graphBenchmarks()), ...(await sequenceBenchmarks())]
  printRows(rows, print)
  return rows.every(({ value, gate }) => value <= gate)
}
