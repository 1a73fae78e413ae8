import type { Plan } from "../plan/plan.ts"
import type { Observed } from "./observed.ts"
import type { RunStatus } from "./status.ts"

/** What a driver has to do next. Each is safe to do twice, and safe to lose. */
export type Action =
  /** Create the Job `jobManifest(plan.execution, {task: plan.tasks[task].spec, …})` makes. */
  | {
      readonly kind: "create"
      readonly job: string
      readonly task: number
      readonly index: number
      readonly attempt: number
      readonly command: string | undefined
      readonly stepHash: string
    }
  /** Delete the Job, in the foreground. `uid` makes sure that it is still the same one. */
  | { readonly kind: "delete"; readonly job: string; readonly uid: string }
  /** Read the log and put it in `observed.logs` under the Job's name. */
  | {
      readonly kind: "readLog"
      readonly job: string
      readonly pod: string
      readonly container: string
    }
  /** Look with a fresh request; then the Job is in `observed.jobs` or its name in `observed.gone`. */
  | { readonly kind: "lookFor"; readonly job: string }
  /** Read the Execution of this name in the same namespace into `observed.resumedFrom`. */
  | { readonly kind: "readRun"; readonly name: string }

export interface Decision {
  /**
   * To be done in this order; several may be under way at once. At most `maxCreations` are
   * creations: when there is more to create, `wakeAt` is now.
   */
  readonly actions: readonly Action[]
  /** The whole next status. The same object as observed when nothing changed. */
  readonly status: RunStatus
  /** When to decide again even if nothing is heard. */
  readonly wakeAt: number | undefined
  /** Things to tell as Kubernetes Events on the Execution, once the status was written. */
  readonly news: readonly News[]
}

export interface News {
  readonly type: "Normal" | "Warning"
  readonly reason: string
  readonly message: string
}

export const maxCreations = 256

/** Pure: the whole observed state in, what to do out; never asks which event woke it. */
export type Decide = (plan: Plan, observed: Observed, now: number) => Decision
