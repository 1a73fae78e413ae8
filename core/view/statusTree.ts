import type { ExecutionMetadata } from "../plan/execution.ts"
import { isObject, numberOf, objectOf } from "../plan/json.ts"
import { annotations } from "../plan/labels.ts"
import type { Plan } from "../plan/plan.ts"
import type { JobFacts, Observed } from "../run/observed.ts"
import type { Reason } from "../run/reasons/reason.ts"
import { type StartReasons, startReasons } from "../run/reasons/waits.ts"
import { type RunState, runState, type TaskState } from "../run/runState.ts"
import type { RunStatus } from "../run/status.ts"
import type { DriverView } from "./driverView.ts"
import {
  countPhases,
  noCounts,
  type PhaseCounts,
  sumCounts,
  type ViewPhase,
  worstPhase,
} from "./phase.ts"
import { jobsByStep, type StepView, settledPhases, statusReason, stepView } from "./stepView.ts"

export type { StepView } from "./stepView.ts"

/** A run as tree, panels and `--output json` show it. Times are RFC 3339, null = not yet. */
export interface RunView {
  readonly name: string
  /** What its place calls it, where that is not its name. */
  readonly id?: string
  readonly namespace: string
  readonly phase: ViewPhase
  readonly message: string
  readonly createdAt: string | null
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly counts: PhaseCounts
  readonly resumedFrom: string | null
  /** The text it was made from, where that is known. */
  readonly source: RunSource | null
  /** What its driver cannot do or see, in a sentence; it keeps trying. Or that there is no driver. */
  readonly trouble?: string
  /** Who moves it forward; absent when nothing of it moves any more. */
  readonly driver?: DriverView
  readonly tasks: readonly TaskView[]
}

/** Which text a run was made from, as its annotation says. */
export interface RunSource {
  /** Relative to the workspace, with forward slashes; absolute outside of it. */
  readonly file: string
  /** Which workflow of the file, from zero. */
  readonly document: number
  readonly hash: string
  /** By task, the hash of what it said; left out of large workflows. */
  readonly tasks?: Readonly<Record<string, string>>
}

export interface TaskView {
  readonly name: string
  readonly phase: ViewPhase
  /** False: `until` leaves it out. */
  readonly isWanted: boolean
  readonly counts: PhaseCounts
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly dependencies: readonly { readonly task: string; readonly type: "whole" | "iterate" }[]
  /** Of the worst step, or of the task itself while its steps are not known. */
  readonly reason: Reason | null
  /** Why an earlier run's work is not reused. */
  readonly runsAgain: string | null
  /** Null while the number of steps is not known. */
  readonly steps: readonly StepView[] | null
}

/** Everything there is to show of a run, joined from its plan and what is seen of it. */
export function runView(plan: Plan, observed: Observed): RunView {
  const { status, metadata } = observed
  // What is shown waits for nothing.
  const run = runState(plan, observed, status, Number.POSITIVE_INFINITY)
  const reasons = startReasons(run)
  const attempts = jobsByStep(observed)
  const tasks = plan.tasks.map((task) => {
    const state = run.tasks[task.index]
    return state === undefined ? leftOut(plan, task.index) : taskView(run, state, reasons, attempts)
  })
  return {
    ...runHead(metadata, status),
    counts: sumCounts(tasks.map((task) => task.counts)),
    tasks,
  }
}

/** A run that cannot be planned: its status is all there is to show. */
export function unplannedView(metadata: ExecutionMetadata, status: RunStatus): RunView {
  return {
    ...runHead(metadata, status),
    counts: noCounts,
    tasks: [],
  }
}

/** What its status and metadata alone say of a run. */
export function runHead(metadata: ExecutionMetadata, status: RunStatus) {
  return {
    name: metadata.name,
    namespace: metadata.namespace,
    phase: runPhase(status),
    message: status.message,
    createdAt: isoTime(metadata.createdAt),
    startedAt: status.startedAt ?? null,
    finishedAt: status.finishedAt ?? null,
    resumedFrom: status.resumed?.from ?? null,
    source: readSource(metadata),
  }
}

