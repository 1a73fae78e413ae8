import type { JobManifest } from "#core/plan/jobManifest"
import { type Json, type JsonObject, listOf, objectOf, textOf } from "#core/plan/json"
import { labels } from "#core/plan/labels"
import type { News } from "#core/run/news"
import type { EventFacts, JobFacts, PodFacts } from "#core/run/observed"
import { readJob } from "#core/run/readJob"
import { readPod } from "#core/run/readPod"
import type {
  Cluster,
  ClusterListener,
  Lease,
  LeaseWish,
  LogRequest,
  RunKey,
  RunWorld,
  SeenVersion,
  StoredExecution,
} from "../cluster.ts"
import { ClusterError } from "../clusterError.ts"
import { HeldLeases } from "../heldLeases.ts"

/** What a container does in place of running. */
export interface Outcome {
  readonly log: string
  readonly exitCode: number
}

/** Answers with a container's outcome, now or later; undefined = it runs until it is deleted. */
export type Perform = (command: string, job: string) => Promise<Outcome | undefined>

interface StoredJob {
  readonly run: RunKey | undefined
  raw: JsonObject
  pod: JsonObject
  log: string
  isDeleted: boolean
  /** Resolves when its pod has said everything. */
  readonly end: PromiseWithResolvers<void>
}

/**
 * A cluster in memory, for tests, demos and dry runs. It keeps the rules that the engine leans on:
 * names are taken once, a status is written only over the version it was read from, what an owner
 * leaves behind goes with it.
 */
export class MemoryCluster implements Cluster {
  readonly #perform: Perform
  readonly #now: () => number
  readonly #executions = new Map<RunKey, StoredExecution>()
  readonly #jobs = new Map<string, StoredJob>()
  readonly #deleted = new Map<RunKey, ReadonlySet<string>>()
  readonly #news: News[] = []
  readonly #told = new Map<RunKey, readonly EventFacts[]>()
  readonly #leases = new HeldLeases()
  readonly #listeners = new Set<ClusterListener>()
  #counter = 0

  constructor(perform: Perform, now: () => number) {
    this.#perform = perform
    this.#now = now
  }

  /** Everything that was told, in order. */
  get news(): readonly News[] {
    return this.#news
  }

