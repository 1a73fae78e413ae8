import { plainValue, unescaped } from "./scalar.ts"
import type { ScalarNode } from "./tree.ts"

/** The character codes the readers look for. */
export const code = {
  tab: 9,
  newline: 10,
  return: 13,
  space: 32,
  quote: 34,
  hash: 35,
  apostrophe: 39,
  comma: 44,
  dash: 45,
  dot: 46,
  colon: 58,
  greater: 62,
  openList: 91,
  closeList: 93,
  openMap: 123,
  bar: 124,
  closeMap: 125,
} as const

/**
 * Where a fast reader stands in a text. It answers only what it is certain of: where it is not, it
 * stops, which puts it at the end of the text, so that every loop ends with what was read so far.
 */
export class Cursor {
  readonly text: string
  readonly end: number
  position: number
  lineStart: number
  /** Column of the next content of a block, -1 at the end. */
  column = -1
  depth = 0
  /** Where it stopped being certain, -1 while it is. */
  stoppedAt = -1

  constructor(text: string) {
    this.text = text
    this.end = text.length
    // A byte order mark is no character of the first line.
    this.position = text.charCodeAt(0) === 0xfeff ? 1 : 0
    this.lineStart = this.position
  }

  stop(): void {
    if (this.stoppedAt < 0) this.stoppedAt = this.position
    this.position = this.end
    this.column = -1
  }

  peek(ahead = 0): number {
    return this.position + ahead < this.end ? this.text.charCodeAt(this.position + ahead) : -1
  }

  skipSpaces(): void {
    while (this.text.charCodeAt(this.position) === code.space) this.position++
  }

  /** Moves to the next content of a block, over blank lines and comments, and notes its column. */
  nextContent(): void {
    const { text, end } = this
    for (;;) {
      let at = this.position
      while (text.charCodeAt(at) === code.space) at++
      if (at >= end) {
        this.position = end
        this.column = -1
        return
      }
      const here = text.charCodeAt(at)
      if (here === code.newline) this.startLine(at + 1)
      else if (here === code.return && text.charCodeAt(at + 1) === code.newline) {
        this.startLine(at + 2)
      } else if (here === code.hash) this.skipLine(at)
      else {
        this.position = at
        this.column = at - this.lineStart
        if (here < code.space || (this.column === 0 && this.atMarker())) this.stop()
        return
      }
    }
  }

  /** What follows a value on its line may be a comment, nothing else. */
  endLine(): void {
    const from = this.position
    this.skipSpaces()
    const here = this.peek()
    if (here === -1) return
    if (here === code.newline) this.startLine(this.position + 1)
    else if (here === code.return && this.peek(1) === code.newline)
      this.startLine(this.position + 2)
    else if (here === code.hash && this.position > from) this.skipLine(this.position)
    else this.stop()
  }

  startLine(at: number): void {
    this.position = at
    this.lineStart = at
  }

  /** Passes the rest of a comment's line. */
  skipLine(from: number): void {
    const newline = this.text.indexOf("\n", from)
    const end = newline < 0 ? this.end : newline
    this.position = from
    if (hasControls(this.text, from, end)) this.stop()
    else if (newline < 0) this.position = this.end
    else this.startLine(newline + 1)
  }

  /** "---" or "..." at the start of a line ends a document. */
  atMarker(): boolean {
    const first = this.peek()
    if (first !== code.dash && first !== code.dot) return false
    return this.peek(1) === first && this.peek(2) === first && isBlank(this.peek(3))
  }
}

export function isBlank(character: number): boolean {
  return (
    character === code.space ||
    character === code.newline ||
    character === code.return ||
    character === -1 ||
    character === code.tab
  )
}

/** Control characters are left to the exact reader; a carriage return only ends a line. */
export function hasControls(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const character = text.charCodeAt(i)
    if (character < code.space && character !== code.tab) {
      if (character === code.return && i === to - 1 && text.charCodeAt(to) === code.newline)
        continue
      return true
    }
    if (character === 0xfeff || character === 0x7f) return true
  }
  return false
}

/** A scalar in quotes that ends on its line. */
export function readQuoted(cursor: Cursor): ScalarNode {
  const { text, position: start } = cursor
  return text.charCodeAt(start) === code.quote
    ? readDoubleQuoted(cursor, start)
    : readSingleQuoted(cursor, start)
}

