import type { PhaseCounts, ViewPhase } from "#core/view/phase"
import type { Picture } from "#core/view/picture"

export interface GraphPanel {
  readonly subject: GraphSubject
  readonly toPage: GraphToPage
  readonly toHost: GraphToHost
}

/** What a graph is drawn of: a workflow as it is written, or a run. */
export type GraphSubject =
  | { readonly kind: "spec"; readonly uri: string; readonly index: number }
  | { readonly kind: "run"; readonly place: string; readonly run: string }

export type GraphToPage =
  /** The tasks and what each waits for; sent when they change, not when their phases do. */
  | { readonly kind: "picture"; readonly picture: Picture }
  /** Whose run it is and how it goes; null: nothing of it runs. */
  | { readonly kind: "head"; readonly head: Head | null }
  /** The tasks that changed. */
  | { readonly kind: "tasks"; readonly tasks: readonly TaskState[] }
  | ({ readonly kind: "steps" } & StepStates)
  /** Text that cannot be read, from its line (counted from zero); null: all of it can. */
  | { readonly kind: "broken"; readonly line: number | null }
  /** Since when what is shown may be out of date; null: it is not. */
  | {
      readonly kind: "stale"
      readonly stale: { readonly since: number; readonly message: string } | null
    }
  /** The cursor or the tree is at this task. */
  | { readonly kind: "select"; readonly task: string; readonly step: number | null }
  /** A whole panel that cannot be shown, in a sentence. */
  | { readonly kind: "failed"; readonly message: string }

export interface Head {
  readonly name: string
  readonly phase: ViewPhase
  readonly message: string
  readonly counts: PhaseCounts
  readonly startedAt: string | null
  readonly finishedAt: string | null
  /** For example "lab-cluster / gene". */
  readonly place: string
  /** The text is not the one that runs any more. */
  readonly isChanged: boolean
}

export interface TaskState {
  readonly name: string
  readonly phase: ViewPhase
  readonly counts: PhaseCounts
  readonly startedAt: string | null
  readonly finishedAt: string | null
  /** Why it waits, failed, was skipped or reused. */
  readonly reason: string | null
  /** The step that reason is of. */
  readonly reasonStep: number | null
  /** The most Jobs that one of its steps needed. */
  readonly attempts: number
}

/** Phases of steps, as numbers: places in `viewPhases`. Steps are counted through the whole picture. */
export interface StepStates {
  /** The number of each step that changed; absent: all of them from the first. */
  readonly at?: Uint32Array
  readonly phases: Uint8Array
}

export type GraphToHost =
  /** A person chose it: the source and the tree follow. */
  | { readonly kind: "chosen"; readonly task: string; readonly step: number | null }
  | {
      readonly kind: "open"
      readonly what: "source" | "log" | "step"
      readonly task: string
      readonly step: number | null
    }
  | {
      readonly kind: "act"
      readonly act: "run" | "stop" | "run again"
      readonly task: string | null
    }
  | { readonly kind: "save"; readonly name: string; readonly content: string | Uint8Array }
