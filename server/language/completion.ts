import type {
  CompletionItem,
  CompletionItemKind,
  CompletionList,
  Position,
} from "vscode-languageserver-types"
import { complete } from "#core/complete/complete"
import type { OfferKind, World } from "#core/complete/offer"
import { filled, snippet, started } from "#core/complete/render"
import { rangeOf, type SpecFile } from "#core/spec/specFile"

export interface CompletionAbilities {
  readonly snippets: boolean
}

/** What may be written at the position, the likeliest first. */
export function completion(
  file: SpecFile,
  position: Position,
  world: World,
  { snippets }: CompletionAbilities,
): CompletionList {
  const found = complete(file, position, world)
  if (!found) return { isIncomplete: false, items: [] }
  const { standing, item, offers, isCut } = found
  const range = (start: number, end: number) => rangeOf({ item, span: { start, end } }, standing)
  const items = offers.map((offer, index): CompletionItem => {
    const { label, kind, detail, documentation, insert, isWhole, span, filter, commaAt } = offer
    const isSnippet = snippets && insert.some((piece) => typeof piece !== "string")
    const newText = isSnippet ? snippet(insert) : isWhole ? filled(insert) : started(insert)
    return {
      label,
      kind: kinds[kind],
      ...(detail ? { detail } : {}),
      ...(documentation ? { documentation: { kind: "markdown", value: documentation } } : {}),
      sortText: String(index).padStart(4, "0"),
      ...(filter === undefined ? {} : { filterText: filter }),
      insertTextFormat: isSnippet ? 2 : 1,
      // Columns are written out as they have to be.
      insertTextMode: 1,
      textEdit: { range: range(span.start, span.end), newText },
      ...(commaAt === undefined
        ? {}
        : { additionalTextEdits: [{ range: range(commaAt, commaAt), newText: "," }] }),
    }
  })
  return { isIncomplete: isCut, items }
}

const kinds: Readonly<Record<OfferKind, CompletionItemKind>> = {
  key: 10,
  value: 12,
  task: 18,
  function: 3,
  variable: 6,
  name: 18,
  snippet: 15,
}
