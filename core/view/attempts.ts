import type { JobFacts, Observed, PodFacts } from "../run/observed.ts"
import { containerEnd } from "../run/reasons/containerStates.ts"
import { disruption } from "../run/reasons/podConditions.ts"
import type { ViewPhase } from "./phase.ts"

/** One Job of a step. */
export interface AttemptView {
  readonly attempt: number
  readonly job: string
  readonly phase: ViewPhase
  readonly createdAt: string | null
  readonly finishedAt: string | null
  /** Oldest first. */
  readonly tries: readonly TryView[]
}

/** One pod of a Job, with the times between which it waited, was cold, and worked. */
export interface TryView {
  readonly pod: string
  readonly phase: ViewPhase
  readonly node: string | null
  readonly createdAt: string | null
  readonly scheduledAt: string | null
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly exitCode: number | null
  /** Why it ended badly. */
  readonly reason: string | null
}

export function attemptViews(
  jobs: readonly JobFacts[],
  observed: Observed,
  command: string | undefined,
): readonly AttemptView[] {
  return jobs
    .map((job) => attemptView(job, observed.pods.get(job.name) ?? [], command))
    .sort((a, b) => a.attempt - b.attempt)
}

function attemptView(
  job: JobFacts,
  pods: readonly PodFacts[],
  command: string | undefined,
): AttemptView {
  return {
    attempt: Number(job.labels.attempt ?? 1),
    job: job.name,
    phase: jobPhase(job, pods),
    createdAt: isoTime(job.createdAt),
    finishedAt: isoTime(job.end?.at),
    tries: pods.toSorted((a, b) => a.createdAt - b.createdAt).map((pod) => tryView(pod, command)),
  }
}

/** Also of a Job that belongs to no run. */
function jobPhase(job: JobFacts, pods: readonly PodFacts[]): ViewPhase {
  if (job.end !== undefined) return job.end.kind === "complete" ? "succeeded" : "failed"
  if (job.isSuspended) return "suspended"
  return pods.some((pod) => podPhase(pod) === "running") ? "running" : "queued"
}

function podPhase(pod: PodFacts): ViewPhase {
  if (pod.phase === "Succeeded") return "succeeded"
  if (pod.phase === "Failed") return "failed"
  const works = pod.containers.some((container) => container.state.kind !== "waiting")
  return works ? "running" : "queued"
}

function tryView(pod: PodFacts, command: string | undefined): TryView {
  const states = pod.containers.map((container) => container.state)
  const started = states.flatMap((state) =>
    state.kind === "waiting" ? [] : (state.startedAt ?? []),
  )
  const ended = states.flatMap((state) => (state.kind === "terminated" ? [state] : []))
  const isEnded = ended.length > 0 && ended.length === states.length
  const bad = ended.find((state) => state.exitCode !== 0)
  const why = disruption(pod) ?? containerEnd(pod, command)
  const scheduled = pod.conditions.find((one) => one.type === "PodScheduled" && one.isTrue)
  return {
    pod: pod.name,
    phase: podPhase(pod),
    node: pod.node ?? null,
    createdAt: isoTime(pod.createdAt),
    scheduledAt: isoTime(scheduled?.at),
    startedAt: started.length === 0 ? null : isoTime(Math.min(...started)),
    finishedAt: isEnded ? isoTime(Math.max(...ended.map((state) => state.finishedAt ?? 0))) : null,
    exitCode: isEnded ? (bad?.exitCode ?? 0) : null,
    reason: why?.sentence ?? null,
  }
}

function isoTime(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : new Date(milliseconds).toISOString()
}
