import { commandOf } from "../plan/commands.ts"
import type { Step } from "../plan/plan.ts"
import type { JobFacts, Observed } from "../run/observed.ts"
import type { Reason } from "../run/reasons/reason.ts"
import type { StartReasons } from "../run/reasons/waits.ts"
import { failureReason, waitReason } from "../run/reasons.ts"
import { type RunState, standing, type TaskState } from "../run/runState.ts"
import type { StepState } from "../run/stepState.ts"
import { type AttemptView, attemptViews } from "./attempts.ts"
import type { ViewPhase } from "./phase.ts"

export interface StepView {
  readonly id: string
  readonly index: number
  readonly phase: ViewPhase
  readonly command: string | null
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly releasedAt: string | null
  readonly result: string | null
  readonly reason: Reason | null
  readonly runsAgain: string | null
  /** Oldest first; of the last one's tries the last is what happens now. */
  readonly attempts: readonly AttemptView[]
}

/** One step, joined from status, Job and pods. */
export function stepView(
  run: RunState,
  state: TaskState,
  step: Step,
  reasons: StartReasons,
  jobs: ReadonlyMap<string, readonly JobFacts[]>,
): StepView {
  const { observed, status, results } = run
  const vertex = status.vertices.get(step.vertex)
  const command = commandOf(state.task.spec, step.index, results)
  const phase = stepPhase(run, state, step.index)
  return {
    id: step.id,
    index: step.index,
    phase,
    command: command ?? null,
    startedAt: vertex?.startedAt ?? null,
    finishedAt: vertex?.finishedAt ?? null,
    releasedAt: vertex?.releasedAt ?? null,
    result: vertex?.result ?? null,
    reason: whyOf(run, state, step, reasons, command),
    runsAgain: phase === "reused" ? null : (status.resumed?.runsAgain[step.id] ?? null),
    attempts: attemptViews(jobs.get(step.id) ?? [], observed, command),
  }
}

/** Why a step waits or failed. */
export function stepWhy(
  run: RunState,
  state: TaskState,
  step: Step,
  reasons: StartReasons,
): Reason | null {
  return whyOf(run, state, step, reasons, commandOf(state.task.spec, step.index, run.results))
}

function whyOf(
  run: RunState,
  state: TaskState,
  step: Step,
  reasons: StartReasons,
  command: string | undefined,
): Reason | null {
  const own = stepReason(run, state, step, state.states[step.index], command)
  return own ?? reasons(state, step.index) ?? null
}

export function stepPhase(run: RunState, task: TaskState, index: number): ViewPhase {
  const state = task.states[index]
  switch (state?.kind) {
    case undefined:
      return "waiting"
    case "settled":
      return settledPhases[state.vertex.phase] ?? "failed"
    case "ended":
      return settledPhases[state.phase] ?? "failed"
    case "active": {
      const works = state.pods.some((pod) =>
        pod.containers.some((container) => container.state.kind !== "waiting"),
      )
      return works || state.released !== undefined ? "running" : "queued"
    }
    case "creating":
    case "unseen":
      return "queued"
    default: {
      const isOver = run.status.phase === "Failed" || run.status.phase === "Error"
      return isOver || task.standings[index] === standing.broken ? "not-started" : "waiting"
    }
  }
}

export const settledPhases: Readonly<Record<string, ViewPhase>> = {
  Succeeded: "succeeded",
  Reused: "reused",
  Skipped: "skipped",
  Stopped: "stopped",
  Failed: "failed",
  Error: "failed",
}

/** Why it waits or failed, anew from Job and pods while they can be read: status has no evidence. */
function stepReason(
  { observed }: RunState,
  { task }: TaskState,
  step: Step,
  state: StepState | undefined,
  command: string | undefined,
): Reason | undefined {
  if (state?.kind === "active") {
    if (state.released !== undefined) return undefined
    return waitReason(story(observed, state.job, command))
  }
  if (state?.kind !== "settled" && state?.kind !== "ended") return undefined
  const said = state.kind === "settled" ? state.vertex : state
  switch (said.phase) {
    case "Failed":
    case "Error": {
      const name = state.kind === "settled" ? state.vertex.name : (state.job?.name ?? step.job)
      const job = observed.jobs.get(name)
      const fresh =
        job?.end?.kind === "failed" ? failureReason(story(observed, job, command)) : undefined
      // Status was written when more was to be seen: pods may be gone by now.
      return fresh?.sentence === said.message ? fresh : statusReason(task.spec.name, said.message)
    }
    case "Stopped":
    case "Skipped":
    case "Reused":
      return statusReason(task.spec.name, said.message)
    default:
      return undefined
  }
}

function story(observed: Observed, job: JobFacts, command: string | undefined) {
  const pods = observed.pods.get(job.name) ?? []
  const { events, metadata } = observed
  return { job, pods, events, namespace: metadata.namespace, command }
}

export function statusReason(task: string, sentence: string): Reason {
  return {
    kind: "other",
    sentence,
    evidence: [{ source: "status", object: task, text: sentence, at: undefined }],
    since: undefined,
    isStuck: false,
    field: undefined,
  }
}

/** Every attempt's Job, by step id, also those that do not count any more. */
export function jobsByStep(observed: Observed): ReadonlyMap<string, readonly JobFacts[]> {
  const { name, uid } = observed.metadata
  const byStep = new Map<string, JobFacts[]>()
  for (const job of observed.jobs.values()) {
    if (job.ownerUid !== uid) continue
    const { task, index } = job.labels
    const id =
      task !== undefined && index !== undefined
        ? `${task}.${index}`
        : job.name.slice(name.length + 1)
    const list = byStep.get(id)
    if (list === undefined) byStep.set(id, [job])
    else list.push(job)
  }
  return byStep
}
