import { readBlockScalar } from "./blockScalar.ts"
import { Cursor, code, isBlank, nothing, readPlain, readQuoted, uncertain } from "./cursor.ts"
import { depthLimit, readFlow } from "./flow.ts"
import type { MapEntry, ScalarNode, TreeNode } from "./tree.ts"

export interface Reading {
  readonly tree: TreeNode | undefined
  /** Where the reader stopped being certain of what stands there; the tree ends before it. */
  readonly stoppedAt: number | undefined
}

/**
 * Reads the YAML that people write in spec files, and JSON, some twenty times faster than a full
 * parser. It never guesses: what it is not certain of (anchors, tags, directives, scalars over
 * several lines, tabs, anything wrong) it leaves to the exact reader.
 */
export function read(text: string): Reading {
  const cursor = new Cursor(text)
  passMarker(cursor)
  cursor.nextContent()
  if (cursor.column < 0) {
    return { tree: undefined, stoppedAt: cursor.stoppedAt < 0 ? undefined : cursor.stoppedAt }
  }
  const tree = readBlock(cursor, -1)
  if (cursor.column >= 0) cursor.stop()
  return { tree, stoppedAt: cursor.stoppedAt < 0 ? undefined : cursor.stoppedAt }
}

/** A document may start with a line "---"; what else can stand before it is not for us. */
function passMarker(cursor: Cursor): void {
  if (cursor.peek() !== code.dash || !cursor.atMarker()) return
  cursor.position += 3
  cursor.endLine()
}

/** Reads the node at the cursor and leaves the cursor at the content behind it. */
function readBlock(cursor: Cursor, indent: number): TreeNode {
  if (++cursor.depth > depthLimit) return uncertain(cursor, cursor.position)
  const node = startsItem(cursor)
    ? readList(cursor, cursor.column)
    : readMapOrScalar(cursor, indent)
  cursor.depth--
  return node
}

function startsItem(cursor: Cursor): boolean {
  return cursor.peek() === code.dash && isBlank(cursor.peek(1))
}

function readList(cursor: Cursor, column: number): TreeNode {
  const start = cursor.position
  const items: TreeNode[] = []
  for (;;) {
    cursor.position++
    items.push(readItem(cursor, column))
    if (cursor.column > column) cursor.stop()
    if (cursor.column !== column || !startsItem(cursor)) break
  }
  return { kind: "seq", span: { start, end: items.at(-1)?.span.end ?? start }, items }
}

function readItem(cursor: Cursor, column: number): TreeNode {
  const after = cursor.position
  cursor.skipSpaces()
  const here = cursor.peek()
  if (endsLine(cursor, here, after)) return readBelow(cursor, column, after, false)
  if (here === code.bar || here === code.greater) return readBlockScalar(cursor, column)
  cursor.column = cursor.position - cursor.lineStart
  return readBlock(cursor, column)
}

function readMapOrScalar(cursor: Cursor, indent: number): TreeNode {
  const { column } = cursor
  const start = cursor.position
  const here = cursor.peek()
  if (here === code.openList || here === code.openMap) {
    const node = readFlow(cursor, indent)
    finish(cursor)
    return node
  }
  const first = readScalar(cursor, here)
  if (!passColon(cursor, start)) {
    finish(cursor)
    return first
  }
  const entries: MapEntry[] = []
  let key = first
  for (;;) {
    const value = readValue(cursor, column)
    entries.push({ key, value })
    if (cursor.column > column) cursor.stop()
    if (cursor.column !== column) break
    const keyStart = cursor.position
    if (startsItem(cursor)) {
      cursor.stop()
      break
    }
    key = readScalar(cursor, cursor.peek())
    if (!passColon(cursor, keyStart)) {
      cursor.stop()
      break
    }
  }
  return { kind: "map", span: { start, end: entries.at(-1)?.value.span.end ?? start }, entries }
}

function readScalar(cursor: Cursor, here: number): ScalarNode {
  return here === code.quote || here === code.apostrophe
    ? readQuoted(cursor)
    : readPlain(cursor, false)
}

/** Whether a colon makes the scalar just read a key; the cursor ends behind the colon. */
function passColon(cursor: Cursor, start: number): boolean {
  const { text } = cursor
  let at = cursor.position
  while (text.charCodeAt(at) === code.space) at++
  if (at >= cursor.end || text.charCodeAt(at) !== code.colon) return false
  if (!isBlank(at + 1 < cursor.end ? text.charCodeAt(at + 1) : -1) || at - start > 1000) {
    cursor.stop()
    return false
  }
  cursor.position = at + 1
  return true
}

function readValue(cursor: Cursor, column: number): TreeNode {
  const after = cursor.position
  cursor.skipSpaces()
  const here = cursor.peek()
  if (endsLine(cursor, here, after)) return readBelow(cursor, column, after, true)
  switch (here) {
    case code.bar:
    case code.greater:
      return readBlockScalar(cursor, column)
    case code.openList:
    case code.openMap: {
      const node = readFlow(cursor, column)
      finish(cursor)
      return node
    }
    default: {
      const node = readScalar(cursor, here)
      finish(cursor)
      return node
    }
  }
}

function endsLine(cursor: Cursor, here: number, after: number): boolean {
  if (here === -1 || here === code.newline) return true
  if (here === code.return) return cursor.peek(1) === code.newline
  return here === code.hash && cursor.position > after
}

/** The value of a key or dash with nothing behind it: the block below it, or nothing at all. */
function readBelow(cursor: Cursor, column: number, after: number, ofKey: boolean): TreeNode {
  cursor.position = after
  cursor.endLine()
  cursor.nextContent()
  if (cursor.column > column) return readBlock(cursor, column)
  if (ofKey && cursor.column === column && startsItem(cursor)) return readList(cursor, column)
  return nothing(after)
}

function finish(cursor: Cursor): void {
  if (cursor.stoppedAt >= 0) return
  cursor.endLine()
  if (cursor.stoppedAt < 0) cursor.nextContent()
}
