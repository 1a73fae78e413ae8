import { jobName } from "../plan/names.ts"
import type { Step } from "../plan/plan.ts"
import type { Observed } from "./observed.ts"
import { waitReason } from "./reasons.ts"
import { vertexMessages } from "./runMessages.ts"
import type { RunState, TaskState } from "./runState.ts"
import type { VertexStatus } from "./status.ts"
import type { ActiveStep, EndedStep } from "./stepState.ts"
import { formatTime } from "./time.ts"

/** What status says of a step next; the same object when that is what it says already. */
export function nextVertex(
  run: RunState,
  { task, states }: TaskState,
  step: Step,
  now: number,
): VertexStatus | undefined {
  const before = run.status.vertices.get(step.vertex)
  const state = states[step.index]
  if (state === undefined || (state.kind !== "active" && state.kind !== "ended")) return before
  const kept = run.kept[task.index]
  const isKept = kept?.states[step.index] === state && saysAll(state)
  const known = isKept ? kept.next[step.index] : undefined
  if (known !== undefined) return known
  const attempt = run.status.attempts[step.id] ?? 1
  const { name } = run.plan.execution.metadata
  const fresh: VertexStatus = {
    id: step.vertex,
    name: state.job?.name ?? jobName(name, task.spec.name, step.index, attempt),
    type: "Job",
    children: step.children,
    attempt,
    stepHash: before?.stepHash ?? state.job?.labels.stepHash,
    ...(state.kind === "active"
      ? activePart(run.observed, state, before)
      : endedPart(state, before, now)),
  }
  const next = before !== undefined && isSame(before, fresh) ? before : fresh
  if (isKept) kept.next[step.index] = next
  return next
}

/** Why a step waits is told by events too, and what has no end of its own ends when it is seen. */
function saysAll(state: ActiveStep | EndedStep): boolean {
  return (state.kind === "active" ? state.released : state.at) !== undefined
}

type ChangingPart = Pick<
  VertexStatus,
  "phase" | "message" | "startedAt" | "finishedAt" | "releasedAt" | "result"
>

function activePart(
  observed: Observed,
  state: ActiveStep,
  before: VertexStatus | undefined,
): ChangingPart {
  const { job, released, result } = state
  return {
    phase: "Running",
    message: released === undefined ? activeMessage(observed, state) : vertexMessages.running,
    startedAt: before?.startedAt ?? formatTime(job.createdAt),
    finishedAt: undefined,
    releasedAt: before?.releasedAt ?? (released === undefined ? undefined : formatTime(released)),
    result: result ?? before?.result,
  }
}

/** Only what somebody may have to act on is written: each change of a message is a write. */
function activeMessage(observed: Observed, { job, pods }: ActiveStep): string {
  const { events, metadata } = observed
  const { namespace } = metadata
  const why = waitReason({ job, pods, events, namespace, command: undefined })
  return why?.isStuck ? why.sentence : vertexMessages.running
}

export function endedPart(
  { phase, message, at, job, released, result }: EndedStep,
  before: VertexStatus | undefined,
  now: number,
): ChangingPart {
  const finishedAt = formatTime(at ?? now)
  const startedAt = before?.startedAt ?? (job === undefined ? undefined : formatTime(job.createdAt))
  return {
    phase,
    message,
    // Something without a Job, a skipped step say, never started.
    startedAt: startedAt !== undefined && startedAt > finishedAt ? finishedAt : startedAt,
    finishedAt,
    releasedAt: before?.releasedAt ?? (released === undefined ? undefined : formatTime(released)),
    result: result ?? before?.result,
  }
}

function isSame(a: VertexStatus, b: VertexStatus): boolean {
  return (
    a.phase === b.phase &&
    a.message === b.message &&
    a.name === b.name &&
    a.type === b.type &&
    a.startedAt === b.startedAt &&
    a.finishedAt === b.finishedAt &&
    a.releasedAt === b.releasedAt &&
    a.attempt === b.attempt &&
    a.stepHash === b.stepHash &&
    a.result === b.result &&
    // The spec cannot change, so a list that has the right length is the right list.
    a.children.length === b.children.length
  )
}
