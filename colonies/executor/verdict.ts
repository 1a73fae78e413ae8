import type { JobFacts, PodFacts } from "#core/run/observed"
import { containerEnd, containerWait } from "#core/run/reasons/containerStates"

/** What has become of a Job, from all that is seen of it now. */
export type Verdict =
  | { readonly kind: "going" }
  /** Something stands in the way of this pod; it may pass. */
  | { readonly kind: "stuck"; readonly pod: string; readonly why: string }
  | { readonly kind: "successful" }
  | { readonly kind: "failed"; readonly errors: readonly Failure[] }

/** The first words are those of the other executors; the second tell where and why. */
export interface Failure {
  readonly error: string
  readonly detail: string
}

export function verdict(
  job: JobFacts | undefined,
  pods: readonly PodFacts[],
  isCompatible: boolean,
): Verdict {
  if (job === undefined) {
    const detail = "Somebody deleted the Job before it had ended."
    return { kind: "failed", errors: [{ error: "The Job is gone", detail }] }
  }
  // The published executor waits for the first pods and never looks at those that follow them.
  const isEnough = isCompatible && pods.filter(hasEnded).length >= job.completions
  if (isEnough || job.end?.kind === "complete") return { kind: "successful" }
  if (job.end === undefined) return waiting(pods)
  if (isCompatible) return { kind: "successful" }
  return { kind: "failed", errors: failures(job, pods) }
}

function hasEnded({ phase }: PodFacts): boolean {
  return phase === "Succeeded" || phase === "Failed"
}

function waiting(pods: readonly PodFacts[]): Verdict {
  for (const pod of pods) {
    const wait = containerWait(pod)
    if (wait?.isStuck) return { kind: "stuck", pod: pod.name, why: wait.sentence }
  }
  return { kind: "going" }
}

function failures(job: JobFacts, pods: readonly PodFacts[]): readonly Failure[] {
  if (job.end?.reason === "DeadlineExceeded") {
    const detail = `The Job was ended after its walltime of ${job.activeDeadlineSeconds ?? 0} s.`
    return [{ error: "DeadlineExceeded", detail }]
  }
  const found = [...pods]
    .sort((a, b) => a.createdAt - b.createdAt || (a.name < b.name ? -1 : 1))
    .flatMap((pod) => podFailure(pod) ?? [])
  if (found.length > 0) return found
  return [{ error: job.end?.reason || "The Job failed", detail: job.end?.message ?? "" }]
}

function podFailure(pod: PodFacts): Failure | undefined {
  const ended = pod.containers.find(
    ({ state }) => state.kind === "terminated" && state.exitCode !== 0,
  )
  const why = containerEnd(pod, undefined)?.sentence
  if (ended?.state.kind === "terminated") {
    const { exitCode, reason } = ended.state
    const error =
      reason === "OOMKilled" ? "OOMKilled" : `Exit with an error, exit code = ${exitCode}`
    return { error, detail: `Pod "${pod.name}", container "${ended.name}": ${why ?? reason}.` }
  }
  if (pod.phase !== "Failed") return undefined
  const what = [pod.reason, pod.message].filter(Boolean).join(": ") || "it failed"
  return { error: pod.reason ?? "The pod failed", detail: `Pod "${pod.name}": ${what}.` }
}
