import type { Position, Range } from "vscode-languageserver-types"
import { textOf } from "#core/edit/occurrences"
import { placesOfSymbol, symbolAt } from "#core/edit/symbol"
import { rangeOf, type SpecFile } from "#core/spec/specFile"

/** The places of a name that change together while it is typed: those that are written alike. */
export function linkedEditing(
  file: SpecFile,
  position: Position,
): { ranges: Range[]; wordPattern: string } | null {
  const symbol = symbolAt(file, position)
  if (!symbol) return null
  const { standing, name, kind } = symbol
  const places = placesOfSymbol(symbol)
  // Two of one name: nobody knows which of them the others mean.
  if (places.filter(({ role }) => role === "definition").length > 1 && kind === "task") return null
  const ranges = places.flatMap((place) => {
    const { start, end } = place.span
    const written = textOf(standing.document, place.item).slice(start, end)
    const at = written.indexOf(name)
    // In brackets or quotes, but not with an escape in it or behind an alias.
    if (at < 0 || written.length - name.length > 3) return []
    const span = { start: start + at, end: start + at + name.length }
    return [rangeOf({ item: place.item, span }, standing)]
  })
  if (ranges.length < 2 || ranges.length !== places.length) return null
  return { ranges, wordPattern: "[-\\w.]+" }
}
