import { commandOf } from "../plan/commands.ts"
import { jobName } from "../plan/names.ts"
import { stepHasher } from "../plan/stepHash.ts"
import { freePlaces } from "./parallelism.ts"
import { type RunState, standing, type TaskState } from "./runState.ts"
import type { StepState } from "./stepState.ts"

export interface Creation {
  readonly kind: "create"
  readonly job: string
  readonly task: number
  readonly index: number
  readonly attempt: number
  readonly command: string | undefined
  readonly stepHash: string
}

/** The Jobs to create now, in the order of the spec. */
export function creations(run: RunState, now: number): readonly Creation[] {
  const tasks = run.tasks.flatMap((state) => (state && mayStart(run, state) ? [state] : []))
  // Places are counted over all Jobs, and mostly there is nothing that wants one.
  if (tasks.length === 0) return []
  const places = freePlaces(run)
  let left = Math.min(places.run, places.queue)
  const list: Creation[] = []
  let hash: ((task: number, index: number) => string) | undefined
  for (const state of tasks) {
    if (left <= 0) break
    const { task } = state
    let leftOfTask = Math.min(left, places.task(task.index))
    for (const step of state.steps ?? []) {
      if (leftOfTask <= 0) break
      if (state.standings[step.index] !== standing.open) continue
      if (!isDue(state.states[step.index], now) || !areTwinsDone(run, state, step.index)) continue
      hash ??= hasher(run)
      const attempt = run.status.attempts[step.id] ?? 1
      const { name } = run.plan.execution.metadata
      list.push({
        kind: "create",
        job: attempt === 1 ? step.job : jobName(name, task.spec.name, step.index, attempt),
        task: task.index,
        index: step.index,
        attempt,
        command: commandOf(task.spec, step.index, run.results),
        stepHash: hash(task.index, step.index),
      })
      leftOfTask--
      left--
    }
  }
  return list
}

/** Whether a step of it is still to start, and no other task as a whole stands before that. */
function mayStart(run: RunState, { task, gate, standings }: TaskState): boolean {
  return (
    gate.kind === "open" &&
    standings.includes(standing.open) &&
    task.dependencies.every((one) => one.type === "iterate" || run.tasks[one.task]?.isDone)
  )
}

function areTwinsDone(run: RunState, { task }: TaskState, index: number): boolean {
  return task.dependencies.every(
    (one) => one.type === "whole" || run.tasks[one.task]?.standings[index] === standing.done,
  )
}

function isDue(state: StepState | undefined, now: number): boolean {
  if (state?.kind === "open") return true
  return state?.kind === "refused" && (state.refusal.retryAt ?? now) <= now
}

/** A step that ran keeps the hash its Job was made with, whoever made it. */
function hasher(run: RunState): (task: number, index: number) => string {
  const known = (task: number, index: number) => {
    const state = run.tasks[task]?.states[index]
    switch (state?.kind) {
      case "settled":
        return state.vertex.stepHash
      case "active":
      case "ended":
        return state.job?.labels.stepHash
      default:
        return undefined
    }
  }
  return stepHasher(run.plan, run.results, known).hash
}
