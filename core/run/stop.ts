import type { JobFacts } from "./observed.ts"
import { isBrokenAbove, type RunState } from "./runState.ts"

export interface Deletion {
  readonly kind: "delete"
  readonly job: string
  readonly uid: string
}

/**
 * The Jobs to delete: on a person's word all that work, and those that started early after a step
 * that failed after all. A step whose containers have ended well is left to end by itself,
 * because its work is done. Jobs of earlier attempts go as well.
 */
export function deletions(run: RunState): readonly Deletion[] {
  const { observed, status } = run
  if (status.stopped === undefined && !run.tasks.some((task) => task?.isBroken)) return []
  const list = new Map<string, Deletion>()
  const spared = new Set<string>()
  for (const task of run.tasks) {
    for (const [index, state] of task?.states.entries() ?? []) {
      if (task === undefined || state.kind !== "active") continue
      if (state.released !== undefined) spared.add(state.job.name)
      else if (isBrokenAbove(run, task.task, index)) push(list, state.job)
    }
  }
  if (status.stopped === undefined) return [...list.values()]
  for (const job of observed.jobs.values()) {
    const isOurs = job.ownerUid === observed.metadata.uid
    if (isOurs && !spared.has(job.name)) push(list, job)
  }
  return [...list.values()]
}

function push(list: Map<string, Deletion>, job: JobFacts): void {
  const isEnding = job.end !== undefined || job.ending !== undefined
  if (isEnding || job.deletedAt !== undefined) return
  list.set(job.name, { kind: "delete", job: job.name, uid: job.uid })
}
