import type { AttemptView, ContainerView, TryView } from "../attempts.ts"
import type { JobDetail, JobView } from "../jobView.ts"
import type { ViewPhase } from "../phase.ts"
import type { RunView, StepView, TaskView } from "../statusTree.ts"

/** What a sequence is drawn from: a pod that was seen, or work that has no pod. Times are ms since 1970. */
export type SequenceItem = SequencePod | SequenceRest

interface Where {
  /** Does not change while the picture lives. */
  readonly id: string
  /** The task of a run, or the Job itself: what rows are grouped by at first. */
  readonly group: string
  /** Undefined: not of a run. */
  readonly step: string | undefined
  readonly job: string
  /** Of the step in its task, or of the pod in an Indexed Job. */
  readonly index: number | undefined
  readonly attempt: number
  readonly phase: ViewPhase
  readonly reason: string | undefined
}

export interface SequencePod extends Where {
  readonly kind: "pod"
  readonly name: string
  /** Counted from 1: of the pods for the same work. */
  readonly tryNumber: number
  readonly node: string | undefined
  readonly createdAt: number
  readonly acceptedAt: number | undefined
  /** Undefined while it has not ended. */
  readonly endedAt: number | undefined
  readonly pulls: readonly Span[]
  readonly containers: readonly SequenceContainer[]
  /** False: its pod is gone, and these are the times of its Job. */
  readonly isSeen: boolean
}

/** Work without a pod: not begun, skipped, or taken over from another run. */
export interface SequenceRest extends Where {
  readonly kind: "rest"
  readonly count: number
}

export interface Span {
  readonly from: number
  /** Undefined: not over. */
  readonly to: number | undefined
}

export interface SequenceContainer {
  readonly name: string
  readonly role: ContainerView["role"]
  readonly phase: ViewPhase
  /** Its runs as far as Kubernetes keeps them: the last, and the one before it. */
  readonly runs: readonly (Span & { readonly isFailed: boolean })[]
  readonly restarts: number
}

export function itemsOfRun(run: RunView): readonly SequenceItem[] {
  return run.tasks.flatMap((task) => itemsOfTask(task))
}

function itemsOfTask(task: TaskView): readonly SequenceItem[] {
  if (!task.isWanted) return []
  if (task.steps !== null) return task.steps.flatMap((step) => itemsOfStep(task.name, step))
  return [
    {
      ...nowhere,
      kind: "rest",
      id: task.name,
      group: task.name,
      phase: task.phase,
      reason: task.reason?.sentence,
      count: 1,
    },
  ]
}

const nowhere = { step: undefined, job: "", index: undefined, attempt: 1 } as const

/** The same items for the same step, so that what is made of them need not be made again. */
export function itemsOfStep(task: string, step: StepView): readonly SequenceItem[] {
  const found = knownSteps.get(step)
  if (found) return found
  const made = makeItems(task, step)
  knownSteps.set(step, made)
  return made
}

const knownSteps = new WeakMap<StepView, readonly SequenceItem[]>()

function makeItems(task: string, step: StepView): readonly SequenceItem[] {
  const pods = step.attempts.flatMap((attempt) => podsOfAttempt(task, step, attempt))
  if (pods.length > 0) return pods
  return [
    {
      kind: "rest",
      id: step.id,
      group: task,
      step: step.id,
      job: "",
      index: step.index,
      attempt: 1,
      phase: step.phase,
      reason: step.reason?.sentence,
      count: 1,
    },
  ]
}

function podsOfAttempt(task: string, step: StepView, attempt: AttemptView): readonly SequencePod[] {
  const where = {
    group: task,
    step: step.id,
    job: attempt.job,
    index: step.index,
    attempt: attempt.attempt,
  }
  if (attempt.tries.length > 0) {
    return attempt.tries.map((one, index) => ({
      ...podOf(one, attempt.finishedAt),
      ...where,
      id: `${attempt.job}/${one.pod}`,
      tryNumber: index + 1,
    }))
  }
  const createdAt = timeOf(attempt.createdAt)
  if (createdAt === undefined) return []
  const isOver = attempt.finishedAt !== null
  return [
    {
      ...where,
      kind: "pod",
      id: attempt.job,
      name: attempt.job,
      tryNumber: 1,
      phase: attempt.phase,
      reason: step.reason?.sentence,
      node: undefined,
      createdAt,
      acceptedAt: isOver ? createdAt : undefined,
      endedAt: timeOf(attempt.finishedAt),
      pulls: [],
      containers: isOver
        ? [goneContainer(createdAt, timeOf(attempt.finishedAt), attempt.phase)]
        : [],
      isSeen: false,
    },
  ]
}

