import type { Location, Position } from "vscode-languageserver-types"
import { placesOfSymbol, symbolAt } from "#core/edit/symbol"
import { rangeOf, type SpecFile } from "#core/spec/specFile"
import type { ToolPlaces } from "./documentLinks.ts"

/** From wherever a task, an input, a volume or a tool is named to where it is written. */
export function definition(
  file: SpecFile,
  uri: string,
  position: Position,
  tools: ToolPlaces | undefined,
): Location[] {
  const symbol = symbolAt(file, position)
  if (!symbol) return []
  const tool = symbol.kind === "tool" ? tools?.get(symbol.name) : undefined
  if (tool) {
    const start = { line: tool.line, character: 0 }
    return [{ uri: tool.uri, range: { start, end: start } }]
  }
  return placesOfSymbol(symbol)
    .filter(({ role }) => role === "definition")
    .map((place) => ({ uri, range: rangeOf(place, symbol.standing) }))
}