function readDoubleQuoted(cursor: Cursor, start: number): ScalarNode {
  const { text, end } = cursor
  let escaped = false
  for (let i = start + 1; i < end; i++) {
    const character = text.charCodeAt(i)
    if (character === code.quote) {
      const inside = text.slice(start + 1, i)
      const value = escaped ? unescaped(inside) : inside
      if (value === undefined) break
      cursor.position = i + 1
      return scalar(value, text, start, i + 1, "double")
    }
    if (character === 0x5c) {
      escaped = true
      i++
      if (text.charCodeAt(i) < code.space) break
    } else if (character < code.space && character !== code.tab) break
  }
  return uncertain(cursor, start)
}

function readSingleQuoted(cursor: Cursor, start: number): ScalarNode {
  const { text, end } = cursor
  let doubled = false
  for (let i = start + 1; i < end; i++) {
    const character = text.charCodeAt(i)
    if (character === code.apostrophe) {
      if (text.charCodeAt(i + 1) === code.apostrophe) {
        doubled = true
        i++
        continue
      }
      const inside = text.slice(start + 1, i)
      cursor.position = i + 1
      return scalar(doubled ? inside.replaceAll("''", "'") : inside, text, start, i + 1, "single")
    }
    if (character < code.space && character !== code.tab) break
  }
  return uncertain(cursor, start)
}

/**
 * A plain scalar that ends on its line; the cursor ends right behind its last character. What
 * follows (a colon, a comment, in a flow a comma or a bracket) is for the caller to judge.
 */
export function readPlain(cursor: Cursor, inFlow: boolean): ScalarNode {
  const { text, end, position: start } = cursor
  if (!startsPlain(cursor, inFlow)) return uncertain(cursor, start)
  let last = start
  let i = start
  for (; i < end; i++) {
    const character = text.charCodeAt(i)
    if (character > code.colon && character < code.openList) {
      last = i
    } else if (character === code.space) {
      if (text.charCodeAt(i + 1) === code.hash) break
    } else if (character === code.colon) {
      const next = i + 1 < end ? text.charCodeAt(i + 1) : -1
      if (isBlank(next)) break
      if (inFlow && isFlowIndicator(next)) return uncertain(cursor, start)
      last = i
    } else if (character < code.space) {
      if (character === code.newline) break
      if (character === code.return && text.charCodeAt(i + 1) === code.newline) break
      return uncertain(cursor, start)
    } else if (inFlow && isFlowIndicator(character)) break
    else if (character === 0xfeff || character === 0x7f) return uncertain(cursor, start)
    else last = i
  }
  cursor.position = last + 1
  const source = text.slice(start, last + 1)
  return {
    kind: "scalar",
    span: { start, end: last + 1 },
    value: plainValue(source),
    source,
    style: "plain",
  }
}

function startsPlain(cursor: Cursor, inFlow: boolean): boolean {
  const first = cursor.peek()
  if (
    (first >= 0x61 && first <= 0x7a) ||
    (first >= 0x41 && first <= 0x5a) ||
    (first >= 0x2e && first <= 0x39)
  ) {
    return true
  }
  if (first === code.dash) {
    const next = cursor.peek(1)
    return !isBlank(next) && !(inFlow && isFlowIndicator(next))
  }
  // _ $ ( ) + ; < = \ ^ ~ and letters of other scripts.
  return first > 0x7f ? first !== 0xfeff : otherStarts.has(first)
}

const otherStarts = new Set([..."_$()+;<=\\^~"].map((character) => character.charCodeAt(0)))

export function isFlowIndicator(character: number): boolean {
  return (
    character === code.comma ||
    character === code.openList ||
    character === code.closeList ||
    character === code.openMap ||
    character === code.closeMap
  )
}

export function scalar(
  value: ScalarNode["value"],
  text: string,
  start: number,
  end: number,
  style: ScalarNode["style"],
): ScalarNode {
  return { kind: "scalar", span: { start, end }, value, source: text.slice(start, end), style }
}

/** Where the text before a place ends, white space left out. */
export function trimmed(text: string, at: number): number {
  let end = at
  while (end > 0 && /\s/.test(text.charAt(end - 1))) end--
  return end
}

export function nothing(at: number): ScalarNode {
  return { kind: "scalar", span: { start: at, end: at }, value: null, source: "", style: "plain" }
}

export function uncertain(cursor: Cursor, at: number): ScalarNode {
  cursor.position = at
  cursor.stop()
  return nothing(at)
}
