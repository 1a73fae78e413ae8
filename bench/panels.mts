import { graphBenchmarks } from "./panels/graph.mts"
import { layoutBenchmarks } from "./panels/layouts.mts"
import { isMet, printRows } from "./panels/rows.mts"
import { sequenceBenchmarks } from "./panels/sequence.mts"

/** Panels in a real Chromium that draws with the processor alone, at the size of a laptop's editor. */
export async function benchPanels(print: (line: string) => void): Promise<boolean> {
  // Each panel adds its own; a table at once, so that what was measured is there if the rest fails.
  let isGood = true
  for (const measure of [graphBenchmarks, sequenceBenchmarks, layoutBenchmarks]) {
    const rows = await measure()
    printRows(rows, print)
    isGood &&= rows.every(isMet)
  }
  return isGood
}
