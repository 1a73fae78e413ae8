import type { AskedFor } from "#core/view/askedFor"
import type { ConditionView } from "#core/view/conditions"
import type { StepDetail } from "#core/view/stepDetail"

export interface StepPanel {
  readonly subject: StepSubject
  readonly toPage: StepToPage
  readonly toHost: StepToHost
}

export interface StepSubject {
  readonly place: string
  readonly run: string
  /** A step such as `align.17`, or one of its pods. */
  readonly step: string
}

export type StepToPage =
  | { readonly kind: "step"; readonly detail: StepDetail }
  /** Null: the place keeps none of anything. */
  | { readonly kind: "events"; readonly events: readonly EventView[] | null }
  | { readonly kind: "log"; readonly pod: string; readonly lines: readonly string[] }
  /** All that there is to be read of its log was told. */
  | { readonly kind: "log read" }
  | { readonly kind: "object"; readonly of: ObjectKind; readonly object: ObjectText | null }
  /** A part of it may not be looked at, or cannot be. */
  | { readonly kind: "refused"; readonly what: "events" | "log" | ObjectKind; readonly why: string }
  | {
      readonly kind: "place"
      readonly is: PlaceKind
      readonly name: string
      readonly stale: Stale | null
    }
  /** The step is gone, or its run may not be looked at. */
  | { readonly kind: "trouble"; readonly sentence: string }

export interface EventView {
  /** For example `Pod/align.17-x7k2p`. */
  readonly about: string
  readonly type: string
  readonly reason: string
  readonly message: string
  readonly count: number
  readonly lastAt: number
}

export interface ObjectText {
  readonly text: string
  /** Of a Job. */
  readonly asked: AskedFor | null
  readonly conditions: readonly ConditionView[]
}

export type ObjectKind = "Job" | "Pod"

export type PlaceKind = "kube" | "local" | "rehearsal" | "colonies"

export interface Stale {
  readonly since: number
  readonly message: string
}

export type StepToHost =
  | { readonly kind: "act"; readonly act: StepAct }
  | { readonly kind: "open"; readonly step: string }
  | { readonly kind: "read"; readonly of: ObjectKind }
  | { readonly kind: "copy"; readonly text: string }

/**
 * runFrom: the step's task and what follows it, with the text as it is now. raise: the amount that
 * was too little is offered as more, in the text. tree: the step's row among the runs.
 */
export type StepAct = "log" | "source" | "raise" | "runFrom" | "retry" | "graph" | "tree" | "resume"