  async start(listener: ClusterListener): Promise<void> {
    this.#listeners.add(listener)
    for (const run of this.#executions.keys()) listener.onRun(run)
  }

  async close(): Promise<void> {
    this.#listeners.clear()
  }

  /** Another door to the same cluster, as another driver has it: closing it closes nothing else. */
  door(): Cluster {
    let own: ClusterListener | undefined
    const start = (listener: ClusterListener) => {
      own = listener
      return this.start(listener)
    }
    const close = async () => {
      if (own) this.#listeners.delete(own)
    }
    return new Proxy<Cluster>(this, {
      get: (target, name) => {
        if (name === "start") return start
        if (name === "close") return close
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === "function" ? value.bind(target) : value
      },
    })
  }

  runs(): Iterable<RunKey> {
    return this.#executions.keys()
  }

  plainJobs(): readonly [] {
    return []
  }

  execution(run: RunKey): StoredExecution | undefined {
    return this.#executions.get(run)
  }

  world(run: RunKey): RunWorld {
    const jobs = new Map<string, JobFacts>()
    const pods = new Map<string, readonly PodFacts[]>()
    for (const job of this.#jobs.values()) {
      if (job.run !== run) continue
      const facts = readJob(job.raw)
      const pod = readPod(job.pod)
      if (facts) jobs.set(facts.name, facts)
      if (facts && pod) pods.set(facts.name, [pod])
    }
    return { jobs, pods, events: new Map(), deleted: this.#deleted.get(run) ?? new Set() }
  }

  async createExecution(object: Json): Promise<StoredExecution> {
    const raw = objectOf(object)
    const metadata = objectOf(raw.metadata)
    const namespace = textOf(metadata.namespace) ?? "default"
    const key = `${namespace}/${textOf(metadata.name)}`
    if (this.#executions.has(key)) throw taken("executions", key)
    return this.#store(key, this.#id(), { ...raw, metadata: { ...metadata, namespace } })
  }

  async readExecution(run: RunKey): Promise<StoredExecution | undefined> {
    return this.#executions.get(run)
  }

  async writeStatus(run: StoredExecution, status: Json): Promise<void> {
    const current = this.#executions.get(run.key)
    if (!current) throw new ClusterError("not-found", `executions "${run.key}" not found`)
    if (current.resourceVersion !== run.resourceVersion) {
      throw new ClusterError("conflict", `the object "${run.key}" has been modified`)
    }
    this.#store(run.key, current.uid, { ...current.object, status })
  }

  async createJob(namespace: string, manifest: JobManifest): Promise<void> {
    const { name } = manifest.metadata
    const key = `${namespace}/${name}`
    if (this.#jobs.has(key)) throw taken("jobs.batch", name)
    const execution = manifest.metadata.labels[labels.execution]
    const uid = this.#id()
    const job: StoredJob = {
      run: execution === undefined ? undefined : `${namespace}/${execution}`,
      raw: {
        apiVersion: manifest.apiVersion,
        kind: manifest.kind,
        metadata: { ...manifest.metadata, namespace, uid, creationTimestamp: this.#time() },
        spec: manifest.spec,
      },
      pod: podOf(manifest, uid, this.#id(), this.#time()),
      log: "",
      isDeleted: false,
      end: Promise.withResolvers(),
    }
    this.#jobs.set(key, job)
    this.#changed(job)
    void this.#live(job, manifest)
  }

  async lookForJob(run: RunKey, name: string): Promise<boolean> {
    return this.#jobs.has(`${run.slice(0, run.indexOf("/"))}/${name}`)
  }

  async lookForPods(run: RunKey, job: string): Promise<readonly string[]> {
    const pods = this.world(run).pods.get(job) ?? []
    return pods.filter((pod) => pod.phase === "Succeeded").map((pod) => pod.name)
  }

  async deleteJob(namespace: string, name: string, uid: string): Promise<void> {
    const key = `${namespace}/${name}`
    const job = this.#jobs.get(key)
    if (!job || objectOf(job.raw.metadata).uid !== uid) return
    job.isDeleted = true
    job.end.resolve()
    this.#jobs.delete(key)
    if (job.run !== undefined) {
      this.#deleted.set(job.run, new Set([...(this.#deleted.get(job.run) ?? []), name]))
    }
    this.#changed(job)
  }

  async readLog(request: LogRequest): Promise<AsyncIterable<string>> {
    for (const job of this.#jobs.values()) {
      if (objectOf(job.pod.metadata).name !== request.pod) continue
      return logOf(job, request)
    }
    throw new ClusterError("not-found", `pods "${request.pod}" not found`)
  }

  async tell(run: StoredExecution, news: News, at: number): Promise<void> {
    this.#news.push(news)
    const told = this.#told.get(run.key) ?? []
    this.#told.set(run.key, [...told, { ...news, count: 1, firstAt: at, lastAt: at }])
  }

  async readNews(run: RunKey): Promise<readonly EventFacts[]> {
    return this.#told.get(run) ?? []
  }

  async annotate(run: RunKey, annotations: Readonly<Record<string, string>>): Promise<void> {
    const current = this.#executions.get(run)
    if (!current) throw new ClusterError("not-found", `executions "${run}" not found`)
    const metadata = objectOf(current.object.metadata)
    const all = { ...objectOf(metadata.annotations), ...annotations }
    this.#store(run, current.uid, {
      ...current.object,
      metadata: { ...metadata, annotations: all },
    })
  }

  leases(): ReadonlyMap<string, Lease> {
    return this.#leases.all
  }

  async readLease(namespace: string, id: string): Promise<Lease | undefined> {
    return this.#leases.read(namespace, id)
  }

  async writeLease(wish: LeaseWish, over?: string): Promise<Lease> {
    return this.#leases.write(wish, over)
  }

  async deleteLease(namespace: string, id: string, over: string): Promise<void> {
    this.#leases.delete(namespace, id, over)
  }

  async checkJob(): Promise<void> {}

  async deleteExecution(run: RunKey, seen?: SeenVersion): Promise<void> {
    const current = this.#executions.get(run)
    if (current && seen && !isSame(current, seen)) {
      throw new ClusterError("conflict", `the object "${run}" has been modified`)
    }
    this.#executions.delete(run)
    this.#deleted.delete(run)
    for (const [key, job] of this.#jobs) {
      if (job.run !== run) continue
      job.isDeleted = true
      job.end.resolve()
      this.#jobs.delete(key)
    }
    this.#tell(run)
  }

  async #live(job: StoredJob, manifest: JobManifest): Promise<void> {
    const container = objectOf(listOf(podSpec(manifest).containers)[0])
    const command = textOf(listOf(container.command).at(-1)) ?? ""
    this.#setPod(job, "Running", { running: { startedAt: this.#time() } })
    const outcome = await this.#perform(command, manifest.metadata.name)
    if (!outcome || job.isDeleted) return
    job.log = outcome.log
    job.end.resolve()
    const { exitCode } = outcome
    const reason = exitCode === 0 ? "Completed" : "Error"
    const terminated = { exitCode, reason, finishedAt: this.#time() }
    this.#setPod(job, exitCode === 0 ? "Succeeded" : "Failed", { terminated })
    this.#endJob(job, exitCode === 0)
  }

  #setPod(job: StoredJob, phase: string, state: JsonObject): void {
    const name = objectOf(listOf(objectOf(job.pod.spec).containers)[0]).name
    job.pod = { ...job.pod, status: { phase, containerStatuses: [{ name, state }] } }
    this.#changed(job)
  }

  #endJob(job: StoredJob, isGood: boolean): void {
    const condition = isGood
      ? {
          type: "Complete",
          reason: "CompletionsReached",
          message: "Reached expected number of succeeded pods",
        }
      : {
          type: "Failed",
          reason: "BackoffLimitExceeded",
          message: "Job has reached the specified backoff limit",
        }
    job.raw = {
      ...job.raw,
      status: {
        [isGood ? "succeeded" : "failed"]: 1,
        conditions: [{ ...condition, status: "True", lastTransitionTime: this.#time() }],
      },
    }
    this.#changed(job)
  }

  #store(key: RunKey, uid: string, raw: JsonObject): StoredExecution {
    const resourceVersion = this.#id()
    const metadata = {
      creationTimestamp: this.#time(),
      ...objectOf(raw.metadata),
      uid,
      resourceVersion,
    }
    const stored = { key, uid, resourceVersion, object: { ...raw, metadata } }
    this.#executions.set(key, stored)
    this.#tell(key)
    return stored
  }

  #changed(job: StoredJob): void {
    if (job.run !== undefined) this.#tell(job.run)
  }

  #tell(run: RunKey): void {
    for (const listener of this.#listeners) listener.onRun(run)
  }

  #id(): string {
    return String(++this.#counter)
  }

  #time(): string {
    return new Date(this.#now()).toISOString().replace(/\.\d+Z$/, "Z")
  }
}

function podSpec(manifest: JobManifest): JsonObject {
  return objectOf(objectOf(manifest.spec.template).spec)
}

function podOf(manifest: JobManifest, jobUid: string, uid: string, time: string): JsonObject {
  const { name } = manifest.metadata
  const template = objectOf(manifest.spec.template)
  return {
    metadata: {
      name: `${name}-${uid}`,
      uid,
      creationTimestamp: time,
      labels: { ...objectOf(objectOf(template.metadata).labels), "job-name": name },
      ownerReferences: [{ kind: "Job", name, uid: jobUid, controller: true }],
    },
    spec: podSpec(manifest),
    status: { phase: "Pending" },
  }
}

async function* logOf(
  job: StoredJob,
  { follow, limitBytes, signal }: LogRequest,
): AsyncIterable<string> {
  if (follow) {
    const stopped = new Promise<void>((resolve) => {
      if (signal?.aborted) resolve()
      signal?.addEventListener("abort", () => resolve(), { once: true })
    })
    await Promise.race([job.end.promise, stopped])
  }
  yield job.log.slice(0, limitBytes)
}

function isSame(one: SeenVersion, other: SeenVersion): boolean {
  return one.uid === other.uid && one.resourceVersion === other.resourceVersion
}

function taken(kind: string, name: string): ClusterError {
  return new ClusterError("already-exists", `${kind} "${name}" already exists`)
}
