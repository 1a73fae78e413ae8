import type { Span } from "../problem.ts"
import type { MapNode, SeqNode, TreeNode } from "../spec/tree.ts"
import { isBlank, lineEnd, lineStart, nextLine, skipSpace } from "./lineAt.ts"
import type { TextChange } from "./section.ts"

/** Takes an item out of a list; a list that becomes empty stays as `[]`. */
export function removeItem(text: string, seq: SeqNode, index: number): readonly TextChange[] {
  const parts = seq.items.map(({ span }) => span)
  if (isFlow(text, seq)) return removeFromFlow(text, parts, index, seq.span)
  if (parts.length === 1) return emptyBlockList(text, seq)
  // A dash stands behind the item before, and behind comments.
  const dashes: number[] = []
  for (const [i, span] of parts.entries()) {
    const from = parts[i - 1]?.end
    dashes.push(from === undefined ? seq.span.start : skipSpace(text, from))
    if (text.charAt(dashes.at(-1) ?? 0) !== "-" || span.start < (dashes.at(-1) ?? 0)) return []
  }
  return removeFromBlock(text, dashes, parts, index)
}

/** Takes an entry out of a map that has others; nothing where that cannot be done safely. */
export function removeEntry(text: string, map: MapNode, index: number): readonly TextChange[] {
  const parts = map.entries.map(({ key, value }) => ({
    start: key.span.start,
    end: Math.max(key.span.end, value.span.end),
  }))
  if (isFlow(text, map)) return removeFromFlow(text, parts, index, map.span)
  if (parts.length === 1) return []
  const starts = parts.map(({ start }) => start)
  return removeFromBlock(text, starts, parts, index)
}

export function isFlow(text: string, { span }: TreeNode): boolean {
  const first = text.charAt(span.start)
  return first === "[" || first === "{"
}

function removeFromBlock(
  text: string,
  starts: readonly number[],
  parts: readonly Span[],
  index: number,
): readonly TextChange[] {
  const start = starts[index]
  const part = parts[index]
  if (start === undefined || part === undefined) return []
  const begin = lineStart(text, start)
  const next = starts[index + 1]
  if (isBlank(text, begin, start)) return [drop(begin, behind(text, part.end))]
  // It shares its line with the dash of an item around: the next one takes its place there.
  return next === undefined ? [] : [drop(start, next)]
}

/** The start of the line behind a part; a block scalar may already end there. */
function behind(text: string, end: number): number {
  return end > 0 && text.charAt(end - 1) === "\n" ? end : nextLine(text, end)
}

function removeFromFlow(
  text: string,
  parts: readonly Span[],
  index: number,
  whole: Span,
): readonly TextChange[] {
  const part = parts[index]
  if (!part) return []
  const comma = skipSpace(text, part.end)
  const hasComma = text.charAt(comma) === ","
  const before = parts[index - 1]
  if (!before && !parts[index + 1]) {
    const inside = text.slice(whole.start + 1, whole.end - 1)
    if (!inside.includes("#")) return [drop(whole.start + 1, whole.end - 1)]
    return [drop(part.start, hasComma ? comma + 1 : part.end)]
  }
  if (hasComma) {
    const begin = lineStart(text, part.start)
    const end = lineEnd(text, comma)
    if (isBlank(text, begin, part.start) && isBlank(text, comma + 1, end) && begin > whole.start) {
      return [drop(begin, nextLine(text, comma))]
    }
    let to = comma + 1
    while (text.charAt(to) === " ") to++
    return [drop(part.start, to)]
  }
  if (!before) return []
  const between = text.slice(before.end, part.start)
  // YAML takes a comma before a closing bracket, so that a comment may stay where it is.
  return between.includes("#") ? [drop(part.start, part.end)] : [drop(before.end, part.end)]
}

/** `key:` and its only item become `key: []`. */
function emptyBlockList(text: string, seq: SeqNode): readonly TextChange[] {
  const [item] = seq.items
  const begin = lineStart(text, seq.span.start)
  if (!item || !isBlank(text, begin, seq.span.start)) return []
  const colon = headerEnd(text, begin)
  if (colon === undefined) return []
  const end = behind(text, Math.max(item.span.end, seq.span.start + 1))
  return [{ span: { start: colon, end: colon }, newText: " []" }, drop(begin, end)]
}

/** Where the line above that holds the list's key says its last word, before a comment. */
function headerEnd(text: string, before: number): number | undefined {
  for (let end = before; end > 0; ) {
    const start = lineStart(text, end - 1)
    const line = text.slice(start, end)
    const said = line.replace(/(?:^|\s)#.*$/s, "").trimEnd()
    if (said !== "") return /:(?:\s+[&!]\S+)*$/.test(said) ? start + said.length : undefined
    end = start
  }
  return undefined
}

function drop(start: number, end: number): TextChange {
  return { span: { start, end }, newText: "" }
}
