import type { PlannedTask, Step } from "../plan/plan.ts"
import { ownership } from "./adoption.ts"
import type { JobEnd, JobFacts, Observed, PodFacts, Refusal } from "./observed.ts"
import { refusalReason } from "./reasons/refusals.ts"
import { failureReason } from "./reasons.ts"
import {
  releasedAt,
  releasedPod,
  releasingPod,
  type StartPolicy,
  withdrawingPod,
} from "./release.ts"
import { resultOf } from "./results.ts"
import { vertexMessages } from "./runMessages.ts"
import type { VertexStatus } from "./status.ts"
import { parseTime } from "./time.ts"

/** How one attempt at a step stands, by status, Job and pods together. */
export type StepState =
  /** Nothing was made of it yet. */
  | { readonly kind: "open" }
  | { readonly kind: "creating" }
  /** The server took no Job; it is asked again at the refusal's time. */
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** The name is held by the Job of an earlier run, which is on its way out. */
  | { readonly kind: "name-taken"; readonly job: JobFacts }
  /** Status knows its Job, what is seen does not. */
  | { readonly kind: "unseen" }
  | ActiveStep
  /** Ended, as status has it. Nothing that is seen later changes that. */
  | { readonly kind: "settled"; readonly vertex: VertexStatus }
  | EndedStep

export interface ActiveStep {
  readonly kind: "active"
  readonly job: JobFacts
  readonly pods: readonly PodFacts[]
  /** When its containers ended well, if what follows may start. */
  readonly released: number | undefined
  /** The pod that makes an earlier release void. */
  readonly withdrawnBy: PodFacts | undefined
  /** Known as soon as it was read, the Job may still be ending. */
  readonly result: string | undefined
  /** Its log has to be read before it can count as done. */
  readonly wantsLog: boolean
}

export interface EndedStep {
  readonly kind: "ended"
  readonly phase: "Succeeded" | "Failed" | "Stopped" | "Skipped"
  readonly message: string
  readonly at: number | undefined
  readonly job: JobFacts | undefined
  /** When its containers ended well, if what follows was allowed to start then. */
  readonly released: number | undefined
  readonly result: string | undefined
}

export interface StepQuestion {
  readonly observed: Observed
  readonly policy: StartPolicy
  readonly task: PlannedTask
  readonly step: Step
  readonly vertex: VertexStatus | undefined
  readonly attempt: number
  /** The name of the Job of that attempt. */
  readonly job: string
  /** Why its Job is being stopped, if it is; asked for only when its Job is going or gone. */
  readonly stopCause: () => string | undefined
  readonly command: () => string | undefined
  readonly now: number
}

export function stepState(question: StepQuestion): StepState {
  const { observed, vertex, task, step, attempt } = question
  if (vertex !== undefined && isSettled(vertex)) return { kind: "settled", vertex }
  const job = observed.jobs.get(question.job)
  if (job === undefined) return withoutJob(question)
  const { metadata } = observed
  const owner = ownership(job, metadata.uid, metadata.name, task, step, attempt)
  if (owner === "leaving") return { kind: "name-taken", job }
  if (owner === "another's") {
    return ended("Failed", `the name "${job.name}" is taken by a Job that is not of this run`)
  }
  return withJob(question, job)
}

export function isSettled(vertex: VertexStatus): boolean {
  return vertex.phase !== "Running" && vertex.phase !== ""
}

function withoutJob(question: StepQuestion): StepState {
  const { observed, vertex, job: name } = question
  if (observed.creating.has(name)) return creating
  if (observed.gone.has(name)) {
    const cause = question.stopCause()
    return cause === undefined ? ended("Failed", "its Job was deleted") : ended("Stopped", cause)
  }
  if (vertex !== undefined) return unseen
  const refusal = observed.refusals.get(name)
  if (refusal === undefined) return open
  if (refusal.retryAt !== undefined) return { kind: "refused", refusal }
  const why = refusalReason(refusal, name, observed.metadata.namespace)
  return { ...ended("Failed", why.sentence), at: refusal.since }
}

