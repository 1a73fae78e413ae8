import { runMessages } from "./runMessages.ts"
import { type RunState, stoppedBy } from "./runState.ts"
import type { RunStatus, VertexStatus } from "./status.ts"
import { stepName } from "./stepName.ts"
import { type Tally, tallySteps } from "./tally.ts"
import { formatTime } from "./time.ts"
import { unsentFiles, unsentSentence } from "./unsentFiles.ts"

export interface RollUp {
  /** The whole next status; the same object as before when nothing changed. */
  readonly status: RunStatus
  /** Nothing new may start: the run has failed, or a person said so. */
  readonly isHalted: boolean
}

/** The next status, from what every step has come to. Steps that ended stay as they are. */
export function rollUp(run: RunState, now: number): RollUp {
  const tally = tallySteps(run, now)
  const { status, observed, plan } = run
  const { vertices } = tally
  const everyStepDone = tally.open === 0 && tally.busy === 0 && tally.broken === 0
  const isStill = tally.busy === 0 && !hasUnfinishedJob(run)
  const startedAt = status.startedAt ?? formatTime(now)
  const common = { ...status, startedAt, vertices, progress: progressOf(tally) }

  if (status.phase === "Succeeded" || status.phase === "Error") {
    return { status: unchanged(run, common), isHalted: true }
  }
  if (everyStepDone && status.phase !== "Failed") {
    const finishedAt = isStill ? lastEnd(vertices, startedAt, now) : undefined
    // A Job of an earlier attempt may still be ending.
    const next: RunStatus = isStill
      ? { ...common, phase: "Succeeded", message: runMessages.succeeded, finishedAt }
      : { ...common, phase: "Running", message: runMessages.running }
    return { status: unchanged(run, next), isHalted: true }
  }
  const isFailing =
    status.phase === "Failed" ||
    status.stopped !== undefined ||
    tally.failure !== undefined ||
    tally.stopped !== undefined
  const isDeadEnd = isStill && tally.startable === 0 && tally.broken > 0
  if (isFailing || isDeadEnd) {
    const next: RunStatus = {
      ...common,
      phase: "Failed",
      message:
        status.phase === "Failed"
          ? status.message
          : `${failureMessage(run, tally)}${unsentSentence(unsentFiles(run))}`,
      finishedAt: isStill ? (status.finishedAt ?? lastEnd(vertices, startedAt, now)) : undefined,
    }
    return { status: unchanged(run, next), isHalted: true }
  }
  const next: RunStatus = { ...common, phase: "Running", message: runningRunMessage(run, tally) }
  const isHalted =
    status.suspended !== undefined ||
    plan.execution.spec.parallelism === 0 ||
    observed.metadata.deletedAt !== undefined
  return { status: unchanged(run, next), isHalted }
}

function failureMessage(run: RunState, tally: Tally): string {
  if (tally.failure !== undefined) return tally.failure
  if (run.status.stopped !== undefined) return stoppedBy(run.status.stopped.by)
  return withdrawnSentence(run) ?? tally.stopped ?? tally.earlier ?? ""
}

/** A release that did not hold is what the run has failed of, not the steps it took with it. */
function withdrawnSentence(run: RunState): string | undefined {
  for (const task of run.tasks) {
    for (const [index, state] of task?.states.entries() ?? []) {
      if (task === undefined || state.kind !== "active" || state.withdrawnBy === undefined) continue
      return `${stepName(task.task, index)} had ended well, but its pod "${state.withdrawnBy.name}" did not stay so; what had started after it was stopped`
    }
  }
  return undefined
}

function runningRunMessage(run: RunState, tally: Tally): string {
  const { suspended } = run.status
  if (suspended !== undefined) {
    const by = suspended.by === "" ? "" : ` by ${suspended.by}`
    return `suspended${by}; nothing new starts until it is resumed`
  }
  if (run.plan.execution.spec.parallelism === 0) {
    return `${runMessages.running}; parallelism is 0, so nothing starts`
  }
  return tally.stuck === undefined ? runMessages.running : `${runMessages.running}; ${tally.stuck}`
}

function progressOf({ done, all, isCounted }: Tally): string {
  return `${done}/${all}${isCounted ? "" : "+"}`
}

/** Whatever its attempt: a run is not over while a Job of it may still do something. */
function hasUnfinishedJob({ observed }: RunState): boolean {
  for (const job of observed.jobs.values()) {
    if (job.end === undefined && job.ownerUid === observed.metadata.uid) return true
  }
  return false
}

function lastEnd(
  vertices: ReadonlyMap<string, VertexStatus>,
  startedAt: string,
  now: number,
): string {
  let last = ""
  for (const { finishedAt } of vertices.values()) {
    if (finishedAt !== undefined && finishedAt > last) last = finishedAt
  }
  if (last === "") last = formatTime(now)
  return last < startedAt ? startedAt : last
}

function unchanged({ observed }: RunState, next: RunStatus): RunStatus {
  const before = observed.status
  const isSame =
    before.phase === next.phase &&
    before.message === next.message &&
    before.startedAt === next.startedAt &&
    before.finishedAt === next.finishedAt &&
    before.progress === next.progress &&
    before.vertices === next.vertices &&
    before.observedWishes === next.observedWishes &&
    before.suspended === next.suspended &&
    before.stopped === next.stopped &&
    before.attempts === next.attempts &&
    before.resumed === next.resumed
  return isSame ? before : next
}
