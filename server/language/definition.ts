import type { Location, Position } from "vscode-languageserver-types"
import { placesOfSymbol, symbolAt } from "#core/edit/symbol"
import { rangeOf, type SpecFile } from "#core/spec/specFile"

/** From wherever a task, an input or a volume is named to where it is written. */
export function definition(file: SpecFile, uri: string, position: Position): Location[] {
  const symbol = symbolAt(file, position)
  if (!symbol) return []
  return placesOfSymbol(symbol)
    .filter(({ role }) => role === "definition")
    .map((place) => ({ uri, range: rangeOf(place, symbol.standing) }))
}
