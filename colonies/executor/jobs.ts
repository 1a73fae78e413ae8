import { type JsonObject, objectOf, textOf } from "#core/plan/json"
import type { JobFacts, PodFacts } from "#core/run/observed"
import { readJob } from "#core/run/readJob"
import { readPod } from "#core/run/readPod"
import { parseQuantity } from "#core/spec/quantity"
import { ClusterError } from "#engine/clusterError"
import type { Connection } from "#engine/kube/connection"
import { type Identified, ListWatch, readList } from "#engine/kube/listWatch"
import { labelOf } from "./attempt.ts"
import { jobAnnotations, jobLabels } from "./jobOfProcess.ts"

/** A Job of this executor, and the process that it says it is of. */
export interface SeenJob {
  readonly facts: JobFacts
  readonly processId: string
  /** What the executor before us wrote about its log. */
  readonly note: string | undefined
}

export interface Used {
  readonly milliCpu: bigint
  readonly bytes: bigint
}

/**
 * The Jobs of one executor and their pods, as the cluster shows them: a copy that is kept by watching,
 * for waking and for looking. Before anything is believed to be absent, the cluster is asked.
 */
export class Jobs {
  readonly #connection: Connection
  readonly #namespace: string
  readonly #jobs: ListWatch<SeenJob | undefined>
  readonly #pods: ListWatch<PodFacts | undefined>
  /** Pods that are gone, as they were seen last, while their Job is there. */
  readonly #gone = new Map<string, PodFacts>()
  #changed: PromiseWithResolvers<void> = Promise.withResolvers()

