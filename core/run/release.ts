import { annotations } from "../plan/labels.ts"
import type { JobFacts, PodFacts } from "./observed.ts"

/** When what follows may start: as soon as the containers ended well, or with the Job. */
export type StartPolicy = "early" | "complete"

export function startPolicy(written: Readonly<Record<string, string>>): StartPolicy {
  return written[annotations.start] === "complete" ? "complete" : "early"
}

/**
 * The pod whose containers have all ended with exit code 0, while the Job does not know it yet: a
 * second earlier than the Job, which gathers its pods' news for that long. Only where one
 * such pod settles the Job: one completion, pods that are never restarted, nothing being deleted.
 */
export function releasingPod(job: JobFacts, pods: readonly PodFacts[]): PodFacts | undefined {
  if (job.deletedAt !== undefined) return undefined
  if (job.end !== undefined || job.ending?.kind === "failed") return undefined
  return releasedPod(job, pods)
}

/** The same pod once the Job knows it too: the record says when it released, written before or not. */
export function releasedPod(job: JobFacts, pods: readonly PodFacts[]): PodFacts | undefined {
  if (job.completions !== 1 || job.restartPolicy !== "Never" || job.isSuspended) return undefined
  return pods.find((pod) => isOf(job, pod) && pod.deletedAt === undefined && endedWell(pod))
}

/** When the last container of the pod ended. */
export function releasedAt(pod: PodFacts): number {
  const ends = pod.containers.map(({ state }) =>
    state.kind === "terminated" ? (state.finishedAt ?? 0) : 0,
  )
  return Math.max(...ends)
}

/**
 * Why an earlier release does not hold any more: its pod failed after all, or the Job runs another
 * one. A pod that is only gone from sight proves nothing.
 */
export function withdrawingPod(
  job: JobFacts,
  pods: readonly PodFacts[],
  released: number,
): PodFacts | undefined {
  return pods.find((pod) => {
    if (!isOf(job, pod)) return false
    if (pod.phase === "Failed") return allExitedZero(pod)
    const isOpen = pod.phase === "Pending" || pod.phase === "Running"
    return isOpen && pod.createdAt >= released && !allExitedZero(pod)
  })
}

function isOf(job: JobFacts, pod: PodFacts): boolean {
  return pod.ownerUid === job.uid
}

function endedWell(pod: PodFacts): boolean {
  return pod.phase !== "Failed" && allExitedZero(pod)
}

function allExitedZero(pod: PodFacts): boolean {
  return (
    pod.containers.length > 0 &&
    pod.containers.every(({ state }) => state.kind === "terminated" && state.exitCode === 0)
  )
}
