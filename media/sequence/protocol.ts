import type { JobChange } from "#core/view/jobChange"
import type { JobView } from "#core/view/jobView"
import type { RunChange } from "#core/view/runChange"
import type { RunView } from "#core/view/statusTree"

export interface SequencePanel {
  readonly subject: SequenceSubject
  readonly toPage: SequenceToPage
  readonly toHost: SequenceToHost
}

/** A run, or a Job or CronJob that no run made. */
export type SequenceSubject = {
  readonly place: string
  /** How it is looked at first. */
  readonly look?: Look
} & (
  | { readonly kind: "run"; readonly run: string }
  | { readonly kind: "job"; readonly of: JobView["kind"]; readonly name: string }
)

export const looks = ["sequence", "table", "list", "grid"] as const
export type Look = (typeof looks)[number]

export type SequenceToPage =
  | { readonly kind: "run"; readonly view: RunView }
  | { readonly kind: "run changed"; readonly change: RunChange }
  | { readonly kind: "job"; readonly view: JobView }
  | { readonly kind: "job changed"; readonly change: JobChange }
  | { readonly kind: "place"; readonly name: string; readonly stale: Stale | null }
  /** It cannot be shown: it is gone, or may not be looked at. */
  | { readonly kind: "trouble"; readonly sentence: string }
  | { readonly kind: "look"; readonly look: Look }

export interface Stale {
  readonly since: number
  readonly message: string
}

export type SequenceToHost =
  | { readonly kind: "openStep"; readonly step: string }
  /** Of a pod of a Job that no run made: it has no step. */
  | { readonly kind: "openLog"; readonly job: string; readonly pod: string }
  | { readonly kind: "copy"; readonly text: string }
  | { readonly kind: "save"; readonly name: string; readonly content: string }
