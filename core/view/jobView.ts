import { listOf, numberOf, objectOf, textOf } from "../plan/json.ts"
import type { EventFacts, JobFacts, PodFacts } from "../run/observed.ts"
import { readJob } from "../run/readJob.ts"
import { failureReason, waitReason } from "../run/reasons.ts"
import { jobPhase, type TryView, tryViews } from "./attempts.ts"
import { type ViewPhase, worstPhase } from "./phase.ts"

/** A Job or CronJob that no run of ours made, with its pods: what its panel is drawn from. */
export interface JobView {
  readonly kind: "Job" | "CronJob"
  readonly name: string
  readonly namespace: string
  readonly phase: ViewPhase
  /** Why it waits or failed, in a sentence; empty when there is nothing to say. */
  readonly message: string
  /** One; of a CronJob all that are left, oldest first. */
  readonly jobs: readonly JobDetail[]
}

export interface JobDetail {
  readonly name: string
  readonly phase: ViewPhase
  readonly createdAt: string | null
  readonly finishedAt: string | null
  /** Null: as many as find work. */
  readonly completions: number | null
  readonly parallelism: number
  readonly isIndexed: boolean
  readonly succeeded: number
  readonly failed: number
  /** How many pods are still to be made. */
  readonly missing: number
  /** Why no more pods are made at once. */
  readonly waits: string | null
  /** Oldest first. */
  readonly pods: readonly TryView[]
}

/** What is kept of a Job besides what a run needs. */
export interface PlainJobFacts {
  readonly facts: JobFacts
  readonly completions: number | undefined
  readonly parallelism: number
  readonly isIndexed: boolean
  /** The CronJob that made it. */
  readonly owner: string | undefined
}

export function readPlainJob(value: unknown): PlainJobFacts | undefined {
  const facts = readJob(value)
  if (facts === undefined) return undefined
  const object = objectOf(value)
  const spec = objectOf(object.spec)
  const owners = listOf(objectOf(object.metadata).ownerReferences).map(objectOf)
  return {
    facts,
    completions: numberOf(spec.completions),
    parallelism: numberOf(spec.parallelism) ?? 1,
    isIndexed: spec.completionMode === "Indexed",
    owner: textOf(owners.find((one) => one.controller === true && one.kind === "CronJob")?.name),
  }
}

export interface JobWorld {
  readonly kind: JobView["kind"]
  readonly name: string
  readonly namespace: string
  readonly jobs: readonly PlainJobFacts[]
  /** By name of their Job. */
  readonly pods: ReadonlyMap<string, readonly PodFacts[]>
  readonly events: ReadonlyMap<string, readonly EventFacts[]>
}

export function jobView(world: JobWorld): JobView {
  const jobs = world.jobs
    .toSorted((a, b) => a.facts.createdAt - b.facts.createdAt)
    .map((job) => jobDetail(job, world))
  const byPhase: Partial<Record<ViewPhase, number>> = {}
  for (const { phase } of jobs) byPhase[phase] = (byPhase[phase] ?? 0) + 1
  const only = world.kind === "Job" ? world.jobs[0] : undefined
  return {
    kind: world.kind,
    name: world.name,
    namespace: world.namespace,
    phase: only
      ? (jobs[0]?.phase ?? "waiting")
      : worstPhase({ total: jobs.length, isTotalKnown: true, byPhase }),
    message: only ? (sentenceOf(only, world) ?? "") : "",
    jobs,
  }
}

function jobDetail(job: PlainJobFacts, world: JobWorld): JobDetail {
  const { facts, completions, parallelism } = job
  const pods = podsOf(job, world)
  const open = pods.filter(({ phase }) => phase !== "Succeeded" && phase !== "Failed").length
  const isOver = facts.end !== undefined
  const missing = missingPods(job, pods, isOver ? 0 : open)
  const { namespace, events } = world
  return {
    name: facts.name,
    phase: jobPhase(facts, pods),
    createdAt: isoTime(facts.createdAt),
    finishedAt: isoTime(facts.end?.at),
    completions: completions ?? null,
    parallelism,
    isIndexed: job.isIndexed,
    succeeded: facts.succeeded,
    failed: facts.failed,
    missing,
    waits: missing === 0 ? null : missingReason(job, open, sentenceOf(job, world)),
    pods: tryViews({ job: facts, pods, events, namespace, command: undefined }),
  }
}

/** Of an Indexed Job an index that has had a pod is not missing, however that one ended. */
function missingPods(
  { facts, completions = 1, isIndexed }: PlainJobFacts,
  pods: readonly PodFacts[],
  open: number,
): number {
  const indexes = new Set(pods.flatMap(({ completionIndex }) => completionIndex ?? []))
  const seen = isIndexed ? Math.max(indexes.size, facts.succeeded) : facts.succeeded + open
  return Math.max(0, completions - seen)
}

function missingReason(
  { facts, parallelism }: PlainJobFacts,
  open: number,
  sentence: string | undefined,
): string {
  if (facts.end !== undefined) return "not created: the Job has ended"
  if (facts.isSuspended) return "not created: the Job is suspended"
  if (open >= parallelism) return `not created yet: at most ${parallelism} run at once`
  return sentence ?? "not created yet"
}

function sentenceOf(job: PlainJobFacts, world: JobWorld): string | undefined {
  const { facts } = job
  const { namespace, events } = world
  const story = { job: facts, pods: podsOf(job, world), events, namespace, command: undefined }
  if (facts.end?.kind === "failed") return failureReason(story).sentence
  return facts.end === undefined ? waitReason(story)?.sentence : undefined
}

function podsOf({ facts }: PlainJobFacts, { pods }: JobWorld): readonly PodFacts[] {
  return (pods.get(facts.name) ?? []).filter(({ ownerUid }) => ownerUid === facts.uid)
}

function isoTime(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : new Date(milliseconds).toISOString()
}
