import type { Plan } from "../plan/plan.ts"
import type { Observed } from "../run/observed.ts"
import type { Reason } from "../run/reasons/reason.ts"
import { startReasons } from "../run/reasons/waits.ts"
import { type RunState, runState, type TaskState } from "../run/runState.ts"
import { countPhases, noCounts, sumCounts, type ViewPhase } from "./phase.ts"
import { type RunView, runHead, wholePhase, wholeReason } from "./statusTree.ts"
import { stepPhase, stepWhy } from "./stepView.ts"

/** A run in a list of many: what can be told of it without looking at each step and pod. */
export interface RunSummary extends Omit<RunView, "tasks"> {
  /** Tasks that are part of the run. */
  readonly taskCount: number
  /** Why it failed or is stuck, in one sentence. */
  readonly reason: string | null
}

/** As `summaryOf` of its whole view, at a fraction of the cost. */
export function runSummary(plan: Plan, observed: Observed): RunSummary {
  const { status, metadata } = observed
  const run = runState(plan, observed, status, Number.POSITIVE_INFINITY)
  const tasks = run.tasks.flatMap((state) => state ?? [])
  const phases = tasks.map((state) => state.steps?.map((step) => stepPhase(run, state, step.index)))
  const why = whys(run)
  return {
    ...runHead(metadata, status),
    counts: sumCounts(phases.map((list) => (list === undefined ? noCounts : countPhases(list)))),
    taskCount: tasks.length,
    reason: shortReason(
      tasks.map((state, index) => ({
        phases: phases[index] ?? [wholePhase(run, state)],
        reason: (index) => why(state, index),
      })),
    ),
  }
}

/** The same from a view that is there already. */
export function summaryOf({ tasks, ...own }: RunView): RunSummary {
  const wanted = tasks.filter((task) => task.isWanted)
  return {
    ...own,
    taskCount: wanted.length,
    reason: shortReason(
      wanted.map((task) => ({
        phases: task.steps?.map(({ phase }) => phase) ?? [task.phase],
        reason: (index) => (task.steps === null ? task.reason : task.steps[index]?.reason) ?? null,
      })),
    ),
  }
}

interface TaskReasons {
  readonly phases: readonly ViewPhase[]
  /** Asked for few steps only: it is what costs. */
  readonly reason: (index: number) => Reason | null
}

/** Of each task only the first step in a phase is looked at: its fellows mostly share its fate. */
function shortReason(tasks: readonly TaskReasons[]): string | null {
  const first = (phase: ViewPhase, isTold: (reason: Reason) => boolean) => {
    for (const { phases, reason } of tasks) {
      const index = phases.indexOf(phase)
      const why = index < 0 ? null : reason(index)
      if (why !== null && isTold(why)) return why.sentence
    }
    return null
  }
  return (
    first("failed", () => true) ??
    first("queued", ({ isStuck }) => isStuck) ??
    first("waiting", ({ isStuck }) => isStuck)
  )
}

function whys(run: RunState): (state: TaskState, index: number) => Reason | null {
  const reasons = startReasons(run)
  return (state, index) => {
    const step = state.steps?.[index]
    if (step !== undefined) return stepWhy(run, state, step, reasons)
    return wholeReason(state) ?? reasons(state, 0) ?? null
  }
}
