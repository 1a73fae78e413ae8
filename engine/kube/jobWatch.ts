import { labels } from "#core/plan/labels"
import type { EventFacts, PodFacts } from "#core/run/observed"
import { readPod } from "#core/run/readPod"
import { type JobView, jobView, type PlainJobFacts, readPlainJob } from "#core/view/jobView"
import type { JobRequest, JobWatch } from "../cluster.ts"
import type { ClusterError } from "../clusterError.ts"
import type { Connection } from "./connection.ts"
import { ListWatch } from "./listWatch.ts"

export interface JobWatchSetting extends JobRequest {
  readonly connection: Connection
  readonly namespace: string
  readonly events: ReadonlyMap<string, readonly EventFacts[]>
  readonly now: () => number
  readonly onChange: () => void
  readonly onStale: (error: ClusterError | undefined) => void
  readonly onClose: () => void
}

/**
 * A Job or CronJob of somebody else, followed with its pods while somebody looks. Pods that go
 * meanwhile are kept as they were seen last: Kubernetes forgets them, the picture does not.
 */
export class KubeJobWatch implements JobWatch {
  readonly #setting: JobWatchSetting
  readonly #jobs: ListWatch<PlainJobFacts | undefined>
  readonly #pods: ListWatch<PodFacts | undefined>
  readonly #gone = new Map<string, PodFacts>()

  constructor(setting: JobWatchSetting) {
    const { connection, namespace, kind, name, onChange, onStale } = setting
    this.#setting = setting
    const isJob = kind === "Job"
    this.#jobs = new ListWatch(connection, {
      path: `/apis/batch/v1/namespaces/${namespace}/jobs`,
      labelSelector: isJob ? undefined : `!${labels.execution}`,
      fieldSelector: isJob ? `metadata.name=${name}` : undefined,
      read: readPlainJob,
      onChange,
      onStale,
    })
    this.#pods = new ListWatch(connection, {
      path: `/api/v1/namespaces/${namespace}/pods`,
      // The older of the two labels is on every pod of a Job, whatever made it.
      labelSelector: isJob ? `job-name=${name}` : `job-name,!${labels.execution}`,
      read: readPod,
      onChange: (key, next, previous) => {
        if (next !== undefined) this.#gone.delete(key)
        else if (previous !== undefined) this.#gone.set(key, asGone(previous, setting.now()))
        onChange()
      },
      onStale,
    })
  }

  async start(): Promise<void> {
    this.#jobs.start()
    this.#pods.start()
    await Promise.all([this.#jobs.synced, this.#pods.synced])
  }

  close(): void {
    this.#jobs.stop()
    this.#pods.stop()
    this.#setting.onClose()
  }

  /** Whether an event about this object may change what is shown. */
  isAbout(object: string): boolean {
    const [kind, name] = object.split("/")
    const key = `${this.#setting.namespace}/${name}`
    return kind === "Pod" ? this.#pods.get(key) !== undefined : name === this.#setting.name
  }

  view(): JobView | undefined {
    const { kind, name, namespace, events } = this.#setting
    const jobs = [...this.#jobs.values()].flatMap((job) => job ?? [])
    const own = kind === "Job" ? jobs : jobs.filter(({ owner }) => owner === name)
    if (kind === "Job" && own.length === 0) return undefined
    const pods = new Map<string, PodFacts[]>()
    for (const pod of [...this.#pods.values(), ...this.#gone.values()]) {
      if (pod === undefined) continue
      const list = pods.get(pod.job)
      if (list) list.push(pod)
      else pods.set(pod.job, [pod])
    }
    return jobView({ kind, name, namespace, jobs: own, pods, events })
  }
}

function asGone(pod: PodFacts, now: number): PodFacts {
  const isOver = pod.phase === "Succeeded" || pod.phase === "Failed"
  if (isOver) return pod
  return { ...pod, phase: "Failed", deletedAt: pod.deletedAt ?? now }
}
