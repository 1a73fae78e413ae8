import { Piece } from "../spec/piece.ts"
import { type Range, rangeOf, type Standing } from "../spec/specFile.ts"
import { applied } from "./format.ts"
import type { PlacedEdit } from "./section.ts"

/** A change of a file, as editors want it. */
export interface RangeEdit {
  readonly range: Range
  readonly newText: string
}

export function rangeEdits(edits: readonly PlacedEdit[], standing: Standing): RangeEdit[] {
  return edits.map((edit) => ({ range: rangeOf(edit, standing), newText: edit.newText }))
}

/** The file's text after the changes, in whatever order they come. */
export function edited(text: string, edits: readonly RangeEdit[]): string {
  const whole = new Piece(text)
  const changes = edits
    .map(({ range, newText }) => ({
      span: { start: whole.offsetAt(range.start), end: whole.offsetAt(range.end) },
      newText,
    }))
    .sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
  return applied(text, changes)
}
