import type { TryView } from "./attempts.ts"
import type { JobDetail, JobView } from "./jobView.ts"

/** What became different between two looks at a Job: all of it but its pods, and the pods that changed. */
export interface JobChange {
  readonly view: Omit<JobView, "jobs">
  readonly jobs: readonly JobChangeDetail[]
}

export interface JobChangeDetail {
  readonly job: Omit<JobDetail, "pods">
  readonly pods: readonly TryView[]
}

/** Undefined when nothing changed. */
export function jobChange(before: JobView, after: JobView): JobChange | undefined {
  const { jobs, ...view } = after
  const changed = jobs.map((job): JobChangeDetail => {
    const old = new Map(podsOf(before, job.name).map((pod) => [pod.pod, JSON.stringify(pod)]))
    const { pods, ...head } = job
    return { job: head, pods: pods.filter((pod) => old.get(pod.pod) !== JSON.stringify(pod)) }
  })
  const isSame = changed.every(({ pods }) => pods.length === 0) && headOf(before) === headOf(after)
  return isSame ? undefined : { view, jobs: changed }
}

/** The Job after a change. What did not change is the very same object as before. */
export function applyJobChange(before: JobView, { view, jobs }: JobChange): JobView {
  return {
    ...view,
    jobs: jobs.map(({ job, pods }) => {
      const changed = new Map(pods.map((pod) => [pod.pod, pod]))
      const kept = podsOf(before, job.name).map((pod) => {
        const next = changed.get(pod.pod)
        changed.delete(pod.pod)
        return next ?? pod
      })
      return { ...job, pods: [...kept, ...changed.values()] }
    }),
  }
}

function podsOf({ jobs }: JobView, name: string): readonly TryView[] {
  return jobs.find((job) => job.name === name)?.pods ?? []
}

function headOf(view: JobView): string {
  return JSON.stringify({ ...view, jobs: view.jobs.map((job) => ({ ...job, pods: null })) })
}
