import { lineEnd, lineStart } from "./lineAt.ts"
import type { TextChange } from "./section.ts"

/**
 * What a line break just typed asks for: no blanks at the end of the line above, and the new line,
 * if nothing stands in it, where what belongs to the line above would stand. `at` is in the new line.
 */
export function indentAfter(text: string, at: number): readonly TextChange[] {
  const start = lineStart(text, at)
  if (start === 0) return []
  const above = lineStart(text, start - 1)
  const aboveEnd = lineEnd(text, above)
  const line = text.slice(above, aboveEnd)
  const said = line.trimEnd()
  if (said.trim() === "" || isInText(text, above)) return []
  const changes: TextChange[] = []
  if (said.length < line.length) {
    changes.push({ span: { start: above + said.length, end: aboveEnd }, newText: "" })
  }
  const end = lineEnd(text, start)
  const blanks = text.slice(start, end)
  const column = columnAfter(said)
  if (blanks.trim() === "" && column !== undefined && blanks !== " ".repeat(column)) {
    changes.push({ span: { start, end }, newText: " ".repeat(column) })
  }
  return changes
}

function columnAfter(line: string): number | undefined {
  const dashes = /^ *(?:- +)*/.exec(line)?.[0] ?? ""
  const rest = line.slice(dashes.length).replace(/\s#.*$/, "")
  if (rest.startsWith("#") || rest.startsWith("{") || rest.startsWith("[")) return undefined
  if (/:(?:\s+[&!]\S+)*$|:\s+[|>][-+\d]*$/.test(rest)) return dashes.length + 2
  // A key with its value: the next key stands below this one. Any other item: below its dash.
  if (/^(?:"[^"]*"|'[^']*'|[^\s"'][^:]*):\s/.test(rest)) return dashes.length
  return dashes.includes("-") ? (/^ */.exec(line)?.[0].length ?? 0) : undefined
}

/** Whether a line is one of a text under `|` or `>`: then a line above, further left, opens it. */
function isInText(text: string, line: number): boolean {
  let column = indentAt(text, line)
  for (let at = line; at > 0; ) {
    at = lineStart(text, at - 1)
    const end = lineEnd(text, at)
    if (text.slice(at, end).trim() === "") continue
    const own = indentAt(text, at)
    if (own >= column) continue
    if (/[:-]\s+(?:[&!]\S+\s+)*[|>][-+\d]*\s*(?:#.*)?$/.test(text.slice(at, end))) return true
    if (own === 0) return false
    column = own
  }
  return false
}

function indentAt(text: string, line: number): number {
  let at = line
  while (text.charCodeAt(at) === 0x20) at++
  return at - line
}
