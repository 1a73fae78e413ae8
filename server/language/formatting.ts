import type { Position, Range, TextEdit } from "vscode-languageserver-types"
import { format, formatLines } from "#core/edit/format"
import { indentAfter } from "#core/edit/indentAfter"
import type { TextChange } from "#core/edit/section"
import { Piece } from "#core/spec/piece"
import type { SpecFile } from "#core/spec/specFile"

/** Lays the file out; what it says, its comments and its texts stay. */
export function formatting(file: SpecFile): TextEdit[] {
  const text = file.text()
  return isOurs(file) ? textEdits(text, format(text)) : []
}

export function rangeFormatting(file: SpecFile, { start, end }: Range): TextEdit[] {
  const text = file.text()
  // A range that ends before the first character of a line does not mean that line.
  const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line
  return isOurs(file) ? textEdits(text, formatLines(text, start.line, last)) : []
}

/** After Enter: the new line stands where the next key would, the one above ends without blanks. */
export function onTypeFormatting(file: SpecFile, position: Position, typed: string): TextEdit[] {
  if (typed !== "\n" || !isOurs(file)) return []
  const text = file.text()
  return textEdits(text, indentAfter(text, new Piece(text).offsetAt(position)))
}

function isOurs(file: SpecFile): boolean {
  for (const { document } of file.standing()) if (document.dialect) return true
  return false
}

function textEdits(text: string, changes: readonly TextChange[]): TextEdit[] {
  const whole = new Piece(text)
  return changes.map(({ span, newText }) => ({
    range: { start: whole.positionAt(span.start), end: whole.positionAt(span.end) },
    newText,
  }))
}
