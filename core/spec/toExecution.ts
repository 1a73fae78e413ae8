import type { SpecDocument } from "./parse.ts"
import { toValue } from "./tree.ts"

export type ToExecution =
  | { readonly kind: "execution"; readonly object: unknown }
  /** A sentence that says why this document cannot become an Execution. */
  | { readonly kind: "refused"; readonly reason: string }

/** The Execution object a document asks for, whatever its dialect. */
export function toExecution(document: SpecDocument): ToExecution {
  const errors = document.problems.filter((problem) => problem.severity === "error")
  const [first] = errors
  if (first) {
    const count = errors.length === 1 ? "an error" : `${errors.length} errors`
    return { kind: "refused", reason: `The spec has ${count}: ${first.message}` }
  }
  switch (document.dialect) {
    case "execution":
      return { kind: "execution", object: toValue(document.tree) }
    case "gcs":
    case "function":
    case "colonies-workflow":
      return {
        kind: "refused",
        reason: `A spec of the dialect "${document.dialect}" cannot run here yet.`,
      }
  }
}
