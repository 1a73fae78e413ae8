import type { Span } from "../problem.ts"
import { type Reference, scanReferences } from "./expression.ts"
import type { ScalarNode } from "./tree.ts"

/**
 * Where the references in a scalar's value stand in the text. Quotes, escapes and folded lines move
 * characters, so the reference of the same number is looked up in the source; where the two do not
 * agree (an escape inside the braces), the whole scalar is the answer.
 */
export function placesOf(node: ScalarNode): (reference: Reference) => Span {
  // Most references are right, so the source is only looked at when a place is wanted.
  let twins: ReadonlyMap<number, Reference> | undefined
  return (reference) => {
    twins ??= twinsIn(node)
    const twin = twins.get(reference.start)
    if (twin === undefined) return node.span
    const start = node.span.start + twin.start
    if (reference.kind === "unterminated") {
      const end = node.span.end - (/["']$/.test(node.source) && node.style !== "plain" ? 1 : 0)
      const firstLine = node.source.slice(twin.start).search(/\r?\n|$/)
      return { start, end: Math.min(end, start + firstLine) }
    }
    return twin.name === reference.name ? { start, end: node.span.start + twin.end } : node.span
  }
}

/** References of the source by where their twins in the value start. */
function twinsIn(node: ScalarNode): ReadonlyMap<number, Reference> {
  const inValue = scanReferences(typeof node.value === "string" ? node.value : node.source)
  const inSource = scanReferences(node.source)
  if (inValue.length !== inSource.length) return new Map()
  return new Map(
    inValue.flatMap(({ start }, index) => {
      const twin = inSource[index]
      return twin === undefined ? [] : [[start, twin] as const]
    }),
  )
}

/** A stretch of a scalar's value in the text, for values written on one line without escapes. */
export function spanInside(node: ScalarNode, start: number, end: number): Span {
  const opening = node.style === "single" || node.style === "double" ? 1 : 0
  const body = node.source.slice(opening, node.source.length - opening)
  if (body !== node.value) return node.span
  const from = node.span.start + opening
  return { start: from + start, end: from + end }
}
