import { commandOf, type Results, stepCountWith } from "../plan/commands.ts"
import type { ExecutionSpec, TaskSpec } from "../plan/execution.ts"
import { canonicalJson } from "../plan/json.ts"
import { type Plan, type PlannedTask, type Step, stepsOf } from "../plan/plan.ts"
import { stepContents, stepHasher, stepHashVersion } from "../plan/stepHash.ts"
import type { Action } from "./decide.ts"
import { gate } from "./gate.ts"
import type { EarlierRun, Observed } from "./observed.ts"
import { refuse } from "./refuse.ts"
import { runMessages } from "./runMessages.ts"
import type { RunStatus, VertexStatus } from "./status.ts"
import { formatTime } from "./time.ts"

export interface ResumeStart {
  readonly status: RunStatus
  readonly actions: readonly Action[]
}

/**
 * The first thing a run with `spec.resumeFrom` does: it copies what it reuses, with hashes and
 * results, into its own status, so that the earlier run may be deleted. Nothing is created before
 * that was written. Undefined once it is done, or when there is nothing to resume from.
 */
export function resume(
  plan: Plan,
  observed: Observed,
  status: RunStatus,
  now: number,
): ResumeStart | undefined {
  const wanted = plan.execution.spec.resumeFrom
  if (wanted === undefined || status.resumed !== undefined || status.phase === "Error") {
    return undefined
  }
  const earlier = observed.resumedFrom
  if (earlier === undefined) {
    return { status, actions: [{ kind: "readRun", name: wanted.name }] }
  }
  if (earlier.kind === "missing") {
    const reason = `"${wanted.name}", which this run resumes from, cannot be read: ${earlier.reason}`
    return { status: refuse([reason], status, now), actions: [] }
  }
  const { reused, runsAgain } = reuse(plan, wanted.name, wanted.rerun, earlier, now)
  return {
    status: {
      ...status,
      phase: "Running",
      message: runMessages.running,
      startedAt: status.startedAt ?? formatTime(now),
      vertices: new Map([...status.vertices, ...reused]),
      resumed: { from: wanted.name, runsAgain },
    },
    actions: [],
  }
}

interface Reuse {
  readonly reused: ReadonlyMap<string, VertexStatus>
  readonly runsAgain: Readonly<Record<string, string>>
}

/** A step is reused only if all it follows is, so a task never mixes old inputs with new ones. */
function reuse(
  plan: Plan,
  from: string,
  rerun: readonly string[],
  earlier: EarlierRun & { readonly kind: "found" },
  now: number,
): Reuse {
  const { name } = plan.execution.metadata
  const reused = new Map<string, VertexStatus>()
  const runsAgain: Record<string, string> = {}
  /** Step indexes that are reused, by task. */
  const kept = new Map<number, ReadonlySet<number>>()
  const whole = new Set<number>()
  const results: Results = (task) => reused.get(`${name}.${task}.0`)?.result
  const hasher = stepHasher(plan, results)

  for (const taskIndex of plan.order) {
    const task = plan.tasks[taskIndex]
    if (!task?.isWanted) continue
    const why = rerun.includes(task.spec.name)
      ? "it was asked to run again"
      : whyTaskRunsAgain(plan, task, whole, results)
    const count = why === undefined ? stepCountWith(task.spec, results) : undefined
    if (why !== undefined || count === undefined) {
      runsAgain[task.spec.name] = why ?? "how many steps it has is not known yet"
      continue
    }
    const keptHere = new Set<number>()
    for (const step of stepsOf(plan, task, count)) {
      const before = earlier.status.vertices.get(`${from}.${step.id}`)
      const reason =
        whyTwinRunsAgain(plan, task, step.index, kept) ??
        whyNotReused(task, step, before, earlier.spec, hasher.hash, from, results)
      if (reason === undefined && before !== undefined) {
        keptHere.add(step.index)
        reused.set(step.vertex, reusedVertex(step, before, from, now))
      } else if (reason !== undefined) note(runsAgain, task.spec.name, step.id, reason)
    }
    kept.set(taskIndex, keptHere)
    if (keptHere.size === count && count > 0) whole.add(taskIndex)
  }
  return { reused, runsAgain }
}

/** Said once of the task; again only of a step for which it is another reason. */
function note(runsAgain: Record<string, string>, task: string, step: string, reason: string): void {
  const said = runsAgain[task]
  if (said === undefined) runsAgain[task] = reason
  else if (said !== reason) runsAgain[step] = reason
}

function whyTaskRunsAgain(
  plan: Plan,
  task: PlannedTask,
  whole: ReadonlySet<number>,
  results: Results,
): string | undefined {
  for (const { task: index, type } of task.dependencies) {
    if (type === "whole" && !whole.has(index)) return followsSentence(plan, index)
  }
  return gate(task.spec, results).kind === "open" ? undefined : "its condition has to be looked at"
}

function whyTwinRunsAgain(
  plan: Plan,
  task: PlannedTask,
  step: number,
  kept: ReadonlyMap<number, ReadonlySet<number>>,
): string | undefined {
  for (const { task: index, type } of task.dependencies) {
    if (type === "iterate" && !kept.get(index)?.has(step)) return followsSentence(plan, index)
  }
  return undefined
}

function followsSentence(plan: Plan, task: number): string {
  return `it follows "${plan.tasks[task]?.spec.name}", which runs again`
}

function whyNotReused(
  task: PlannedTask,
  step: Step,
  before: VertexStatus | undefined,
  earlier: ExecutionSpec,
  hash: (task: number, index: number) => string,
  from: string,
  results: Results,
): string | undefined {
  if (before === undefined) return `it did not run in "${from}"`
  if (before.phase !== "Succeeded" && before.phase !== "Reused") {
    return `it did not succeed in "${from}"`
  }
  if (!before.stepHash?.startsWith(`${stepHashVersion}-`)) {
    return `"${from}" was run by another version of this program`
  }
  if (before.stepHash !== hash(task.index, step.index)) {
    const old = earlier.tasks.find((one) => one.name === task.spec.name)
    return whatChanged(old, task.spec, step.index, results)
  }
  if (task.givesResult && before.result === undefined) return "what it printed was not kept"
  return undefined
}

function whatChanged(
  old: TaskSpec | undefined,
  task: TaskSpec,
  index: number,
  results: Results,
): string {
  if (old === undefined) return "the task is new"
  if (old.image !== task.image) return "the image changed"
  if (commandOf(old, index, results) !== commandOf(task, index, results)) {
    return "the command changed"
  }
  if (canonicalJson(mounts(old)) !== canonicalJson(mounts(task))) return "the volumes changed"
  if (canonicalJson(stepContents(old)) !== canonicalJson(stepContents(task))) {
    return "the jobTemplate changed"
  }
  return "what it depends on changed"
}

function mounts(task: TaskSpec) {
  return task.volumes.map(({ mountPath, claim }) => ({ mountPath, claim }))
}

function reusedVertex(step: Step, before: VertexStatus, from: string, now: number): VertexStatus {
  return {
    id: step.vertex,
    name: step.job,
    type: "Job",
    phase: "Reused",
    message: `reused from ${from}: same image, command, inputs`,
    startedAt: undefined,
    finishedAt: formatTime(now),
    releasedAt: undefined,
    children: step.children,
    attempt: 1,
    stepHash: before.stepHash,
    result: before.result,
  }
}
