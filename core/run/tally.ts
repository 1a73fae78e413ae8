import { wholeTaskId } from "../plan/names.ts"
import type { PlannedTask } from "../plan/plan.ts"
import { endedPart, nextVertex } from "./nextVertex.ts"
import { refusalReason } from "./reasons/refusals.ts"
import { vertexMessages } from "./runMessages.ts"
import { type RunState, standing, type TaskState } from "./runState.ts"
import type { VertexStatus } from "./status.ts"
import { stepName } from "./stepName.ts"
import type { StepState } from "./stepState.ts"

/** What every step has come to, and what each of them is said to be next. */
export interface Tally {
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

export function tallySteps(run: RunState, now: number): Tally {
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
      const known = task.states[step.index]
      // Most steps of a large run are over, and nothing is said of them anew.
      if (known?.kind === "settled") {
        tallyState(run, task, step.index, known, known.vertex, false, tally)
        continue
      }
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
