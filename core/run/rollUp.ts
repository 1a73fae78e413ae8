import { wholeTaskId } from "../plan/names.ts"
import type { PlannedTask } from "../plan/plan.ts"
import { endedPart, nextVertex } from "./nextVertex.ts"
import { refusalReason } from "./reasons/refusals.ts"
import { runMessages, vertexMessages } from "./runMessages.ts"
import { type RunState, standing, stoppedBy, type TaskState } from "./runState.ts"
import type { RunStatus, VertexStatus } from "./status.ts"
import { stepName } from "./stepName.ts"
import type { StepState } from "./stepState.ts"
import { formatTime } from "./time.ts"

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
      message: status.phase === "Failed" ? status.message : failureMessage(run, tally),
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

interface Tally {
  vertices: ReadonlyMap<string, VertexStatus>
  all: number
  done: number
  busy: number
  open: number
  /** Of the open ones, those that nothing has made impossible. */
  startable: number
  broken: number
  isCounted: boolean
  /** The sentence of the first step that failed just now. */
  failure: string | undefined
  stopped: string | undefined
  /** The sentence of a step that failed before, or of one that waits for somebody to act. */
  earlier: string | undefined
  stuck: string | undefined
}

function tallySteps(run: RunState, now: number): Tally {
  const changed = new Map<string, VertexStatus>()
  const tally: Tally = {
    vertices: run.status.vertices,
    all: 0,
    done: 0,
    busy: 0,
    open: 0,
    startable: 0,
    broken: 0,
    isCounted: true,
    failure: undefined,
    stopped: undefined,
    earlier: undefined,
    stuck: undefined,
  }
  for (const task of run.tasks) {
    if (task === undefined) continue
    if (task.steps === undefined) tallyWhole(run, task, tally, changed, now)
    for (const step of task.steps ?? []) {
      const before = run.status.vertices.get(step.vertex)
      const next = nextVertex(run, task, step, now)
      if (next !== before && next !== undefined) changed.set(step.vertex, next)
      const state = task.states[step.index]
      if (state === undefined) continue
      tallyState(run, task, step.index, state, next, next !== before, tally)
    }
  }
  if (changed.size > 0) {
    const vertices = new Map(run.status.vertices)
    for (const [id, vertex] of changed) vertices.set(id, vertex)
    tally.vertices = vertices
  }
  return tally
}

/** A task whose steps never came to be is one vertex, with KubeGene's trailing dot. */
function tallyWhole(
  run: RunState,
  { task, whole, isBroken, isSkipped }: TaskState,
  tally: Tally,
  changed: Map<string, VertexStatus>,
  now: number,
): void {
  const { name } = run.plan.execution.metadata
  const id = `${name}.${wholeTaskId(task.spec.name)}`
  if (whole?.kind === "ended") {
    const vertex = wholeVertex(id, whole, now)
    changed.set(id, vertex)
    if (whole.phase === "Failed")
      tally.failure ??= `${stepName(task, undefined)} failed: ${whole.message}`
  } else if (whole?.kind === "settled" && isBroken) {
    tally.earlier ??= `${stepName(task, undefined)} failed: ${whole.vertex.message}`
  }
  if (isSkipped) return
  tally.isCounted = false
  if (whole?.kind === "open") {
    tally.open++
    if (!isBroken) tally.startable++
  } else tally.broken++
}

function wholeVertex(id: string, state: StepState & { kind: "ended" }, now: number): VertexStatus {
  return {
    id,
    name: id,
    type: "Job",
    children: [],
    attempt: 1,
    stepHash: undefined,
    ...endedPart(state, undefined, now),
  }
}

function tallyState(
  run: RunState,
  { task, standings }: TaskState,
  index: number,
  state: StepState,
  vertex: VertexStatus | undefined,
  isNews: boolean,
  tally: Tally,
): void {
  if (standings[index] === standing.skipped) return
  tally.all++
  switch (state.kind) {
    case "creating":
    case "unseen":
      tally.busy++
      return
    case "active":
      tally.busy++
      if (vertex !== undefined && vertex.message !== vertexMessages.running) {
        tally.stuck ??= `${stepName(task, index)}: ${vertex.message}`
      }
      return
    case "open":
    case "refused":
    case "name-taken":
      tally.open++
      if (standings[index] === standing.open) tally.startable++
      tally.stuck ??= blockedSentence(run, task, index, state)
      return
    case "settled":
    case "ended":
      if (standings[index] === standing.done) tally.done++
      else {
        tally.broken++
        tallyFailure(task, index, vertex, isNews, tally)
      }
  }
}

function tallyFailure(
  task: PlannedTask,
  index: number,
  vertex: VertexStatus | undefined,
  isNews: boolean,
  tally: Tally,
): void {
  if (vertex?.phase === "Stopped") {
    const sentence = `${stepName(task, index)} was ${vertex.message}`
    if (isNews) tally.stopped ??= sentence
    tally.earlier ??= sentence
    return
  }
  const sentence = `${stepName(task, index)} failed: ${vertex?.message ?? ""}`
  if (isNews) tally.failure ??= sentence
  tally.earlier ??= sentence
}

function blockedSentence(
  run: RunState,
  task: PlannedTask,
  index: number,
  state: StepState,
): string | undefined {
  const name = stepName(task, index)
  if (state.kind === "name-taken") {
    return `${name}: the Job "${state.job.name}" of an earlier run has to be gone first`
  }
  if (state.kind !== "refused") return undefined
  const { namespace } = run.plan.execution.metadata
  return `${name}: ${refusalReason(state.refusal, name, namespace).sentence}`
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
