import type { DocumentLink } from "vscode-languageserver-types"
import { textOf } from "#core/edit/occurrences"
import { rangeOf, type SpecFile } from "#core/spec/specFile"

/** Where a tool is written, and what runs it. */
export interface ToolPlace {
  readonly image: string
  readonly uri: string
  readonly line: number
}

/** Tools by `name:version`. */
export type ToolPlaces = ReadonlyMap<string, ToolPlace>

/** From each tool that a gcs file names to the file that says what it is. */
export function documentLinks(file: SpecFile, tools: ToolPlaces | undefined): DocumentLink[] {
  const links: DocumentLink[] = []
  if (!tools || tools.size === 0) return links
  for (const standing of file.standing()) {
    const { document } = standing
    if (document.dialect !== "gcs") continue
    const items = document.text.layout ? document.text.items : [undefined]
    for (const item of items) {
      const text = textOf(document, item)
      // The characters are enough: what they spell must be a tool that is there.
      for (const { index, 0: all, 1: written = "" } of text.matchAll(mention)) {
        const quotes = /^["']/.test(written) ? 1 : 0
        const name = written.slice(quotes, written.length - quotes)
        const tool = tools.get(name)
        if (!tool) continue
        const start = index + all.length - written.length + quotes
        const range = rangeOf({ item, span: { start, end: start + name.length } }, standing)
        const target = `${tool.uri}#${tool.line + 1}`
        links.push({ range, target, tooltip: `What "${name}" is` })
      }
    }
  }
  return links
}

const mention = /(?:^|[\s{,"])tool"?:\s+("[^"\n]*"|'[^'\n]*'|[^\s,{}#"']+)/gm
