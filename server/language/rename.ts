import type { Position, Range, WorkspaceEdit } from "vscode-languageserver-types"
import { rangeEdits } from "#core/edit/rangeEdit"
import { rename } from "#core/edit/rename"
import { symbolAt } from "#core/edit/symbol"
import { rangeOf, type SpecFile } from "#core/spec/specFile"

/** What would be renamed here, and what it is called. */
export function prepareRename(
  file: SpecFile,
  position: Position,
): { range: Range; placeholder: string } | null {
  const symbol = symbolAt(file, position)
  if (!symbol) return null
  return { range: rangeOf(symbol.place, symbol.standing), placeholder: symbol.name }
}

/** Another name for what is named here, wherever it is named; a clash is refused with the reason. */
export function renameAt(
  file: SpecFile,
  uri: string,
  position: Position,
  newName: string,
): WorkspaceEdit | { readonly refused: string } | null {
  const symbol = symbolAt(file, position)
  if (!symbol) return null
  const made = rename(symbol, newName)
  if (made.kind === "refused") return { refused: made.reason }
  return { changes: { [uri]: rangeEdits(made.edits, symbol.standing) } }
}
