import type { TryView } from "#core/view/attempts"
import type { Cluster } from "./cluster.ts"
import type { OnLines } from "./place.ts"
import { type LoggedPod, PodLogs } from "./podLogs.ts"
import type { LogOptions } from "./protocol.ts"

interface PlainPodLog {
  readonly cluster: Cluster
  readonly namespace: string
  readonly job: string
  readonly pod: string
  readonly options: LogOptions
}

/**
 * What a pod of a Job prints that no run made, init containers too; when followed, until the pod is
 * over. The Job is watched meanwhile and never touched.
 */
export async function copyPlainPodLog(
  { cluster, namespace, job, pod: wanted, options }: PlainPodLog,
  onLines: OnLines,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted()
  let change = Promise.withResolvers<void>()
  const watch = cluster.watchJob?.({ kind: "Job", name: job }, () => {
    change.resolve()
    change = Promise.withResolvers()
  })
  const aborted = Promise.withResolvers<never>()
  aborted.promise.catch(() => {})
  const abort = () => aborted.reject(signal.reason)
  signal.addEventListener("abort", abort, { once: true })
  const find = () => watch?.view()?.jobs[0]?.pods.find(({ pod }) => pod === wanted)
  const world = {
    cluster,
    namespace,
    pods: () => {
      const pod = find()
      return pod === undefined ? [] : [loggedPod(pod)]
    },
    isOver: () => {
      const phase = find()?.phase
      return phase !== "running" && phase !== "queued"
    },
    nextChange: () => Promise.race([change.promise, aborted.promise]),
  }
  try {
    await Promise.race([watch?.start(), aborted.promise])
    await new PodLogs(world, options, signal).copy(onLines)
  } finally {
    watch?.close()
    signal.removeEventListener("abort", abort)
  }
}

function loggedPod({ pod, detail }: TryView): LoggedPod {
  return {
    step: pod,
    name: pod,
    uid: pod,
    containers: (detail?.containers ?? []).map(({ name, phase, before, restarts }) => ({
      name,
      hasBegun: phase !== "queued" || before !== null,
      isRunning: phase === "running",
      restarts,
    })),
  }
}
