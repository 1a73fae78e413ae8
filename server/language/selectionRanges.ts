import type { Position, SelectionRange } from "vscode-languageserver-types"
import { selectionAt } from "#core/edit/selection"
import type { SpecFile } from "#core/spec/specFile"

/** From the word to its value, entry, item, task, list and document, one inside the other. */
export function selectionRanges(file: SpecFile, positions: readonly Position[]): SelectionRange[] {
  return positions.map((position) => {
    let selection: SelectionRange | undefined
    for (const range of selectionAt(file, position)) {
      selection = { range, ...(selection ? { parent: selection } : {}) }
    }
    return selection ?? { range: { start: position, end: position } }
  })
}
