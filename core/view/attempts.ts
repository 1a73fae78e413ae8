import type { ContainerFacts, EventFacts, JobFacts, Observed, PodFacts } from "../run/observed.ts"
import { containerEnd } from "../run/reasons/containerStates.ts"
import { disruption } from "../run/reasons/podConditions.ts"
import { waitReason } from "../run/reasons.ts"
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
  /** What its times are made of; left out where nobody has seen the pod itself. */
  readonly detail?: PodDetail
}

/** What a pod's bar is drawn from. */
export interface PodDetail {
  /** The index of an Indexed Job's pod. */
  readonly index: number | null
  /** When the kubelet of its node took it. */
  readonly acceptedAt: string | null
  /** It was asked to go, or it is gone. */
  readonly deletedAt: string | null
  /** What it waits for, while it does. */
  readonly waits: string | null
  /** When its node began to pull each image, and when it said that it had it. */
  readonly pulls: readonly SpanView[]
  /** Init containers first, in the order they run in. */
  readonly containers: readonly ContainerView[]
}

export interface SpanView {
  readonly startedAt: string
  readonly finishedAt: string | null
}

export interface ContainerView {
  readonly name: string
  readonly role: "init" | "sidecar" | "main"
  readonly image: string
  readonly phase: ViewPhase
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly exitCode: number | null
  readonly restarts: number
  /** The run before the last restart: Kubernetes keeps no earlier one. */
  readonly before: {
    readonly startedAt: string | null
    readonly finishedAt: string | null
    readonly exitCode: number
  } | null
}

export function attemptViews(
  jobs: readonly JobFacts[],
  observed: Observed,
  command: string | undefined,
): readonly AttemptView[] {
  return jobs
    .map((job) => attemptView(job, observed, command))
    .sort((a, b) => a.attempt - b.attempt)
}

function attemptView(
  job: JobFacts,
  { pods, events, metadata }: Observed,
  command: string | undefined,
): AttemptView {
  const own = pods.get(job.name) ?? []
  return {
    attempt: Number(job.labels.attempt ?? 1),
    job: job.name,
    phase: jobPhase(job, own),
    createdAt: isoTime(job.createdAt),
    finishedAt: isoTime(job.end?.at),
    tries: tryViews({ job, pods: own, events, namespace: metadata.namespace, command }),
  }
}

/** Also of a Job that belongs to no run. */
export function jobPhase(job: JobFacts, pods: readonly PodFacts[]): ViewPhase {
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

interface Tries {
  readonly job: JobFacts
  readonly pods: readonly PodFacts[]
  readonly events: ReadonlyMap<string, readonly EventFacts[]>
  readonly namespace: string
  readonly command: string | undefined
}

/** The pods of a Job, oldest first. */
export function tryViews(tries: Tries): readonly TryView[] {
  return tries.pods
    .toSorted((a, b) => a.createdAt - b.createdAt || (a.name < b.name ? -1 : 1))
    .map((pod) => tryView(pod, tries))
}

function tryView(pod: PodFacts, tries: Tries): TryView {
  const states = pod.containers.map((container) => container.state)
  const started = states.flatMap((state) =>
    state.kind === "waiting" ? [] : (state.startedAt ?? []),
  )
  const ended = states.flatMap((state) => (state.kind === "terminated" ? [state] : []))
  const isEnded = ended.length > 0 && ended.length === states.length
  const bad = ended.find((state) => state.exitCode !== 0)
  const why = disruption(pod) ?? containerEnd(pod, tries.command)
  const scheduled = pod.conditions.find((one) => one.type === "PodScheduled" && one.isTrue)
  return {
    pod: pod.name,
    phase: podPhase(pod),
    node: pod.node ?? null,
    createdAt: isoTime(pod.createdAt),
    scheduledAt: isoTime(scheduled?.at),
    startedAt: started.length === 0 ? null : isoTime(Math.min(...started)),
    finishedAt: isEnded ? isoTime(endOf(pod, ended, tries.job)) : null,
    exitCode: isEnded ? (bad?.exitCode ?? 0) : null,
    reason: why?.sentence ?? null,
    detail: podDetail(pod, tries),
  }
}

/** Where nobody saw the containers end, they ended with their pod, or at the latest with their Job. */
function endOf(
  pod: PodFacts,
  ended: readonly { readonly finishedAt: number | undefined }[],
  job: JobFacts,
): number | undefined {
  const seen = ended.flatMap(({ finishedAt }) => finishedAt ?? [])
  return seen.length > 0 ? Math.max(...seen) : (pod.deletedAt ?? job.end?.at)
}

function podDetail(pod: PodFacts, tries: Tries): PodDetail {
  const isOpen = pod.phase !== "Succeeded" && pod.phase !== "Failed"
  const wait = isOpen ? waitReason({ ...tries, pods: [pod] }) : undefined
  return {
    index: pod.completionIndex ?? null,
    acceptedAt: isoTime(pod.acceptedAt),
    deletedAt: isoTime(pod.deletedAt),
    waits: wait?.sentence ?? null,
    pulls: pullsOf(tries.events.get(`Pod/${pod.name}`) ?? []),
    containers: [
      ...pod.initContainers.map((one) => containerView(one, one.isSidecar ? "sidecar" : "init")),
      ...pod.containers.map((one) => containerView(one, "main")),
    ],
  }
}

/** A pull that failed is begun again: the first beginning and the last end are kept. */
function pullsOf(events: readonly EventFacts[]): readonly SpanView[] {
  const ends = events.filter((event) => event.reason === "Pulled")
  return events
    .filter((event) => event.reason === "Pulling")
    .map(({ message, firstAt }) => {
      const image = quoted(message)
      const end = ends.find((one) => one.lastAt >= firstAt && quoted(one.message) === image)
      return { startedAt: isoOf(firstAt), finishedAt: isoTime(end?.lastAt) }
    })
}

function quoted(message: string): string | undefined {
  return /"([^"]*)"/.exec(message)?.[1]
}

function containerView(container: ContainerFacts, role: ContainerView["role"]): ContainerView {
  const { name, image, restarts, state, before } = container
  return {
    name,
    role,
    image,
    phase: containerPhase(container),
    startedAt: state.kind === "waiting" ? null : isoTime(state.startedAt),
    finishedAt: state.kind === "terminated" ? isoTime(state.finishedAt) : null,
    exitCode: state.kind === "terminated" ? state.exitCode : null,
    restarts,
    before:
      before === undefined
        ? null
        : {
            startedAt: isoTime(before.startedAt),
            finishedAt: isoTime(before.finishedAt),
            exitCode: before.exitCode,
          },
  }
}

function containerPhase({ state }: ContainerFacts): ViewPhase {
  switch (state.kind) {
    case "waiting":
      return "queued"
    case "running":
      return "running"
    case "terminated":
      return state.exitCode === 0 ? "succeeded" : "failed"
  }
}

function isoTime(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : isoOf(milliseconds)
}

function isoOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
