import type { EventFacts, JobFacts, PodFacts } from "./observed.ts"
import { containerEnd, containerWait } from "./reasons/containerStates.ts"
import { jobEventWait, podEventWait, scaleUp } from "./reasons/events.ts"
import { endEvidence, jobFailure, jobFailureInItsWords } from "./reasons/jobConditions.ts"
import { disruption, schedulingWait } from "./reasons/podConditions.ts"
import { type Reason, reason } from "./reasons/reason.ts"

/** What there is to read about one Job. */
export interface JobStory {
  readonly job: JobFacts
  readonly pods: readonly PodFacts[]
  readonly events: ReadonlyMap<string, readonly EventFacts[]>
  readonly namespace: string
  /** What the step runs, where it is known. */
  readonly command: string | undefined
}

/** Why a Job that has not ended does not work; undefined when it does. */
export function waitReason(story: JobStory): Reason | undefined {
  const { job, namespace, events } = story
  if (job.deletedAt !== undefined) {
    return reason("deleted", "its Job is being deleted", { since: job.deletedAt, isStuck: true })
  }
  if (job.isSuspended) {
    return reason("suspended", "its Job was suspended from outside", { isStuck: true })
  }
  const pods = story.pods.filter((pod) => pod.deletedAt === undefined && isOpen(pod))
  const failed = failedTry(story)
  if (pods.length === 0) {
    const leaving = story.pods.find((pod) => pod.deletedAt !== undefined && isOpen(pod))
    if (leaving !== undefined) return leavingReason(leaving)
    const noPod = jobEventWait(job.name, namespace, events.get(`Job/${job.name}`) ?? [])
    return (
      noPod ?? failed ?? reason("creating", "its pod is being created", { since: job.createdAt })
    )
  }
  const working = pods.filter(isWorking)
  if (working.length === pods.length) return failed
  const waits = pods
    .filter((pod) => !isWorking(pod))
    .map((pod) => podWait(pod, events.get(`Pod/${pod.name}`) ?? []))
  const worst = waits.find((one) => one.isStuck) ?? waits[0]
  if (worst?.isStuck || failed === undefined) return worst
  return failed
}

/** A node that does not answer keeps its pod for ever, and Kubernetes makes no other one so long. */
function leavingReason(pod: PodFacts): Reason {
  const why = disruption(pod)
  const rest = { since: pod.deletedAt, isStuck: true }
  if (why === undefined) return reason("deleted", "its pod is being deleted", rest)
  return {
    ...why,
    ...rest,
    sentence: `${why.sentence}; the next pod has to wait until "${pod.name}" is given up`,
  }
}

function isOpen(pod: PodFacts): boolean {
  return pod.phase !== "Succeeded" && pod.phase !== "Failed"
}

function isWorking(pod: PodFacts): boolean {
  return (
    pod.containers.some((container) => container.state.kind !== "waiting") &&
    pod.containers.every(
      (container) => container.state.kind !== "waiting" || container.state.reason === "",
    )
  )
}

function podWait(pod: PodFacts, events: readonly EventFacts[]): Reason {
  const unscheduled = schedulingWait(pod)
  if (unscheduled !== undefined) {
    return unscheduled.kind === "no-node" ? (scaleUp(pod.name, events) ?? unscheduled) : unscheduled
  }
  const image = pod.containers[0]?.image ?? ""
  return (
    containerWait(pod) ??
    podEventWait(pod.name, image, events) ??
    (pod.node === undefined
      ? reason("scheduling", "waits for a node", { since: pod.createdAt })
      : reason("starting", `starts on node "${pod.node}"`, { since: pod.createdAt }))
  )
}

/** A try that failed while the Job has tries left is said at once, not after the last one. */
function failedTry(story: JobStory): Reason | undefined {
  const { job } = story
  const ended = lastEnded(story.pods)
  const containers = story.pods.flatMap((pod) => pod.containers)
  const restarts = containers.reduce((most, container) => Math.max(most, container.restarts), 0)
  if (ended === undefined && restarts === 0) return undefined
  const of = `of ${job.backoffLimit + 1}`
  if (ended === undefined) {
    const pod = story.pods.find((one) => one.containers.some((container) => container.before))
    const why = pod && containerEnd(pod, story.command)
    if (why === undefined) return undefined
    return tryReason(why, `try ${restarts} ${of} failed: ${why.sentence}`)
  }
  const lost = disruption(ended)
  if (lost !== undefined) return tryReason(lost, `${lost.sentence}; tried again, not counted`)
  const why = containerEnd(ended, story.command)
  if (why === undefined) return undefined
  return tryReason(why, `try ${Math.max(job.failed, 1)} ${of} failed: ${why.sentence}`)
}

function tryReason(why: Reason, sentence: string): Reason {
  return { ...why, kind: "try-failed", sentence, isStuck: true }
}

function lastEnded(pods: readonly PodFacts[]): PodFacts | undefined {
  let last: PodFacts | undefined
  for (const pod of pods) {
    if (pod.phase !== "Failed") continue
    if (last === undefined || pod.createdAt >= last.createdAt) last = pod
  }
  return last
}

/** Why a Job failed. Always says something. */
export function failureReason(story: JobStory): Reason {
  const { job } = story
  const end = job.end ?? job.ending
  const limit = end && jobFailure(job, end)
  if (limit !== undefined) return limit
  const pod = lastEnded(story.pods) ?? story.pods.at(-1)
  const why = pod && failureOf(pod, story.command)
  if (why === undefined) {
    return end === undefined
      ? reason("other", "its Job failed and does not say why")
      : jobFailureInItsWords(job, end)
  }
  const tries = Math.max(job.failed, 1)
  const counted = tries > 1 ? `${why.sentence}, as the last of ${tries} tries` : why.sentence
  return {
    ...why,
    sentence: counted,
    since: end?.at ?? why.since,
    evidence: [...why.evidence, ...(end === undefined ? [] : [endEvidence(job, end)])],
  }
}

/** What the cluster did to a pod explains its exit code, so it comes first. */
function failureOf(pod: PodFacts, command: string | undefined): Reason | undefined {
  if (pod.reason === "DeadlineExceeded") {
    return reason("deadline", "took longer than the deadline of its pod", {
      field: "jobTemplate",
      evidence: [
        {
          source: "pod",
          object: `Pod/${pod.name}`,
          text: `${pod.reason}: ${pod.message ?? ""}`,
          at: undefined,
        },
      ],
    })
  }
  return disruption(pod) ?? containerEnd(pod, command) ?? containerWait(pod)
}
