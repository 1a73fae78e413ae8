import { stepId } from "../plan/names.ts"
import type { Plan, PlannedTask } from "../plan/plan.ts"
import type { Observed, PodFacts } from "../run/observed.ts"
import type { VertexStatus } from "../run/status.ts"

/** The words of every picture of a run. */
export type ViewPhase =
  | "waiting"
  | "queued"
  | "running"
  | "succeeded"
  | "failed"
  | "skipped"
  | "stopped"
  | "reused"

/** A run as tree, panels and terminal show it. Plain data. */
export interface RunView {
  readonly name: string
  readonly namespace: string
  readonly uid: string
  readonly phase: ViewPhase
  readonly message: string
  readonly startedAt: string | undefined
  readonly finishedAt: string | undefined
  readonly done: number
  /** Undefined while the number of some task's steps is not known yet. */
  readonly total: number | undefined
  readonly tasks: readonly TaskView[]
}

export interface TaskView {
  readonly name: string
  readonly phase: ViewPhase
  readonly done: number
  readonly total: number | undefined
  readonly steps: readonly StepView[]
}

export interface StepView {
  readonly id: string
  readonly phase: ViewPhase
  readonly message: string
  readonly job: string
}

/** What a run looks like now. */
export function runView(plan: Plan, observed: Observed): RunView {
  const { status, metadata } = observed
  const tasks = plan.tasks.filter((task) => task.isWanted).map((task) => taskView(task, observed))
  const totals = tasks.map((task) => task.total)
  return {
    name: metadata.name,
    namespace: metadata.namespace,
    uid: metadata.uid,
    phase: runPhase(status.phase),
    message: status.message,
    startedAt: status.startedAt,
    finishedAt: status.finishedAt,
    done: tasks.reduce((sum, task) => sum + task.done, 0),
    total: totals.includes(undefined)
      ? undefined
      : totals.reduce<number>((sum, total) => sum + (total ?? 0), 0),
    tasks,
  }
}

function taskView(task: PlannedTask, observed: Observed): TaskView {
  const steps = (task.steps ?? []).map((step): StepView => {
    const vertex = observed.status.vertices.get(step.vertex)
    const job = vertex?.name ?? step.job
    return {
      id: stepId(task.spec.name, step.index),
      phase: stepPhase(vertex, observed.pods.get(job) ?? []),
      message: vertex?.message ?? "",
      job,
    }
  })
  return {
    name: task.spec.name,
    phase: worst(steps.map((step) => step.phase)),
    done: steps.filter((step) => isDone(step.phase)).length,
    total: task.steps?.length,
    steps,
  }
}

function runPhase(phase: string): ViewPhase {
  switch (phase) {
    case "Succeeded":
      return "succeeded"
    case "Failed":
    case "Error":
      return "failed"
    case "Running":
      return "running"
    default:
      return "waiting"
  }
}

function stepPhase(vertex: VertexStatus | undefined, pods: readonly PodFacts[]): ViewPhase {
  switch (vertex?.phase) {
    case "Succeeded":
      return "succeeded"
    case "Failed":
    case "Error":
      return "failed"
    case "Skipped":
      return "skipped"
    case "Stopped":
      return "stopped"
    case "Reused":
      return "reused"
    case "Running":
      return pods.some((pod) => pod.phase !== "Pending") ? "running" : "queued"
    default:
      return "waiting"
  }
}

const worstFirst: readonly ViewPhase[] = ["failed", "stopped", "running", "queued", "waiting"]

function worst(phases: readonly ViewPhase[]): ViewPhase {
  return worstFirst.find((phase) => phases.includes(phase)) ?? phases[0] ?? "waiting"
}

function isDone(phase: ViewPhase): boolean {
  return phase === "succeeded" || phase === "skipped" || phase === "reused"
}
