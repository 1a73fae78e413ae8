import { type Cursor, code, hasControls, scalar, trimmed, uncertain } from "./cursor.ts"
import type { ScalarNode } from "./tree.ts"

/**
 * A literal (`|`) or folded (`>`) scalar under a parent at column `indent`. Headers that say their
 * own indentation or keep trailing lines, and content that is only blank, are left to the exact reader.
 */
export function readBlockScalar(cursor: Cursor, indent: number): ScalarNode {
  const { text, position: start } = cursor
  const folded = cursor.peek() === code.greater
  const strip = cursor.peek(1) === code.dash
  cursor.position += strip ? 2 : 1
  cursor.endLine()
  if (cursor.stoppedAt >= 0) return uncertain(cursor, start)
  const body = linesBelow(cursor, indent)
  if (!body) return uncertain(cursor, start)
  const { lines, end } = body
  const value = (folded ? fold(lines) : lines.join("\n")) + (strip ? "" : "\n")
  cursor.startLine(end)
  cursor.nextContent()
  return scalar(value, text, start, trimmed(text, end), "block")
}

/** The content's lines without their common indentation and without the blank ones at its end. */
function linesBelow(
  cursor: Cursor,
  indent: number,
): { readonly lines: readonly string[]; readonly end: number } | undefined {
  const { text, end } = cursor
  const lines: string[] = []
  let column = -1
  let kept = 0
  let at = cursor.position
  let closed = false
  while (at < end) {
    let content = at
    while (text.charCodeAt(content) === code.space) content++
    const newline = text.indexOf("\n", content)
    let lineEnd = newline < 0 ? end : newline
    if (lineEnd > content && text.charCodeAt(lineEnd - 1) === code.return) {
      if (newline < 0) return undefined
      lineEnd--
    }
    const blank = content >= lineEnd
    if (!blank) {
      if (column < 0) {
        if (content - at <= indent || lines.some((line) => line.length > content - at)) {
          return undefined
        }
        column = content - at
        lines.fill("")
      }
      if (content - at < column) {
        if (content - at > indent) return undefined
        closed = true
        break
      }
      if (text.charCodeAt(content) === code.tab || hasControls(text, content, lineEnd)) {
        return undefined
      }
    } else if (newline < 0 && content > at) return undefined
    // Blank lines longer than the indentation are content: rare enough to leave alone.
    if (blank && column >= 0 && content - at > column) return undefined
    lines.push(
      blank ? (column < 0 ? text.slice(at, content) : "") : text.slice(at + column, lineEnd),
    )
    if (!blank) kept = lines.length
    if (newline < 0 && !blank) return undefined
    at = newline < 0 ? end : newline + 1
  }
  if (column < 0) return undefined
  lines.length = kept
  return closed || at >= end ? { lines, end: at } : undefined
}

/** Lines become one with spaces between; blank lines and lines further right stay lines. */
function fold(lines: readonly string[]): string {
  let value = ""
  let separator = ""
  let wasFurther = false
  for (const line of lines) {
    if (line.charCodeAt(0) === code.space) {
      if (separator === " ") separator = "\n"
      else if (!wasFurther && separator === "\n") separator = "\n\n"
      value += separator + line
      separator = "\n"
      wasFurther = true
    } else if (line === "") {
      if (separator === "\n") value += "\n"
      else separator = "\n"
    } else {
      value += separator + line
      separator = " "
      wasFurther = false
    }
  }
  return value
}