  constructor(
    connection: Connection,
    namespace: string,
    executorName: string,
    log: (line: string) => void,
  ) {
    this.#connection = connection
    this.#namespace = namespace
    const labelSelector = `${jobLabels.executor}=${labelOf(executorName)}`
    const onStale = (error: ClusterError | undefined) => {
      if (error !== undefined) log(`the cluster: ${error.message}`)
    }
    this.#jobs = new ListWatch<SeenJob | undefined>(connection, {
      path: this.#jobsPath(),
      labelSelector,
      read: seenJob,
      onChange: (_key, next, previous) => {
        if (next === undefined && previous !== undefined) this.#forget(previous.facts.name)
        this.#ring()
      },
      onStale,
    })
    this.#pods = new ListWatch<PodFacts | undefined>(connection, {
      path: `/api/v1/namespaces/${namespace}/pods`,
      labelSelector,
      read: readPod,
      onChange: (key, next, previous) => {
        if (next !== undefined) this.#gone.delete(key)
        else if (previous !== undefined) this.#gone.set(key, { ...previous, deletedAt: 1 })
        this.#ring()
      },
      onStale,
    })
  }

  /** Resolves when both lists are there; fails when the cluster says no for good. */
  async start(): Promise<void> {
    this.#jobs.start()
    this.#pods.start()
    await Promise.all([this.#jobs.synced, this.#pods.synced])
  }

  stop(): void {
    this.#jobs.stop()
    this.#pods.stop()
  }

  /** Resolves at the next change of anything; taken before one looks, no change is missed. */
  get changed(): Promise<void> {
    return this.#changed.promise
  }

  all(): readonly SeenJob[] {
    return [...this.#jobs.values()].flatMap((job) => job ?? [])
  }

  job(name: string): SeenJob | undefined {
    return this.#jobs.get(`${this.#namespace}/${name}`)
  }

  /** Its pods, those that are gone too. */
  pods(job: string): readonly PodFacts[] {
    return [...this.#pods.values(), ...this.#gone.values()].filter(
      (pod): pod is PodFacts => pod?.job === job,
    )
  }

  /** Asks the cluster itself. */
  async find(name: string, signal: AbortSignal): Promise<SeenJob | undefined> {
    try {
      const raw = await this.#connection.request({
        method: "GET",
        path: `${this.#jobsPath()}/${name}`,
        signal,
      })
      this.#jobs.put(raw as Identified)
      return seenJob(raw as Identified)
    } catch (error) {
      if (isAbsent(error)) return undefined
      throw error
    }
  }

  /** Takes in the pods of a Job as they are now. */
  async refreshPods(job: string, signal: AbortSignal): Promise<void> {
    const list = await this.#connection.request({
      method: "GET",
      path: `/api/v1/namespaces/${this.#namespace}/pods`,
      query: { labelSelector: `job-name=${job}` },
      signal,
    })
    for (const pod of readList(list).items) this.#pods.put(pod)
  }

  /** A Job that is there already is the one we meant: its name tells the process and the attempt. */
  async create(job: JsonObject, signal: AbortSignal): Promise<void> {
    try {
      const raw = await this.#connection.request({
        method: "POST",
        path: this.#jobsPath(),
        query: { fieldValidation: "Warn" },
        body: job,
        signal,
      })
      this.#jobs.put(raw as Identified)
    } catch (error) {
      if (!(error instanceof ClusterError) || error.kind !== "already-exists") throw error
    }
  }

  async writeNote(name: string, text: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#connection.request({
        method: "PATCH",
        path: `${this.#jobsPath()}/${name}`,
        contentType: "application/merge-patch+json",
        body: { metadata: { annotations: { [jobAnnotations.logged]: text } } },
        signal,
      })
    } catch (error) {
      // Without a Job there is nobody to read it.
      if (!isAbsent(error)) throw error
    }
  }

  async delete(name: string): Promise<void> {
    try {
      await this.#connection.request({
        method: "DELETE",
        path: `${this.#jobsPath()}/${name}`,
        body: { propagationPolicy: "Foreground" },
      })
    } catch (error) {
      if (!isAbsent(error)) throw error
    }
  }

  /** One container's log with its times; fails with "not-found" once the pod is gone. */
  followLog(
    pod: string,
    container: string,
    sinceTime: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<string>> {
    return this.#connection.stream({
      method: "GET",
      path: `/api/v1/namespaces/${this.#namespace}/pods/${pod}/log`,
      query: { container, follow: true, timestamps: true, sinceTime },
      signal,
    })
  }

  /** What the pods of all other Jobs of the namespace ask for, until they have ended. */
  async usedByOthers(executorName: string, signal: AbortSignal): Promise<Used> {
    let milliCpu = 0n
    let bytes = 0n
    const list = await this.#connection.request({
      method: "GET",
      path: `/api/v1/namespaces/${this.#namespace}/pods`,
      query: {
        labelSelector: `job-name,${jobLabels.executor}!=${labelOf(executorName)}`,
        fieldSelector: "status.phase!=Succeeded,status.phase!=Failed",
      },
      signal,
    })
    for (const raw of readList(list).items) {
      for (const { requests } of readPod(raw)?.containers ?? []) {
        milliCpu += amount(requests.cpu, 1000)
        bytes += amount(requests.memory, 1)
      }
    }
    return { milliCpu, bytes }
  }

  #jobsPath(): string {
    return `/apis/batch/v1/namespaces/${this.#namespace}/jobs`
  }

  #forget(job: string): void {
    for (const [key, pod] of this.#gone) if (pod.job === job) this.#gone.delete(key)
  }

  #ring(): void {
    const { resolve } = this.#changed
    this.#changed = Promise.withResolvers()
    resolve()
  }
}

function seenJob(raw: Identified): SeenJob | undefined {
  const facts = readJob(raw)
  const annotations = objectOf(objectOf(objectOf(raw).metadata).annotations)
  const processId = textOf(annotations[jobAnnotations.processId])
  if (facts === undefined || processId === undefined) return undefined
  return { facts, processId, note: textOf(annotations[jobAnnotations.logged]) }
}

/** In thousandths with 1000, in whole units with 1. */
function amount(text: string | undefined, scale: number): bigint {
  const reading = parseQuantity(text ?? "0")
  return reading.ok ? (reading.quantity.nanos * BigInt(scale)) / 1_000_000_000n : 0n
}

function isAbsent(error: unknown): boolean {
  return error instanceof ClusterError && error.kind === "not-found"
}
