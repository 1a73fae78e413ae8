import type { Span, Text } from "./problem.ts"

export const dialects = ["execution", "gcs", "function", "colonies-workflow"] as const

/** How a spec is written; what it says is one model for all of them. */
export type Dialect = (typeof dialects)[number]

/** What a spec file says. Always the best that could be read, however broken the text is. */
export interface Workflow {
  readonly dialect: Dialect
  readonly name: Text | undefined
  readonly namespace: Text | undefined
  readonly tasks: readonly Task[]
}

/**
 * A node the author wrote. Spans inside a task count from `offset`, so a task whose text did not
 * change stays the same object while the text above it grows; absolute = offset + span.
 */
export interface Task {
  readonly offset: number
  /** The whole task, from its first key to the end of its last value. */
  readonly span: Span
  readonly name: Text | undefined
  readonly dependencies: readonly Dependency[]
  readonly steps: StepCount
}

export interface Dependency {
  readonly target: Text
  /** whole: after every step of the target; iterate: step i after step i. */
  readonly type: "whole" | "iterate"
  readonly span: Span
}

/** How many Jobs a task becomes, as far as the text alone can tell. */
export type StepCount =
  | { readonly kind: "known"; readonly count: number }
  | { readonly kind: "dynamic" }
