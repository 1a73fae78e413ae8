import type { Plan } from "../plan/plan.ts"
import { applyWishes } from "./applyWishes.ts"
import { type Creation, creations } from "./creations.ts"
import { type News, news } from "./news.ts"
import type { Observed } from "./observed.ts"
import { resume } from "./resume.ts"
import { rollUp } from "./rollUp.ts"
import { type RunState, runState } from "./runState.ts"
import type { RunStatus } from "./status.ts"
import { tellingUntil } from "./stepState.ts"
import { type Deletion, deletions } from "./stop.ts"

/** What a driver has to do next. Each is safe to do twice, and safe to lose. */
export type Action =
  /** Create the Job that `jobManifest` makes of it. "Already exists" is an answer like any other. */
  | Creation
  /** Delete the Job in the foreground, if it still has this uid. */
  | Deletion
  /** Read the log and put it in `observed.logs` under the Job's name. */
  | LogReading
  /** Look with a fresh request; then the Job is in `observed.jobs` or its name in `observed.gone`. */
  | { readonly kind: "lookFor"; readonly job: string }
  /** Read the Execution of this name in the same namespace into `observed.resumedFrom`. */
  | { readonly kind: "readRun"; readonly name: string }

export interface LogReading {
  readonly kind: "readLog"
  readonly job: string
  /** Undefined: the pod was not seen yet; find the Job's only pod that ended well. */
  readonly pod: string | undefined
  /** Undefined: the pod's first container. */
  readonly container: string | undefined
}

export interface Decision {
  /** In this order of importance; all may be under way at once. */
  readonly actions: readonly Action[]
  /** The whole next status; the very object that was observed when nothing is to be written. */
  readonly status: RunStatus
  /** When to decide again even if nothing is heard. */
  readonly wakeAt: number | undefined
  /** To be told as Events once the status was written. */
  readonly news: readonly News[]
}

/** Chooses what to do from the whole observed state, never from the event that woke us. */
export function decide(plan: Plan, observed: Observed, now: number): Decision {
  const nothing = { actions: [], status: observed.status, wakeAt: undefined, news: [] }
  // Its Jobs go with it: they are owned by it.
  if (observed.metadata.deletedAt !== undefined) return nothing
  const wished = applyWishes(plan, observed.status, observed.metadata.annotations)
  const start = resume(plan, observed, wished, now)
  if (start !== undefined)
    return { ...nothing, ...start, news: news(observed.status, start.status) }
  if (isOver(wished)) return { ...nothing, status: wished }

  const run = runState(plan, observed, wished, now)
  const { status, isHalted } = rollUp(run, now)
  const actions: Action[] = [...deletions(run), ...readings(run), ...lookups(run)]
  if (!isHalted) actions.push(...creations(run, now))
  return {
    actions,
    status,
    wakeAt: nextLook(run, now),
    news: news(observed.status, status),
  }
}

function isOver({ phase, finishedAt }: RunStatus): boolean {
  return phase === "Error" || (finishedAt !== undefined && phase !== "Running" && phase !== "")
}

function readings(run: RunState): readonly LogReading[] {
  const list: LogReading[] = []
  for (const task of run.tasks) {
    if (!task?.task.givesResult) continue
    for (const state of task.states) {
      if (state.kind !== "active" || !state.wantsLog) continue
      const pod = state.pods.find(
        (one) =>
          one.ownerUid === state.job.uid &&
          one.phase !== "Failed" &&
          one.containers.every(({ state }) => state.kind === "terminated" && state.exitCode === 0),
      )
      list.push({
        kind: "readLog",
        job: state.job.name,
        pod: pod?.name,
        container: pod?.containers[0]?.name,
      })
    }
  }
  return list
}

function lookups(run: RunState): readonly Action[] {
  return run.tasks.flatMap((task) =>
    (task?.steps ?? []).flatMap((step): Action[] => {
      if (task?.states[step.index]?.kind !== "unseen") return []
      const vertex = run.status.vertices.get(step.vertex)
      return [{ kind: "lookFor", job: vertex?.name ?? step.job }]
    }),
  )
}

/** When a refused creation may be tried again, or a failure is taken without its pod's word. */
function nextLook(run: RunState, now: number): number | undefined {
  let first: number | undefined
  for (const task of run.tasks) {
    for (const state of task?.states ?? []) {
      const at =
        state.kind === "refused"
          ? state.refusal.retryAt
          : state.kind === "active" && state.job.end?.kind === "failed"
            ? tellingUntil(state.job.end)
            : undefined
      if (at !== undefined && at > now && (first === undefined || at < first)) first = at
    }
  }
  return first
}
