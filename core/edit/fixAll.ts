import type { ProblemCode } from "../problem.ts"
import type { OpenDocument } from "../spec/openDocument.ts"
import { type Fix, fixesFor } from "./fix.ts"
import type { PlacedEdit } from "./section.ts"

/** The best fix of every mistake (of one kind) that takes nothing from another, as one change. */
export function fixAll(
  document: OpenDocument,
  wanted: { readonly code?: ProblemCode; readonly isSafe?: boolean },
): { readonly edits: readonly PlacedEdit[]; readonly count: number } {
  const edits: PlacedEdit[] = []
  const taken = new Map<unknown, PlacedEdit[]>()
  let count = 0
  for (const found of document.problems()) {
    if (wanted.code !== undefined && found.problem.code !== wanted.code) continue
    const fix: Fix | undefined = fixesFor(document, found).find(({ isPreferred }) => isPreferred)
    if (!fix || (wanted.isSafe && !fix.isSafe)) continue
    if (fix.edits.some((edit) => (taken.get(edit.item) ?? []).some((other) => meet(edit, other)))) {
      continue
    }
    count++
    for (const edit of fix.edits) {
      edits.push(edit)
      const list = taken.get(edit.item)
      if (list) list.push(edit)
      else taken.set(edit.item, [edit])
    }
  }
  return { edits, count }
}

/** Two changes of one place; of two texts put in at one place nobody knows the order. */
function meet(a: PlacedEdit, b: PlacedEdit): boolean {
  return a.span.start <= b.span.end && b.span.start <= a.span.end
}
