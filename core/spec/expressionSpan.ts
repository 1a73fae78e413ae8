import type { Span } from "../problem.ts"
import { type Reference, scanReferences } from "./expression.ts"
import type { ScalarNode } from "./tree.ts"

/**
 * Where a reference in a scalar's value stands in the text. Quotes, escapes and folded lines move
 * characters, so the reference of the same number is looked up in the source; where the two do not
 * agree (an escape inside the braces), the whole scalar is the answer.
 */
export function referenceSpan(node: ScalarNode, reference: Reference): Span {
  const value = typeof node.value === "string" ? node.value : node.source
  const inValue = scanReferences(value)
  const inSource = scanReferences(node.source)
  const index = inValue.findIndex((other) => other.start === reference.start)
  const twin = inSource[index]
  if (twin === undefined || inSource.length !== inValue.length) return node.span
  if (reference.kind === "unterminated") {
    const end = node.span.end - (/["']$/.test(node.source) && node.style !== "plain" ? 1 : 0)
    const firstLine = node.source.slice(twin.start).search(/\r?\n|$/)
    const start = node.span.start + twin.start
    return { start, end: Math.min(end, start + firstLine) }
  }
  if (twin.name !== reference.name) return node.span
  return { start: node.span.start + twin.start, end: node.span.start + twin.end }
}

/** A stretch of a scalar's value in the text, for values written on one line without escapes. */
export function spanInside(node: ScalarNode, start: number, end: number): Span {
  const opening = node.style === "single" || node.style === "double" ? 1 : 0
  const body = node.source.slice(opening, node.source.length - opening)
  if (body !== node.value) return node.span
  const from = node.span.start + opening
  return { start: from + start, end: from + end }
}
