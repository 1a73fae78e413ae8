import type { Location, Position } from "vscode-languageserver-types"
import { placesOfSymbol, symbolAt } from "#core/edit/symbol"
import { rangeOf, type SpecFile } from "#core/spec/specFile"

/** Every place that names the task, input, tool or volume that is named here. */
export function references(
  file: SpecFile,
  uri: string,
  position: Position,
  withDefinition: boolean,
): Location[] {
  const symbol = symbolAt(file, position)
  if (!symbol) return []
  return placesOfSymbol(symbol)
    .filter(({ role }) => withDefinition || role === "use")
    .map((place) => ({ uri, range: rangeOf(place, symbol.standing) }))
}
