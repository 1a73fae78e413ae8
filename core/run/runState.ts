import { commandOf, mostSteps, type Results, stepCountWith } from "../plan/commands.ts"
import { jobName, wholeTaskId } from "../plan/names.ts"
import { type Plan, type PlannedTask, type Step, stepsOf } from "../plan/plan.ts"
import { type Gate, gate } from "./gate.ts"
import { type KeptSteps, keptSteps } from "./keptSteps.ts"
import type { Observed } from "./observed.ts"
import { type StartPolicy, startPolicy } from "./release.ts"
import type { RunStatus } from "./status.ts"
import { ended, isSettled, type StepState, stepState } from "./stepState.ts"

/** What a step means for those that wait for it. */
export const standing = {
  open: 0,
  busy: 1,
  /** What follows may start. */
  done: 2,
  /** It failed, was stopped, or can never start. */
  broken: 3,
  skipped: 4,
} as const

export interface TaskState {
  readonly task: PlannedTask
  /** Undefined while the number of steps is not known. */
  readonly steps: readonly Step[] | undefined
  readonly states: readonly StepState[]
  /** One of `standing` per step. */
  readonly standings: readonly number[]
  /** What is said of the task as a whole where it has no steps to say it of. */
  readonly whole: StepState | undefined
  readonly gate: Gate
  readonly isDone: boolean
  readonly isBroken: boolean
  readonly isSkipped: boolean
}

export interface RunState {
  readonly plan: Plan
  readonly observed: Observed
  /** After wishes. */
  readonly status: RunStatus
  readonly policy: StartPolicy
  /** By task index; undefined for a task that `until` leaves out. */
  readonly tasks: readonly (TaskState | undefined)[]
  /** Only what status holds already: a Job is never made from anything less. */
  readonly results: Results
  readonly now: number
  /** By task index. */
  readonly kept: readonly KeptSteps[]
}

/** Joins plan, status and what is seen, step by step, upstream first. */
export function runState(plan: Plan, observed: Observed, status: RunStatus, now: number): RunState {
  const { name } = plan.execution.metadata
  const results: Results = (task) => status.vertices.get(`${name}.${task}.0`)?.result
  const policy = startPolicy(observed.metadata.annotations)
  const tasks: (TaskState | undefined)[] = plan.tasks.map(() => undefined)
  const kept = keptSteps(plan, observed, status, policy)
  const pass: Pass = { plan, observed, status, policy, tasks, results, now, kept }
  for (const index of plan.order) {
    const task = plan.tasks[index]
    if (task?.isWanted) tasks[index] = taskState(pass, task)
  }
  return pass
}

type Pass = RunState

function taskState(pass: Pass, task: PlannedTask): TaskState {
  const kept = pass.kept[task.index]
  if (kept?.settled !== undefined) return kept.settled
  const state = newTaskState(pass, task)
  const isOver = state.steps !== undefined && state.states.every(({ kind }) => kind === "settled")
  if (kept !== undefined && isOver) kept.settled = state
  return state
}

function newTaskState(pass: Pass, task: PlannedTask): TaskState {
  const skipping = task.dependencies.find((one) => pass.tasks[one.task]?.isSkipped)
  const skippedParent = skipping && pass.tasks[skipping.task]
  const verdict: Gate =
    skippedParent === undefined
      ? gate(task.spec, pass.results)
      : { kind: "closed", reason: `skipped, because "${skippedParent.task.spec.name}" was skipped` }
  const fault = resultFault(pass, task)
  const count = fault === undefined ? stepCountWith(task.spec, pass.results) : undefined
  if (fault === undefined && count !== undefined && count > 0 && count <= mostSteps) {
    return withSteps(pass, task, stepsOf(pass.plan, task, count), verdict)
  }
  if (task.steps !== undefined && task.steps.length > 0) {
    return withSteps(pass, task, task.steps, verdict, fault)
  }
  return withoutSteps(pass, task, count, verdict, fault)
}

/** A dynamic task above may turn out to have more steps than the one whose output is wanted. */
function resultFault(pass: Pass, task: PlannedTask): string | undefined {
  for (const index of task.resultTasks) {
    const above = pass.tasks[index]
    const steps = above?.steps
    if (steps !== undefined && steps.length > 1) {
      const name = above?.task.spec.name
      return `it needs the result of "${name}", which has ${steps.length} steps; only one can give a result`
    }
  }
  return undefined
}

function withSteps(
  pass: Pass,
  task: PlannedTask,
  steps: readonly Step[],
  verdict: Gate,
  fault?: string,
): TaskState {
  const { tasks } = pass
  const states: StepState[] = new Array(steps.length)
  const standings: number[] = new Array(steps.length)
  const wholeBroken = task.dependencies.some(
    (one) => one.type === "whole" && tasks[one.task]?.isBroken,
  )
  const twins = task.dependencies.filter((one) => one.type === "iterate")
  let done = 0
  let broken = 0
  let skipped = 0
  for (const step of steps) {
    const { index } = step
    const isBrokenAbove =
      wholeBroken || twins.some((twin) => tasks[twin.task]?.standings[index] === standing.broken)
    let state = keptState(pass, task, index)
    if (state === undefined) {
      state = freshState(pass, task, step, isBrokenAbove)
      if (state.kind === "open") {
        if (verdict.kind === "closed") state = ended("Skipped", verdict.reason)
        else if (fault !== undefined && index === 0) state = ended("Failed", fault)
      }
    }
    const stands = standingOf(state, isBrokenAbove || fault !== undefined)
    states[index] = state
    standings[index] = stands
    if (stands === standing.done) done++
    else if (stands === standing.broken) broken++
    else if (stands === standing.skipped) skipped++
  }
  return {
    task,
    steps,
    states,
    standings,
    whole: undefined,
    gate: verdict,
    isDone: done === steps.length,
    isBroken: broken > 0,
    isSkipped: skipped > 0,
  }
}