/** Of a pod that is gone only its Job's times are left: they are taken for work. */
function goneContainer(from: number, to: number | undefined, phase: ViewPhase): SequenceContainer {
  const isFailed = phase === "failed"
  return { name: "", role: "main", phase, runs: [{ from, to, isFailed }], restarts: 0 }
}

/** All of a Job, or of every Job of a CronJob. */
export function itemsOfJob(view: JobView): readonly SequenceItem[] {
  return view.jobs.flatMap((job) => {
    const tries = new Map<number, number>()
    const pods = job.pods.map((one) => {
      const index = one.detail?.index ?? undefined
      // Which pod is tried again by which one is known only where they carry an index.
      const tryNumber = index === undefined ? 1 : (tries.get(index) ?? 0) + 1
      if (index !== undefined) tries.set(index, tryNumber)
      return itemOfPod(job, one, tryNumber)
    })
    return job.missing === 0 ? pods : [...pods, restOfJob(job)]
  })
}

/** The same item for the same pod. */
export function itemOfPod(job: JobHead, one: TryView, tryNumber: number): SequencePod {
  const found = knownPods.get(one)
  if (found?.tryNumber === tryNumber && (found.endedAt === undefined || job.finishedAt === null)) {
    return found
  }
  const made: SequencePod = {
    ...podOf(one, job.finishedAt),
    id: `${job.name}/${one.pod}`,
    group: job.name,
    step: undefined,
    job: job.name,
    index: one.detail?.index ?? undefined,
    attempt: 1,
    tryNumber,
  }
  knownPods.set(one, made)
  return made
}

type JobHead = Omit<JobDetail, "pods">

const knownPods = new WeakMap<TryView, SequencePod>()

export function restOfJob(job: JobHead): SequenceRest {
  return {
    ...nowhere,
    kind: "rest",
    id: job.name,
    group: job.name,
    job: job.name,
    phase: job.finishedAt === null ? "waiting" : "not-started",
    reason: job.waits ?? undefined,
    count: job.missing,
  }
}

type PodOnly = Omit<
  SequencePod,
  "id" | "group" | "step" | "job" | "index" | "attempt" | "tryNumber"
>

function podOf(one: TryView, jobEnd: string | null): PodOnly {
  const { detail } = one
  const createdAt = timeOf(one.createdAt) ?? 0
  const containers = (detail?.containers ?? []).map(containerOf)
  const isOver = one.phase !== "running" && one.phase !== "queued"
  return {
    kind: "pod",
    name: one.pod,
    phase: one.phase,
    reason: one.reason ?? detail?.waits ?? undefined,
    node: one.node ?? undefined,
    createdAt,
    acceptedAt: timeOf(detail?.acceptedAt ?? null) ?? timeOf(one.scheduledAt),
    endedAt: isOver
      ? (timeOf(one.finishedAt) ??
        latest(containers) ??
        timeOf(detail?.deletedAt ?? null) ??
        timeOf(jobEnd) ??
        createdAt)
      : undefined,
    pulls: (detail?.pulls ?? []).map(({ startedAt, finishedAt }) => {
      return { from: Date.parse(startedAt), to: timeOf(finishedAt) }
    }),
    containers:
      containers.length > 0
        ? containers
        : withoutDetail(timeOf(one.startedAt), timeOf(one.finishedAt), one.phase),
    isSeen: true,
  }
}

function withoutDetail(
  from: number | undefined,
  to: number | undefined,
  phase: ViewPhase,
): readonly SequenceContainer[] {
  return from === undefined ? [] : [goneContainer(from, to, phase)]
}

function containerOf(one: ContainerView): SequenceContainer {
  const runs: SequenceContainer["runs"][number][] = []
  if (one.before !== null) {
    const to = timeOf(one.before.finishedAt)
    const from = timeOf(one.before.startedAt) ?? to
    if (from !== undefined && to !== undefined) {
      runs.push({ from, to, isFailed: one.before.exitCode !== 0 })
    }
  }
  const to = timeOf(one.finishedAt)
  const from = timeOf(one.startedAt) ?? to
  if (from !== undefined) runs.push({ from, to, isFailed: one.phase === "failed" })
  return { name: one.name, role: one.role, phase: one.phase, runs, restarts: one.restarts }
}

function latest(containers: readonly SequenceContainer[]): number | undefined {
  const ends = containers.flatMap(({ role, runs }) =>
    role === "main" ? runs.flatMap(({ to }) => to ?? []) : [],
  )
  return ends.length === 0 ? undefined : Math.max(...ends)
}

function timeOf(text: string | null): number | undefined {
  if (text === null) return undefined
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}