/** What others wrote there, and what makes no sense, counts as absent. */
function readSource({ annotations: written }: ExecutionMetadata): RunSource | null {
  const text = written[annotations.source]
  if (text === undefined) return null
  try {
    const { file, document, hash, tasks } = objectOf(JSON.parse(text))
    if (typeof file !== "string" || typeof hash !== "string") return null
    const hashes = Object.entries(objectOf(tasks)).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value] as const] : [],
    )
    return {
      file,
      document: numberOf(document) ?? 0,
      hash,
      ...(isObject(tasks) ? { tasks: Object.fromEntries(hashes) } : {}),
    }
  } catch {
    return null
  }
}

export function runPhase(status: RunStatus): ViewPhase {
  switch (status.phase) {
    case "":
      return "waiting"
    case "Running":
      return status.suspended === undefined ? "running" : "suspended"
    case "Succeeded":
      return "succeeded"
    case "Failed":
      return status.stopped === undefined ? "failed" : "stopped"
    case "Error":
      return "failed"
  }
}

function taskView(
  run: RunState,
  state: TaskState,
  reasons: StartReasons,
  jobs: ReadonlyMap<string, readonly JobFacts[]>,
): TaskView {
  const { plan, status } = run
  const { task } = state
  const { name } = task.spec
  const steps = state.steps?.map((step) => stepView(run, state, step, reasons, jobs)) ?? null
  const whole = steps === null ? wholePhase(run, state) : undefined
  const counts = steps === null ? noCounts : countPhases(steps.map((step) => step.phase))
  const phase = whole ?? worstPhase(counts)
  const worst = steps?.find((step) => step.phase === phase && step.reason !== null)
  return {
    name,
    phase,
    isWanted: true,
    counts,
    startedAt: first(steps),
    finishedAt: last(steps),
    dependencies: dependenciesOf(plan, task.index),
    reason:
      steps === null
        ? (wholeReason(state) ?? reasons(state, 0) ?? null)
        : (worst?.reason ?? steps.find((step) => step.reason?.isStuck)?.reason ?? null),
    runsAgain: status.resumed?.runsAgain[name] ?? null,
    steps,
  }
}

export function wholePhase(run: RunState, { whole, isBroken }: TaskState): ViewPhase {
  if (whole?.kind === "settled") return settledPhases[whole.vertex.phase] ?? "failed"
  if (whole?.kind === "ended") return settledPhases[whole.phase] ?? "failed"
  const isOver = run.status.phase === "Failed" || run.status.phase === "Error"
  return isOver || isBroken ? "not-started" : "unknown"
}

export function wholeReason({ task, whole }: TaskState): Reason | undefined {
  if (whole?.kind === "settled") return statusReason(task.spec.name, whole.vertex.message)
  return whole?.kind === "ended" ? statusReason(task.spec.name, whole.message) : undefined
}

function leftOut(plan: Plan, index: number): TaskView {
  return {
    name: plan.tasks[index]?.spec.name ?? "",
    phase: "not-started",
    isWanted: false,
    counts: { total: 0, isTotalKnown: true, byPhase: {} },
    startedAt: null,
    finishedAt: null,
    dependencies: dependenciesOf(plan, index),
    reason: null,
    runsAgain: null,
    steps: [],
  }
}

function dependenciesOf(plan: Plan, index: number): TaskView["dependencies"] {
  return (plan.tasks[index]?.dependencies ?? []).map(({ task, type }) => ({
    task: plan.tasks[task]?.spec.name ?? "",
    type,
  }))
}

function first(steps: readonly StepView[] | null): string | null {
  let earliest: string | null = null
  for (const { startedAt } of steps ?? []) {
    if (startedAt !== null && (earliest === null || startedAt < earliest)) earliest = startedAt
  }
  return earliest
}

/** Null while any step has not ended. */
function last(steps: readonly StepView[] | null): string | null {
  let latest: string | null = null
  for (const { finishedAt, phase } of steps ?? []) {
    if (finishedAt === null && phase !== "skipped") return null
    if (finishedAt !== null && (latest === null || finishedAt > latest)) latest = finishedAt
  }
  return latest
}

export function isoTime(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : new Date(milliseconds).toISOString()
}
