import type { DocumentHighlight, Position } from "vscode-languageserver-types"
import { placesOfSymbol, symbolAt } from "#core/edit/symbol"
import { rangeOf, type SpecFile } from "#core/spec/specFile"

/** Lights up where the thing under the cursor is named: written where it is defined, read elsewhere. */
export function documentHighlights(file: SpecFile, position: Position): DocumentHighlight[] {
  const symbol = symbolAt(file, position)
  if (!symbol) return []
  return placesOfSymbol(symbol).map((place) => ({
    range: rangeOf(place, symbol.standing),
    kind: place.role === "definition" ? kinds.write : kinds.read,
  }))
}

const kinds = { read: 2, write: 3 } as const
