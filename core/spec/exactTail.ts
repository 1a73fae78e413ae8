import { code } from "./cursor.ts"
import { type Anchors, type ExactDocument, readExactly } from "./exact.ts"
import type { Reading } from "./reader.ts"
import type { MapEntry, SeqNode, TreeNode } from "./tree.ts"

/**
 * Reads a task of a list exactly from the last key on that the fast reader took, or from the last
 * item under it: what stands above says the same whatever follows. Undefined where that cannot be
 * told apart.
 */
export function readExactTail(
  text: string,
  { tree, stoppedAt = text.length }: Reading,
  outside: Anchors | undefined,
): ExactDocument | undefined {
  if (tree?.kind !== "seq" || tree.items.length !== 1) return undefined
  const [task] = tree.items
  if (task?.kind !== "map" || text.charCodeAt(task.span.start) === code.openMap) return undefined
  const above = task.entries.slice(0, -1)
  const last = task.entries.at(-1)
  if (above.length === 0 || last === undefined) return undefined
  const { start } = task.span
  const keyLine = lineOf(text, last.key.span.start, blank)
  if (keyLine === undefined || keyLine - 1 - start < stub.length) return undefined
  const items = itemsAbove(text, last)
  // What stands above becomes one key, and the items a comment: so every place stays what it is.
  const key = `${text.slice(0, start)}${stub.padEnd(keyLine - 1 - start)}\n`
  const top =
    items === undefined
      ? key
      : `${key}${text.slice(keyLine, items.from)}${"#".padEnd(items.to - 1 - items.from)}\n`
  const document = readUntilOver(top + text.slice(top.length), stoppedAt, outside)
  return document && joined(document, above, items, top.length)
}

/** Where a line too far to the left ends the document, what follows is not worth reading. */
function readUntilOver(
  text: string,
  stoppedAt: number,
  outside: Anchors | undefined,
): ExactDocument | undefined {
  const line = text.lastIndexOf("\n", stoppedAt - 1) + 1
  const next = text.indexOf("\n", stoppedAt) + 1
  const end = next === 0 ? 0 : text.indexOf("\n", next) + 1
  if (end > 0 && indentOf(text, line) <= indentOf(text, 0) && !marker.test(text.slice(end))) {
    const [document] = readExactly(text.slice(0, end), outside)
    if (document?.isOver) return document
  }
  return readExactly(text, outside)[0]
}

/** A line that begins another document. */
const marker = /^(?:---|\.\.\.)/m

function indentOf(text: string, lineStart: number): number {
  let at = lineStart
  while (text.charCodeAt(at) === code.space) at++
  return at - lineStart
}

const stub = "a: 0 #"
const blank = /^ *$/
const dash = /^ *- *$/

/** Where the line of a place starts, if before it stands nothing else. */
function lineOf(text: string, at: number, before: RegExp): number | undefined {
  const start = text.lastIndexOf("\n", at - 1) + 1
  return before.test(text.slice(start, at)) ? start : undefined
}

interface Items {
  readonly list: SeqNode
  /** Where the lines of the items above the last one start, and where that of the last one does. */
  readonly from: number
  readonly to: number
}

function itemsAbove(text: string, { key, value }: MapEntry): Items | undefined {
  if (value.kind !== "seq" || value.items.length < 2) return undefined
  const from = lineOf(text, value.span.start, blank)
  const to = lineOf(text, value.items.at(-1)?.span.start ?? 0, dash)
  if (from === undefined || to === undefined) return undefined
  return from > key.span.end && to - 1 > from ? { list: value, from, to } : undefined
}

function joined(
  document: ExactDocument,
  above: readonly MapEntry[],
  items: Items | undefined,
  from: number,
): ExactDocument | undefined {
  const { tree, problems } = document
  if (tree?.kind !== "seq" || problems.some(({ span }) => span.start < from)) return undefined
  const [task, ...others] = tree.items
  if (task?.kind !== "map") return undefined
  const [, last, ...below] = task.entries
  if (last === undefined) return undefined
  const value = items === undefined ? last.value : withItems(last.value, items.list)
  if (value === undefined) return undefined
  const entries = [...above, { ...last, value }, ...below]
  return { ...document, tree: { ...tree, items: [{ ...task, entries }, ...others] } }
}

function withItems(value: TreeNode, { span, items }: SeqNode): SeqNode | undefined {
  if (value.kind !== "seq") return undefined
  return {
    ...value,
    span: { start: span.start, end: value.span.end },
    items: [...items.slice(0, -1), ...value.items],
  }
}