/** The state of the last look, where nothing that it was made from has changed. */
function keptState({ kept, observed }: Pass, task: PlannedTask, index: number) {
  const known = kept[task.index]
  const state = known?.states[index]
  if (state === undefined || state.kind === "settled") return state
  const job = known?.jobs[index]
  const isSame =
    job !== undefined &&
    observed.jobs.get(job.name) === job &&
    observed.pods.get(job.name) === known?.pods[index]
  return isSame ? state : undefined
}

function freshState(pass: Pass, task: PlannedTask, step: Step, isBrokenAbove: boolean): StepState {
  const { plan, observed, status, policy, results, now } = pass
  const { index } = step
  const vertex = status.vertices.get(step.vertex)
  const attempt = status.attempts[step.id] ?? 1
  const name = attempt === 1 ? step.job : attemptJob(plan, task, index, attempt)
  const state = stepState({
    ...{ observed, policy, task, step, vertex, attempt, now },
    job: name,
    stopCause: () => stopCause(pass, task, index, isBrokenAbove),
    command: () => commandOf(task.spec, index, results),
  })
  keepState(pass, task, index, state, name)
  return state
}

/** Whatever depends on the time, on a log, on events or on other steps is asked for anew. */
function keepState(
  { kept, observed }: Pass,
  task: PlannedTask,
  index: number,
  state: StepState,
  name: string,
): void {
  const known = kept[task.index]
  if (known === undefined) return
  const job = observed.jobs.get(name)
  const isPlain =
    job !== undefined &&
    job.deletedAt === undefined &&
    job.end?.kind !== "failed" &&
    !task.givesResult
  const isKept = state.kind === "settled" || isPlain
  known.states[index] = isKept ? state : undefined
  known.jobs[index] = isKept ? job : undefined
  known.pods[index] = isKept ? observed.pods.get(name) : undefined
  known.next[index] = undefined
}

function attemptJob(plan: Plan, task: PlannedTask, index: number, attempt: number): string {
  return jobName(plan.execution.metadata.name, task.spec.name, index, attempt)
}

function withoutSteps(
  pass: Pass,
  task: PlannedTask,
  count: number | undefined,
  verdict: Gate,
  fault: string | undefined,
): TaskState {
  const { name } = pass.plan.execution.metadata
  const vertex = pass.status.vertices.get(`${name}.${wholeTaskId(task.spec.name)}`)
  const isBrokenAbove = task.dependencies.some((one) => pass.tasks[one.task]?.isBroken)
  const whole: StepState =
    vertex !== undefined && isSettled(vertex)
      ? { kind: "settled", vertex }
      : wholeState(task, count, verdict, fault)
  const stands = standingOf(whole, isBrokenAbove)
  return {
    task,
    steps: undefined,
    states: [],
    standings: [],
    whole,
    gate: verdict,
    isDone: false,
    isBroken: stands === standing.broken,
    isSkipped: stands === standing.skipped,
  }
}

function wholeState(
  task: PlannedTask,
  count: number | undefined,
  verdict: Gate,
  fault: string | undefined,
): StepState {
  if (verdict.kind === "closed") return ended("Skipped", verdict.reason)
  if (fault !== undefined) return ended("Failed", fault)
  if (count === 0) return ended("Skipped", `skipped: ${emptyReason(task)}`)
  if (count !== undefined) {
    return ended("Failed", `it would have ${count} steps; ${mostSteps} is the most`)
  }
  return { kind: "open" }
}

function emptyReason(task: PlannedTask): string {
  const row = task.spec.commandsIter?.rows.find((one) => one.kind === "result")
  return row?.kind === "result"
    ? `"${row.task}" printed nothing to make steps of`
    : "there is nothing to make steps of"
}

function standingOf(state: StepState, isBrokenAbove: boolean): number {
  switch (state.kind) {
    case "open":
    case "refused":
    case "name-taken":
      return isBrokenAbove ? standing.broken : standing.open
    case "creating":
    case "unseen":
      return standing.busy
    case "active":
      if (state.withdrawnBy !== undefined) return standing.broken
      return state.released === undefined ? standing.busy : standing.done
    case "settled":
      return settledStanding[state.vertex.phase] ?? standing.broken
    case "ended":
      return settledStanding[state.phase] ?? standing.broken
  }
}

const settledStanding: Readonly<Record<string, number>> = {
  Succeeded: standing.done,
  Reused: standing.done,
  Skipped: standing.skipped,
}

/** Whether a step that this one waits for failed, was stopped, or can never start. */
export function isBrokenAbove({ tasks }: RunState, task: PlannedTask, index: number): boolean {
  return task.dependencies.some((one) =>
    one.type === "whole"
      ? tasks[one.task]?.isBroken
      : tasks[one.task]?.standings[index] === standing.broken,
  )
}

/** Why a Job of this step that is going, or gone, was stopped by us; undefined when it was not. */
function stopCause(
  { status, tasks }: Pass,
  task: PlannedTask,
  index: number,
  isBrokenAbove: boolean,
): string | undefined {
  if (status.stopped !== undefined) return stoppedBy(status.stopped.by)
  if (!isBrokenAbove) return undefined
  const cause = task.dependencies.find(
    (one) =>
      tasks[one.task]?.isBroken &&
      (one.type === "whole" || tasks[one.task]?.standings[index] === standing.broken),
  )
  const name = cause && tasks[cause.task]?.task.spec.name
  return `stopped, because "${name}", which it follows, failed after all`
}

export function stoppedBy(by: string): string {
  return by === "" ? "stopped" : `stopped by ${by}`
}
