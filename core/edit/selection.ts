import type { Span } from "../problem.ts"
import type { Position } from "../spec/piece.ts"
import { type Range, rangeOf, type SpecFile } from "../spec/specFile.ts"
import { lineStart } from "./lineAt.ts"
import { sectionOf, stepsTo } from "./section.ts"

/** The stretches around a position, the largest one first, each inside the one before. */
export function selectionAt(file: SpecFile, position: Position): readonly Range[] {
  const standing = file.standingAt(position.line)
  const { text, dialect } = standing?.document ?? {}
  if (!standing || !text || !dialect) return []
  const spot = text.spotAt({ line: position.line - standing.line, character: position.character })
  const section = sectionOf(standing.document, text.layout ? spot.item : undefined)
  if (!section) return []
  const start = { line: standing.line, character: 0 }
  const ranges: Range[] = [{ start, end: file.positionAt(endOf(file, standing.line)) }]
  const point = { start: spot.offset, end: spot.offset }
  const spans: Span[] = []
  for (const { node, within } of stepsTo(section, point)) {
    if (within && "map" in within) {
      const entry = within.map.entries[within.index]
      if (entry) {
        const end = Math.max(entry.key.span.end, entry.value.span.end)
        spans.push({ start: entry.key.span.start, end })
      }
    }
    spans.push(node.span)
    if (node.kind === "scalar" && (node.style === "single" || node.style === "double")) {
      spans.push({ start: node.span.start + 1, end: node.span.end - 1 })
    }
  }
  if (section.item && section.tree.span.end > section.tree.span.start) {
    // The whole task, its dash or key with it.
    const first = section.key?.span.start ?? section.tree.span.start
    const dash = section.text.slice(lineStart(section.text, first), first).search(/\S/)
    const from = dash < 0 ? first : lineStart(section.text, first) + dash
    spans.unshift({ start: from, end: section.tree.span.end })
  }
  let last: Range | undefined = ranges[0]
  for (const span of spans) {
    if (point.start < span.start || point.end > span.end) continue
    const range = rangeOf({ item: section.item, span }, standing)
    if (last && same(last, range)) continue
    ranges.push(range)
    last = range
  }
  return ranges
}

function endOf(file: SpecFile, line: number): number {
  let end = 0
  for (const standing of file.standing()) {
    end += standing.document.text.length
    if (standing.line === line) return end
  }
  return end
}

function same(a: Range, b: Range): boolean {
  return (
    a.start.line === b.start.line &&
    a.start.character === b.start.character &&
    a.end.line === b.end.line &&
    a.end.character === b.end.character
  )
}
