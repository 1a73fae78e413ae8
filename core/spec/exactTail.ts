import { code } from "./cursor.ts"
import { type Anchors, type ExactDocument, readExactly } from "./exact.ts"
import type { Reading } from "./reader.ts"
import type { MapEntry } from "./tree.ts"

/**
 * Reads a task of a list exactly from the key before the one where the fast reader stopped: what
 * stands above says the same whatever follows. Undefined where that cannot be told apart.
 */
export function readExactTail(
  text: string,
  { tree }: Reading,
  outside: Anchors | undefined,
): ExactDocument | undefined {
  if (tree?.kind !== "seq" || tree.items.length !== 1) return undefined
  const [task] = tree.items
  if (task?.kind !== "map") return undefined
  const { start } = task.span
  const above = task.entries.slice(0, -2)
  const from = task.entries[above.length]?.key.span.start
  if (from === undefined || text.charCodeAt(start) === code.openMap) return undefined
  const lineStart = text.lastIndexOf("\n", from) + 1
  const room = lineStart - 1 - start - stub.length
  if (above.length === 0 || room < 0 || text.slice(lineStart, from).trim() !== "") return undefined
  // The keys above become one that takes their place, so that every other place stays what it is.
  const rest = `${text.slice(0, start)}${stub}${" ".repeat(room)}\n${text.slice(lineStart)}`
  const [document] = readExactly(rest, outside)
  return document && withEntries(document, above, lineStart)
}

const stub = "a: 0 #"

function withEntries(
  document: ExactDocument,
  above: readonly MapEntry[],
  lineStart: number,
): ExactDocument | undefined {
  const { tree, problems } = document
  if (tree?.kind !== "seq" || problems.some(({ span }) => span.start < lineStart)) return undefined
  const [task, ...others] = tree.items
  if (task?.kind !== "map" || task.entries.length < 2) return undefined
  const entries = [...above, ...task.entries.slice(1)]
  return { ...document, tree: { ...tree, items: [{ ...task, entries }, ...others] } }
}