const open: StepState = { kind: "open" }
const creating: StepState = { kind: "creating" }
const unseen: StepState = { kind: "unseen" }

function withJob(question: StepQuestion, job: JobFacts): StepState {
  const { observed, vertex, policy } = question
  const pods = observed.pods.get(job.name) ?? noPods
  if (job.end?.kind === "failed") {
    const cause = job.deletedAt === undefined ? undefined : question.stopCause()
    if (cause !== undefined) return { ...ended("Stopped", cause), at: job.end.at, job }
    const { events, metadata } = observed
    const { namespace } = metadata
    const why = failureReason({ job, pods, events, namespace, command: question.command() })
    if (why.kind === "other" && isTelling(job.end, question.now)) {
      return { ...working, job, pods }
    }
    return { ...ended("Failed", why.sentence), at: job.end.at, job }
  }
  if (job.deletedAt !== undefined && job.end === undefined) {
    const cause = question.stopCause()
    if (cause !== undefined) return { ...ended("Stopped", cause), at: job.deletedAt, job }
  }
  const pod = policy === "early" ? releasingPod(job, pods) : undefined
  const before = vertex?.releasedAt === undefined ? undefined : parseTime(vertex.releasedAt)
  const withdrawnBy =
    pod === undefined && before !== undefined && job.end === undefined
      ? withdrawingPod(job, pods, before)
      : undefined
  const released =
    pod !== undefined ? releasedAt(pod) : withdrawnBy === undefined ? before : undefined
  const isDone = job.end !== undefined || released !== undefined
  const read = isDone ? readResult(question, job) : unread
  if (read.kind === "failed") return { ...ended("Failed", read.message), at: job.end?.at, job }
  const { result } = read
  if (job.end !== undefined && !read.wantsLog) {
    const pod = policy === "early" ? releasedPod(job, pods) : undefined
    const released = pod && releasedAt(pod)
    const succeeded = ended("Succeeded", vertexMessages.succeeded)
    return { ...succeeded, at: job.end.at, job, released, result }
  }
  return {
    kind: "active",
    job,
    pods,
    released: released ?? job.end?.at,
    withdrawnBy,
    result,
    wantsLog: read.wantsLog,
  }
}

/**
 * A Job's failure may be seen before that of its pod, which alone knows why: it gets this long to
 * be seen. Clocks that are further apart than that only cost the better sentence.
 */
const podsLag = 3000

export function tellingUntil(end: JobEnd): number {
  return end.at + podsLag
}

function isTelling(end: JobEnd, now: number): boolean {
  return now > end.at - podsLag && now < tellingUntil(end)
}

const working = {
  kind: "active",
  released: undefined,
  withdrawnBy: undefined,
  result: undefined,
  wantsLog: false,
} as const

const noPods: readonly PodFacts[] = []

type ReadResult =
  | { readonly kind: "known"; readonly result: string | undefined; readonly wantsLog: boolean }
  | { readonly kind: "failed"; readonly message: string }

const unread: ReadResult = { kind: "known", result: undefined, wantsLog: false }

function readResult({ observed, task, vertex }: StepQuestion, job: JobFacts): ReadResult {
  if (vertex?.result !== undefined) {
    return { kind: "known", result: vertex.result, wantsLog: false }
  }
  if (!task.givesResult) return unread
  if (job.completions !== 1) {
    return {
      kind: "failed",
      message: `a result comes from one pod, its Job has ${job.completions}`,
    }
  }
  const log = observed.logs.get(job.name)
  if (log === undefined) return { kind: "known", result: undefined, wantsLog: true }
  if (log.kind === "unreadable") {
    return { kind: "failed", message: `what it printed cannot be read: ${log.reason}` }
  }
  const result = resultOf(log.text)
  if (result.kind === "too-long") {
    return { kind: "failed", message: "it printed more than the 1 KiB that a result may have" }
  }
  return { kind: "known", result: result.text, wantsLog: false }
}

export function ended(phase: EndedStep["phase"], message: string): EndedStep {
  const unknown = { at: undefined, job: undefined, released: undefined, result: undefined }
  return { kind: "ended", phase, message, ...unknown }
}
