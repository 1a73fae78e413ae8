import type { Range } from "vscode-languageserver-types"
import type { Span } from "#core/problem"
import type { SpecFile } from "#core/spec/specFile"

export function toRange(file: SpecFile, span: Span): Range {
  return { start: file.positionAt(span.start), end: file.positionAt(span.end) }
}
