import { code } from "./cursor.ts"

/** A line that says something: neither blank nor a comment. */
export interface Line {
  readonly start: number
  /** Behind the line's end, its line break included. */
  readonly next: number
  readonly column: number
  /** Where its first character that is no space stands. */
  readonly content: number
}

/** The first line at or behind a line's start that says something. */
export function contentLine(text: string, from: number, end = text.length): Line | undefined {
  let start = from
  while (start < end) {
    let content = start
    while (text.charCodeAt(content) === code.space) content++
    const newline = text.indexOf("\n", content)
    const next = newline < 0 || newline >= end ? end : newline + 1
    if (content < end) {
      const first = text.charCodeAt(content)
      if (
        first !== code.newline &&
        first !== code.hash &&
        !(first === code.return && content + 1 === newline)
      ) {
        return { start, next, column: content - start, content }
      }
    }
    start = next
  }
  return undefined
}

export function startsWithDash(text: string, { content }: Line): boolean {
  if (text.charCodeAt(content) !== code.dash) return false
  const next = text.charCodeAt(content + 1)
  return Number.isNaN(next) || next === code.space || next === code.newline || next === code.return
}

/** `key:` at the start of a line, by the looks of it; what stands behind the colon. */
export function keyOf(text: string, line: Line): { readonly rest: string } | undefined {
  keyPattern.lastIndex = line.content
  const match = keyPattern.exec(text)
  return match && match.index + match[0].length <= line.next
    ? { rest: text.slice(match.index + match[0].length, line.next).trim() }
    : undefined
}

// Each character can be taken in one way only, so a long line costs no more than its length.
const keyPattern =
  /(?:[&!][^\s]* +)?(?:"(?:[^"\\\n]|\\.)*" *|'[^'\n]*' *|\? |\*[^\s:]+ |(?:[^\s#\-?:,[\]{}&*!|>'"%@`]|-[^\s#:])[^\n#:]*(?::(?=\S)[^\n#:]*)*):(?=\s|$)/y

export function nameOf(text: string, line: Line): string {
  const end = text.indexOf(":", line.content)
  return text
    .slice(line.content, end)
    .trim()
    .replace(/^(["'])(.*)\1$/, "$2")
}

/** Whether what stands behind a key's colon is nothing but perhaps a comment. */
export function isEmptyRest(rest: string): boolean {
  return rest === "" || rest.startsWith("#")
}

/** Whether a value goes on below its line: a block scalar, or quotes or brackets left open. */
export function goesOn(rest: string): boolean {
  const first = rest.charAt(0)
  if (first === "|" || first === ">") return true
  const closing = { '"': '"', "'": "'", "[": "]", "{": "}" }[first]
  return closing !== undefined && (rest.length === 1 || !rest.includes(closing, 1))
}

/** "---" or "..." at the start of a line. */
export function isMarker(text: string, at: number): boolean {
  const first = text.charCodeAt(at)
  if (first !== code.dash && first !== code.dot) return false
  if (text.charCodeAt(at + 1) !== first || text.charCodeAt(at + 2) !== first) return false
  const next = text.charCodeAt(at + 3)
  return (
    Number.isNaN(next) ||
    next === code.space ||
    next === code.newline ||
    next === code.return ||
    next === code.tab
  )
}
