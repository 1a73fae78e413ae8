import type { MapNode } from "../spec/tree.ts"
import { isNull } from "../spec/tree.ts"
import { lineEnd, lineStart, skipSpace } from "./lineAt.ts"
import { isFlow } from "./removePart.ts"
import type { Section, TextChange } from "./section.ts"
import { writeScalar } from "./writeScalar.ts"

/** Puts a key into a map, behind its first one, or gives the key that is there the value it lacks. */
export function addEntry(
  { text, isJson, lineEnd: eol }: Section,
  map: MapNode,
  key: string,
  value: string,
): readonly TextChange[] {
  const known = map.entries.find((entry) => entry.key.value === key)
  if (known) {
    if (!isNull(known.value)) return []
    const { span } = known.value
    if (span.end > span.start) return [{ span, newText: value }]
    const colon = skipSpace(text, known.key.span.end)
    if (text.charAt(colon) !== ":") return []
    return [insert(colon + 1, ` ${value}`)]
  }
  const [first] = map.entries
  const written = (style: "plain" | "double") => `${writeScalar(key, style, isJson)}: ${value}`
  const isQuoted = first?.key.style === "double" && isFlow(text, map)
  const entry = written(isQuoted ? "double" : "plain")
  if (!first) return isFlow(text, map) ? [insert(map.span.start + 1, entry)] : []
  const { start } = first.key.span
  if (text.charAt(skipSpace(text, first.key.span.end)) !== ":") return []
  if (isFlow(text, map)) {
    const begin = lineStart(text, start)
    const isOnItsOwnLine = text.slice(begin, start).trim() === ""
    const gap = isOnItsOwnLine ? eol + text.slice(begin, start) : " "
    const end = Math.max(first.key.span.end, first.value.span.end)
    return [insert(end, `,${gap}${entry}`)]
  }
  const column = start - lineStart(text, start)
  const indent = " ".repeat(column)
  const { span, kind } = first.value
  const end = lineEnd(text, start)
  const isOneLine = kind === "scalar" && first.value.style !== "block" && span.end <= end
  if (!isOneLine) return [insert(start, entry + eol + indent)]
  return [insert(end, eol + indent + entry)]
}

function insert(at: number, newText: string): TextChange {
  return { span: { start: at, end: at }, newText }
}
