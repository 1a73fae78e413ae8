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

/** A task and where it starts: its spans count from `offset`; absolute = offset + span. */
export interface Task extends TaskFacts {
  readonly offset: number
}

/**
 * A node the author wrote. Its spans count from the start of the task's own text, so a task whose
 * text did not change stays the same object while the text above it grows.
 */
export interface TaskFacts {
  /** The whole task, from its first key to the end of its last value. */
  readonly span: Span
  readonly name: Text | undefined
  readonly dependencies: readonly Dependency[]
  readonly steps: StepCount
  /** Tasks this one names inside a function or a condition: get_result, check_result, a rule. */
  readonly references?: readonly Reference[]
  /** Set when the text itself says that the task never runs: the place that says so. */
  readonly off?: Span
  /** Has a condition or commandsIter: KubeGene's own controller knows its steps only at run time. */
  readonly late?: boolean
}

export interface Dependency {
  readonly target: Text
  /** whole: after every step of the target; iterate: step i after step i. */
  readonly type: "whole" | "iterate"
  readonly span: Span
}

/** A function or rule that reads the result of another task. */
export interface Reference {
  readonly by: "get_result" | "check_result" | "genericCondition"
  readonly target: Text
}

/** How many Jobs a task becomes, as far as the text alone can tell. */
export type StepCount =
  | { readonly kind: "known"; readonly count: number }
  | { readonly kind: "dynamic" }
