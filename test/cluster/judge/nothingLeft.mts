import type { Judge } from "./verdict.mts"

/** Of a deleted run every Job and every pod was deleted too, those made at the last moment as well. */
export const nothingLeft: Judge = ({ deletedAt, jobs }) => {
  if (deletedAt === undefined) return []
  return jobs.flatMap((job) => {
    const pods = job.pods.filter((pod) => pod.deletedAt === undefined)
    return [
      ...(job.deletedAt === undefined ? [`the Job "${job.name}" is left`] : []),
      ...pods.map((pod) => `the pod "${pod.name}" is left`),
    ]
  })
}
