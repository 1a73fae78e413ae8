import {
  type Cursor,
  code,
  isBlank,
  isFlowIndicator,
  readPlain,
  readQuoted,
  uncertain,
} from "./cursor.ts"
import type { MapEntry, ScalarNode, TreeNode } from "./tree.ts"

/** Deeper than people write; the exact reader has its own limit. */
export const depthLimit = 100

/** A list in brackets or a map in braces, JSON included. Its lines stand right of `indent`. */
export function readFlow(cursor: Cursor, indent: number): TreeNode {
  if (++cursor.depth > depthLimit) return uncertain(cursor, cursor.position)
  const node = cursor.peek() === code.openList ? readList(cursor, indent) : readMap(cursor, indent)
  cursor.depth--
  return node
}

function readList(cursor: Cursor, indent: number): TreeNode {
  const start = cursor.position++
  const items: TreeNode[] = []
  for (;;) {
    skipSpace(cursor, indent)
    if (cursor.peek() === code.closeList || cursor.position >= cursor.end) break
    items.push(readValue(cursor, indent))
    if (!closesOrContinues(cursor, indent, code.closeList)) break
  }
  return { kind: "seq", span: { start, end: close(cursor, code.closeList) }, items }
}

function readMap(cursor: Cursor, indent: number): TreeNode {
  const start = cursor.position++
  const entries: MapEntry[] = []
  for (;;) {
    skipSpace(cursor, indent)
    if (cursor.peek() === code.closeMap || cursor.position >= cursor.end) break
    const key = readKey(cursor)
    skipSpace(cursor, indent)
    if (isFlowIndicator(cursor.peek())) {
      const opens = cursor.peek() === code.openList || cursor.peek() === code.openMap
      if (!opens) cursor.stop()
    }
    entries.push({ key, value: readValue(cursor, indent) })
    if (!closesOrContinues(cursor, indent, code.closeMap)) break
  }
  return { kind: "map", span: { start, end: close(cursor, code.closeMap) }, entries }
}

/** A key and its colon, both on one line. */
function readKey(cursor: Cursor): ScalarNode {
  const start = cursor.position
  const first = cursor.peek()
  const quoted = first === code.quote || first === code.apostrophe
  const key = quoted ? readQuoted(cursor) : readPlain(cursor, true)
  cursor.skipSpaces()
  // YAML takes a key for one only within 1,024 characters.
  if (cursor.peek() !== code.colon || cursor.position - start > 1000) cursor.stop()
  else if (!quoted && !isBlank(cursor.peek(1))) cursor.stop()
  else cursor.position++
  return key
}

function readValue(cursor: Cursor, indent: number): TreeNode {
  switch (cursor.peek()) {
    case code.openList:
    case code.openMap:
      return readFlow(cursor, indent)
    case code.quote:
    case code.apostrophe:
      return readQuoted(cursor)
    default:
      return readPlain(cursor, true)
  }
}

/** After a value: its collection goes on after a comma, or closes. Anything else is not certain. */
function closesOrContinues(cursor: Cursor, indent: number, closing: number): boolean {
  skipSpace(cursor, indent)
  const here = cursor.peek()
  if (here === code.comma) {
    cursor.position++
    return true
  }
  if (here !== closing) cursor.stop()
  return false
}

function close(cursor: Cursor, closing: number): number {
  if (cursor.peek() === closing) cursor.position++
  else cursor.stop()
  return cursor.position
}

function skipSpace(cursor: Cursor, indent: number): void {
  const { text } = cursor
  for (;;) {
    const here = cursor.peek()
    if (here === code.space) cursor.position++
    else if (here === code.newline) newLine(cursor, cursor.position + 1, indent)
    else if (here === code.return && cursor.peek(1) === code.newline) {
      newLine(cursor, cursor.position + 2, indent)
    } else if (here === code.tab && indent < 0) cursor.position++
    else if (here === code.hash && isBlank(text.charCodeAt(cursor.position - 1))) {
      const newline = text.indexOf("\n", cursor.position)
      cursor.skipLine(cursor.position)
      if (newline >= 0 && cursor.stoppedAt < 0) newLine(cursor, newline + 1, indent)
    } else return
  }
}

/** A line inside brackets stands right of the block it belongs to. */
function newLine(cursor: Cursor, at: number, indent: number): void {
  cursor.startLine(at)
  cursor.skipSpaces()
  const here = cursor.peek()
  if (here === code.newline || here === code.return || here === -1 || here === code.hash) return
  const column = cursor.position - at
  if (column <= indent || (column === 0 && cursor.atMarker())) cursor.stop()
}
