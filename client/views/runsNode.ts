import type { ViewPhase } from "#core/view/phase"

/** A row of the Runs tree: what it is about, never what it shows, so that it stays the same row. */
export type RunsNode = { readonly id: string; readonly parent: RunsNode | undefined } & RowKind

export type RowKind =
  | { readonly kind: "place"; readonly place: string }
  /** A sentence in place of rows. */
  | { readonly kind: "notice"; readonly text: string; readonly fault: string }
  | { readonly kind: "run"; readonly place: string; readonly run: string }
  | ({ readonly kind: "task" } & TaskRow)
  /** A task that hangs elsewhere too. */
  | ({ readonly kind: "link"; readonly isAbove: boolean } & TaskRow)
  /** All steps of a task, in the graph's tree. */
  | ({ readonly kind: "steps" } & TaskRow)
  | ({ readonly kind: "group"; readonly phase: ViewPhase } & TaskRow)
  | ({ readonly kind: "step" } & StepRow)
  | ({ readonly kind: "attempt"; readonly attempt: number } & StepRow)
  | ({ readonly kind: "try"; readonly attempt: number; readonly pod: string } & StepRow)
  | { readonly kind: "more"; readonly count: number }

interface TaskRow {
  readonly place: string
  readonly run: string
  readonly task: string
}

interface StepRow extends TaskRow {
  readonly step: string
  readonly index: number
}
