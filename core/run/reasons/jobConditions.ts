import type { JobEnd, JobFacts } from "../observed.ts"
import { type Reason, reason, shorten } from "./reason.ts"

/** Why the Job failed, where the Job alone can tell; its pods know more of anything else. */
export function jobFailure(job: JobFacts, end: JobEnd): Reason | undefined {
  if (end.reason !== "DeadlineExceeded") return undefined
  const limit = job.activeDeadlineSeconds
  const sentence =
    limit === undefined
      ? "took longer than its deadline"
      : `took longer than activeDeadlineSeconds: ${limit}`
  return reason("deadline", sentence, {
    since: end.at,
    field: "activeDeadlineSeconds",
    evidence: [endEvidence(job, end)],
  })
}

/** When neither Job nor pods say more: Kubernetes' own sentence. */
export function jobFailureInItsWords(job: JobFacts, end: JobEnd): Reason {
  const said = shorten(end.message === "" ? end.reason : end.message)
  const sentence = said === "" ? "its Job failed and does not say why" : `its Job failed: ${said}`
  return reason("other", sentence, { since: end.at, evidence: [endEvidence(job, end)] })
}

export function endEvidence(job: JobFacts, end: JobEnd) {
  return {
    source: "job" as const,
    object: `Job/${job.name}`,
    text: `${end.reason}: ${end.message}`,
    at: end.at,
  }
}
