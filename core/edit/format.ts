import { readText } from "../spec/readText.ts"
import { splitDocuments } from "../spec/split.ts"
import { toValue } from "../spec/tree.ts"
import { formatJson } from "./formatJson.ts"
import { layOut } from "./layOut.ts"
import type { TextChange } from "./section.ts"

/**
 * The changes that lay a file out: two blanks for each level, lists as most of the file has them, no
 * blanks at the ends of lines. What scalars and comments say stays. None where the text has mistakes.
 */
export function format(text: string): readonly TextChange[] {
  const said = model(text)
  if (said === undefined) return []
  const isJson = /^\ufeff?\s*[[{]\s*(?:["{}[\]]|$)/.test(text)
  const changes = (isJson ? formatJson(text) : undefined) ?? layOut(text) ?? []
  // Whatever this file holds that nobody thought of: better as it was than saying something else.
  return changes.length > 0 && model(applied(text, changes)) === said ? changes : []
}

/** The same for some lines, the last one included; none where half of it would say something else. */
export function formatLines(text: string, first: number, last: number): readonly TextChange[] {
  let line = 0
  let at = 0
  const inside = format(text).filter(({ span }) => {
    for (let next = text.indexOf("\n", at); next >= 0 && next < span.start; ) {
      line++
      at = next + 1
      next = text.indexOf("\n", at)
    }
    return line >= first && line <= last
  })
  return model(applied(text, inside)) === model(text) ? inside : []
}

/** The text after changes, which stand in order and apart. */
export function applied(text: string, changes: readonly TextChange[]): string {
  const parts: string[] = []
  let done = 0
  for (const { span, newText } of changes) {
    parts.push(text.slice(done, span.start), newText)
    done = span.end
  }
  parts.push(text.slice(done))
  return parts.join("")
}

/** What a text says, document by document; undefined where there are mistakes in it. */
function model(text: string): string | undefined {
  const starts = splitDocuments(text)
  const documents: string[] = []
  for (const [i, start] of starts.entries()) {
    const { tree, problems } = readText(text.slice(start, starts[i + 1] ?? text.length))
    if (problems.some(({ code }) => code === "syntax" || code === "too-large")) return undefined
    documents.push(JSON.stringify(tree && toValue(tree)) ?? "")
  }
  return documents.join("\n")
}
