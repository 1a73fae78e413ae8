import type { JobFacts, Observed } from "./observed.ts"
import type { RunState } from "./runState.ts"

/** How many more Jobs may be created, for the run and for each of its tasks. */
export interface FreePlaces {
  readonly run: number
  readonly task: (index: number) => number
  /** Before Kubernetes has begun with those that are there. */
  readonly queue: number
}

/**
 * So many Jobs keep the Job controller busy: one that has thousands before it serves none of them
 * sooner, falls behind its own writes and repeats them (7.13 writes a step in place of 7.02).
 */
const mostQueued = 256

/**
 * A hard cap, counted from what was created: a Job takes a place from the moment its creation is
 * sent until Kubernetes says that it ended, whichever attempt it is.
 */
export function freePlaces({ plan, observed, tasks }: RunState): FreePlaces {
  const ofTask = new Map<number, number>()
  const add = (task: number) => ofTask.set(task, (ofTask.get(task) ?? 0) + 1)
  let all = 0
  let queued = 0
  for (const job of observed.jobs.values()) {
    if (job.end !== undefined || job.ownerUid !== observed.metadata.uid) continue
    all++
    if (isQueued(job, observed)) queued++
    const task = job.labels.task === undefined ? undefined : plan.taskIndex.get(job.labels.task)
    if (task !== undefined) add(task)
  }
  for (const task of tasks) {
    for (const state of task?.states ?? []) {
      if (task === undefined) continue
      const isBareJob = state.kind === "active" && state.job.labels.task === undefined
      const isUnseen = state.kind === "creating" || state.kind === "unseen"
      if (isUnseen) {
        all++
        queued++
      }
      if (isUnseen || isBareJob) add(task.task.index)
    }
  }
  const cap = plan.execution.spec.parallelism ?? Number.POSITIVE_INFINITY
  return {
    run: cap - all,
    task: (index) =>
      (plan.tasks[index]?.spec.parallelism ?? Number.POSITIVE_INFINITY) - (ofTask.get(index) ?? 0),
    queue: mostQueued - queued,
  }
}

function isQueued(job: JobFacts, { pods }: Observed): boolean {
  return job.startedAt === undefined && !job.isSuspended && !pods.has(job.name)
}
