import type { JobManifest } from "#core/plan/jobManifest"
import { type Json, listOf, numberOf, objectOf, textOf } from "#core/plan/json"
import { annotations, labels } from "#core/plan/labels"
import { deadAfterMs } from "#core/run/claim"
import type { News } from "#core/run/news"
import type { EventFacts, JobFacts, PodFacts } from "#core/run/observed"
import { readJob } from "#core/run/readJob"
import { readPod } from "#core/run/readPod"
import { type PlainJobView, plainJobView } from "#core/view/plainJob"
import type {
  Cluster,
  ClusterListener,
  ExecRequest,
  JobRequest,
  JobWatch,
  Lease,
  LeaseWish,
  LogRequest,
  OwnedIdentity,
  OwnedObject,
  RunKey,
  RunWorld,
  SeenVersion,
  StoredExecution,
} from "../cluster.ts"
import { ClusterError } from "../clusterError.ts"
import type { Connection } from "./connection.ts"
import { execProtocol, runOver } from "./exec.ts"
import { KubeJobWatch } from "./jobWatch.ts"
import { type Identified, ListWatch, readList } from "./listWatch.ts"
import { RecordRemoval } from "./recordRemoval.ts"
import type { RunStores } from "./runStore.ts"
import { StoredRuns } from "./storedRuns.ts"

const leasesApi = "/apis/coordination.k8s.io/v1"

function ownedPath(namespace: string, kind: OwnedObject["kind"]): string {
  return `/api/v1/namespaces/${namespace}/${kind === "Secret" ? "secrets" : "configmaps"}`
}

interface World extends RunWorld {
  readonly jobs: Map<string, JobFacts>
  readonly pods: Map<string, PodFacts[]>
  readonly events: Map<string, EventFacts[]>
  readonly deleted: Set<string>
}

interface OwnedJob {
  readonly run: RunKey | undefined
  readonly facts: JobFacts
}

interface OwnedPod {
  readonly run: RunKey | undefined
  readonly facts: PodFacts
}

export interface Scope {
  /** Empty: every namespace. */
  readonly namespace: string
  /** Whether Jobs and CronJobs that no run of ours made are watched too, for people to see. */
  readonly withPlain: boolean
  /** What runs are kept in. */
  readonly stores: RunStores
}

/** A namespace of a Kubernetes cluster, or all of them, kept up to date by watches. */
export class KubeCluster implements Cluster {
  readonly #connection: Connection
  readonly #scope: Scope
  readonly #runs: StoredRuns
  readonly #removal: RecordRemoval
  readonly #jobs: ListWatch<OwnedJob | undefined>
  /** Jobs with KubeGene's one label only: made by its controller, and adopted by us. */
  readonly #bareJobs: ListWatch<OwnedJob | undefined>
  readonly #pods: ListWatch<OwnedPod | undefined>
  /** Of each whole namespace, by `<kind>/<name>`; events carry no labels to choose by. */
  readonly #events = new Map<string, Map<string, EventFacts[]>>()
  readonly #eventWatches: readonly ListWatch<SeenEvent>[]
  readonly #plainWatches: readonly ListWatch<PlainJobView>[]
  readonly #worlds = new Map<RunKey, World>()
  readonly #jobWatches = new Map<KubeJobWatch, () => void>()
  readonly #leases: ListWatch<Lease>
  #leasesAreSeen = false
  /** By what cannot be seen. */
  readonly #lacks = new Map<string, string>()
  readonly #stale = new Map<string, ClusterError>()
  #listener: ClusterListener | undefined

  constructor(connection: Connection, scope: Scope) {
    this.#connection = connection
    this.#scope = scope
    const { namespace } = scope
    const within = (api: string) => (namespace === "" ? api : `${api}/namespaces/${namespace}`)
    this.#removal = new RecordRemoval(connection)
    this.#runs = new StoredRuns({
      connection,
      namespace,
      stores: scope.stores,
      onRun: (run, isThere) => {
        if (!isThere) this.#worlds.delete(run)
        this.#goOnRemoving(run)
        this.#listener?.onRun(run)
      },
      onStale: (error) => this.#tellStale("runs", error),
    })
    this.#jobs = new ListWatch(connection, {
      path: `${within("/apis/batch/v1")}/jobs`,
      labelSelector: labels.execution,
      read: ownedJob,
      onChange: (_key, next, previous) => this.#takeJob(next ?? undefined, previous ?? undefined),
      onStale: (error) => this.#tellStale("jobs", error),
    })
    this.#bareJobs = new ListWatch(connection, {
      path: `${within("/apis/batch/v1")}/jobs`,
      labelSelector: `${labels.controllerUid},!${labels.execution}`,
      read: ownedJob,
      onChange: (_key, next, previous) => this.#takeJob(next ?? undefined, previous ?? undefined),
      onStale: (error) => this.#tellStale("jobs without labels", error),
    })
    this.#pods = new ListWatch(connection, {
      path: `${within("/api/v1")}/pods`,
      labelSelector: labels.execution,
      read: ownedPod,
      onChange: (_key, next, previous) => this.#takePod(next ?? undefined, previous ?? undefined),
      onStale: (error) => this.#tellStale("pods", error),
    })
    this.#plainWatches = (scope.withPlain ? plain : []).map(
      ({ kind, resource, labelSelector }) =>
        new ListWatch(connection, {
          path: `${within("/apis/batch/v1")}/${resource}`,
          labelSelector,
          read: (raw) => plainJobView(kind, raw),
          onChange: () => this.#listener?.onPlain?.(),
          // Who may not see them still sees runs.
          onStale: () => {},
        }),
    )
    this.#leases = new ListWatch(connection, {
      path: `${within(leasesApi)}/leases`,
      labelSelector: annotations.driver,
      read: leaseOf,
      // Looked at in time, not when they change: most changes only say that somebody lives.
      onChange: () => {},
      onStale: (error) => {
        this.#leasesAreSeen = error === undefined
        this.#takeLack("leases", error, "Until then nobody can see here which drivers live.")
      },
    })
    this.#eventWatches = telling.map(
      (fieldSelector) =>
        new ListWatch(connection, {
          path: `${within("/api/v1")}/events`,
          fieldSelector,
          read: readEvent,
          onChange: (_key, next, previous) => this.#takeEvent(next, previous),
          // Reasons are poorer without events, but nothing that is shown becomes untrue.
          onStale: (error) => this.#takeLack(fieldSelector, error),
        }),
    )
  }

  async start(listener: ClusterListener): Promise<void> {
    const watches = [this.#jobs, this.#bareJobs, this.#pods]
    for (const watch of [this.#runs, ...watches, ...this.#others()]) watch.start()
    await Promise.all([this.#runs.synced(), ...watches.map((watch) => watch.synced)])
    // Only now: a run seen before its Jobs would look as if nothing had been started.
    this.#listener = listener
    for (const error of this.#stale.values()) listener.onStale(error)
    for (const run of this.runs()) listener.onRun(run)
  }

  async close(): Promise<void> {
    const watches = [this.#runs, this.#jobs, this.#bareJobs, this.#pods]
    for (const watch of [...watches, ...this.#others()]) watch.stop()
    this.#removal.stop()
    for (const watch of [...this.#jobWatches.keys()]) watch.close()
    await this.#connection.close()
  }

  /** What is watched beside the runs: none of it is waited for. */
  #others(): readonly { start(): void; stop(): void }[] {
    return [...this.#eventWatches, ...this.#plainWatches, this.#leases]
  }

  runs(): Iterable<RunKey> {
    return this.#runs.keys()
  }

  plainJobs(): readonly PlainJobView[] {
    return this.#plainWatches.flatMap((watch) => [...watch.values()])
  }

  watchJob(request: JobRequest, onChange: () => void): JobWatch {
    const watch: KubeJobWatch = new KubeJobWatch({
      ...request,
      connection: this.#connection,
      namespace: this.#scope.namespace,
      events: this.#eventsIn(this.#scope.namespace),
      now: Date.now,
      onChange,
      // What is shown of a place says when it is stale; the same connection brings both.
      onStale: () => {},
      onClose: () => this.#jobWatches.delete(watch),
    })
    this.#jobWatches.set(watch, onChange)
    return watch
  }

  execution(run: RunKey): StoredExecution | undefined {
    return this.#runs.get(run)
  }

  world(run: RunKey): RunWorld {
    return this.#worlds.get(run) ?? this.#emptyWorld(nameOf(run).namespace)
  }

  lacks(): string | undefined {
    return this.#lacks.values().next().value
  }

  serverTime(): number | undefined {
    return this.#connection.serverTime?.()
  }

  createExecution(object: Json): Promise<StoredExecution> {
    const namespace = textOf(objectOf(objectOf(object).metadata).namespace) ?? this.#scope.namespace
    return this.#runs.create(namespace, object)
  }

  readExecution(run: RunKey): Promise<StoredExecution | undefined> {
    return this.#runs.read(run)
  }

  writeStatus(run: StoredExecution, status: Json): Promise<void> {
    return this.#runs.writeStatus(run, status)
  }

  annotate(run: RunKey, annotations: Readonly<Record<string, string>>): Promise<void> {
    return this.#runs.annotate(run, annotations)
  }

  async deleteExecution(run: RunKey, seen?: SeenVersion): Promise<void> {
    await this.#runs.delete(run, seen)
    const marked = this.#marked(run)
    // Whoever asked is told what stands in the way.
    if (marked) await this.#removal.pass(marked)
  }

  leases(): ReadonlyMap<string, Lease> | undefined {
    if (!this.#leasesAreSeen) return undefined
    return new Map([...this.#leases.values()].map((lease) => [lease.key, lease]))
  }

  leasesListed(): Promise<void> {
    return this.#leases.synced.catch(() => {})
  }

  async readLease(namespace: string, id: string): Promise<Lease | undefined> {
    const raw = await this.#find(`${leasesApi}/namespaces/${namespace}`, "leases", id)
    return raw && leaseOf(raw)
  }

  async writeLease(wish: LeaseWish, over: string | undefined): Promise<Lease> {
    const path = `${leasesApi}/namespaces/${wish.namespace}/leases`
    const raw = await this.#connection.request(
      over === undefined
        ? { method: "POST", path, body: leaseObject(wish, over) }
        : { method: "PUT", path: `${path}/${wish.driver.id}`, body: leaseObject(wish, over) },
    )
    return leaseOf(identified(raw))
  }

  async deleteLease(namespace: string, id: string, over: string): Promise<void> {
    try {
      const path = `${leasesApi}/namespaces/${namespace}/leases/${id}`
      const body = { preconditions: { resourceVersion: over } }
      await this.#connection.request({ method: "DELETE", path, body })
    } catch (error) {
      if (!(error instanceof ClusterError) || error.kind !== "not-found") throw error
    }
  }

  async checkJob(namespace: string, manifest: JobManifest): Promise<void> {
    await this.#connection.request({
      method: "POST",
      path: `/apis/batch/v1/namespaces/${namespace}/jobs`,
      query: { dryRun: "All", fieldValidation: "Strict" },
      body: manifest,
    })
  }

  async createJob(namespace: string, manifest: JobManifest): Promise<void> {
    const raw = await this.#connection.request({
      method: "POST",
      path: `/apis/batch/v1/namespaces/${namespace}/jobs`,
      query: { fieldValidation: "Warn" },
      body: this.#runs.owned(manifest),
    })
    this.#jobs.put(identified(raw))
  }

  async readObject(namespace: string, kind: "Job" | "Pod", name: string) {
    const base = kind === "Job" ? "/apis/batch/v1" : "/api/v1"
    const found = await this.#find(
      `${base}/namespaces/${namespace}`,
      kind === "Job" ? "jobs" : "pods",
      name,
    )
    return found && objectOf(found)
  }

  /** Of what is watched there are only warnings, and what explains a wait. */
  async readEvents(namespace: string, about: string): Promise<readonly EventFacts[]> {
    const [kind, name] = about.split("/")
    return this.#listEvents(namespace, `involvedObject.kind=${kind},involvedObject.name=${name}`)
  }

  async lookForJob(run: RunKey, name: string): Promise<boolean> {
    const { namespace } = nameOf(run)
    const raw = await this.#find(
      `/apis/batch/v1/namespaces/${namespace}`,
      "jobs",
      `${namespace}/${name}`,
    )
    if (!raw) return false
    const facts = readJob(raw)
    const isBare = facts !== undefined && facts.labels.execution === undefined
    // A Job that is not ours, or that no watch shows, may hold a name the run wants; the run is shown it.
    const isUnwatched = isBare && !hasLabel(raw, labels.controllerUid)
    if (facts && (isUnwatched || ownedJob(raw)?.run !== run)) {
      this.#world(run).jobs.set(name, facts)
    }
    if (isUnwatched) return true
    if (isBare) this.#bareJobs.put(raw)
    else this.#jobs.put(raw)
    return true
  }

  async lookForPods(run: RunKey, job: string): Promise<readonly string[]> {
    const raw = await this.#connection.request({
      method: "GET",
      path: `/api/v1/namespaces/${nameOf(run).namespace}/pods`,
      query: { labelSelector: `batch.kubernetes.io/job-name=${job}` },
    })
    return readList(raw)
      .items.map(readPod)
      .filter((pod) => pod !== undefined && hasEndedWell(pod))
      .flatMap((pod) => pod?.name ?? [])
  }

  async deleteJob(namespace: string, name: string, uid: string): Promise<void> {
    try {
      await this.#connection.request({
        method: "DELETE",
        path: `/apis/batch/v1/namespaces/${namespace}/jobs/${name}`,
        body: { propagationPolicy: "Foreground", preconditions: { uid } },
      })
    } catch (error) {
      // Gone already, or another Job has its name by now: either way this one is deleted.
      if (error instanceof ClusterError && isOver(error)) return
      throw error
    }
  }

  async createOwned({ key, uid }: StoredExecution, object: OwnedObject): Promise<string> {
    const { name: run, namespace } = nameOf(key)
    const { kind, name, data } = object
    const { apiVersion, kind: owner, objectName } = this.#runs.storeOf(key)
    const metadata = {
      name,
      namespace,
      labels: { [labels.execution]: run },
      ownerReferences: [{ apiVersion, kind: owner, name: objectName(run), uid }],
    }
    const made = await this.#connection.request({
      method: "POST",
      path: ownedPath(namespace, kind),
      body: {
        apiVersion: "v1",
        kind,
        metadata,
        ...(kind === "Secret" ? { data } : { binaryData: data }),
      },
    })
    return identified(made).metadata.uid
  }

  async deleteOwned(namespace: string, { kind, name, uid }: OwnedIdentity): Promise<void> {
    try {
      const path = `${ownedPath(namespace, kind)}/${name}`
      await this.#connection.request({
        method: "DELETE",
        path,
        body: { preconditions: { uid } },
      })
    } catch (error) {
      if (!(error instanceof ClusterError) || !isOver(error)) throw error
    }
  }

  async exec({ namespace, pod, container, command, input, signal }: ExecRequest): Promise<void> {
    const query = new URLSearchParams({ container, stdin: "true", stdout: "true", stderr: "true" })
    for (const word of command) query.append("command", word)
    const path = `/api/v1/namespaces/${namespace}/pods/${pod}/exec?${query}`
    await runOver(await this.#connection.socket(path, execProtocol), input, signal)
  }

  readLog(request: LogRequest): Promise<AsyncIterable<string>> {
    return this.#connection.stream({
      method: "GET",
      path: `/api/v1/namespaces/${request.namespace}/pods/${request.pod}/log`,
      query: {
        container: request.container,
        limitBytes: request.limitBytes,
        follow: request.follow,
        previous: request.previous,
        timestamps: request.timestamps,
        sinceSeconds: request.sinceSeconds,
        tailLines: request.tailLines,
      },
      signal: request.signal,
    })
  }

  async tell(run: StoredExecution, news: News, at: number): Promise<void> {
    const { name, namespace } = nameOf(run.key)
    const { apiVersion, kind, objectName } = this.#runs.storeOf(run.key)
    const time = new Date(at).toISOString()
    await this.#connection.request({
      method: "POST",
      path: `/api/v1/namespaces/${namespace}/events`,
      body: {
        apiVersion: "v1",
        kind: "Event",
        metadata: { generateName: `${name.slice(0, 200)}.`, namespace },
        involvedObject: { apiVersion, kind, name: objectName(name), namespace, uid: run.uid },
        type: news.type,
        reason: news.reason,
        message: news.message.slice(0, 1000),
        source: { component: "kube-executions" },
        firstTimestamp: time.replace(/\.\d+Z$/, "Z"),
        lastTimestamp: time.replace(/\.\d+Z$/, "Z"),
        count: 1,
      },
    })
  }

  async readNews(run: RunKey): Promise<readonly EventFacts[]> {
    const { name, namespace } = nameOf(run)
    const uid = this.execution(run)?.uid
    const { kind, objectName } = this.#runs.storeOf(run)
    const about = `involvedObject.kind=${kind},involvedObject.name=${objectName(name)}`
    return this.#listEvents(
      namespace,
      uid === undefined ? about : `${about},involvedObject.uid=${uid}`,
    )
  }

  async #listEvents(namespace: string, fieldSelector: string): Promise<readonly EventFacts[]> {
    const list = await this.#connection.request({
      method: "GET",
      path: `/api/v1/namespaces/${namespace}/events`,
      query: { fieldSelector },
    })
    return listOf(objectOf(list).items).map((raw) => readEvent(identified(raw)).facts)
  }

  async #find(base: string, kind: string, key: string): Promise<Identified | undefined> {
    try {
      return identified(
        await this.#connection.request({
          method: "GET",
          path: `${base}/${kind}/${key.includes("/") ? nameOf(key).name : key}`,
        }),
      )
    } catch (error) {
      if (error instanceof ClusterError && error.kind === "not-found") return undefined
      throw error
    }
  }

  #world(run: RunKey): World {
    const known = this.#worlds.get(run)
    if (known) return known
    const world = this.#emptyWorld(nameOf(run).namespace)
    this.#worlds.set(run, world)
    return world
  }

  #emptyWorld(namespace: string): World {
    const events = this.#eventsIn(namespace)
    return { jobs: new Map(), pods: new Map(), events, deleted: new Set() }
  }

  #eventsIn(namespace: string): Map<string, EventFacts[]> {
    const known = this.#events.get(namespace)
    if (known) return known
    const events = new Map<string, EventFacts[]>()
    this.#events.set(namespace, events)
    return events
  }

  #takeJob(next: OwnedJob | undefined, previous: OwnedJob | undefined): void {
    const { run, facts } = next ?? previous ?? {}
    if (run === undefined || facts === undefined) return
    const { jobs, deleted } = this.#world(run)
    if (next) jobs.set(facts.name, next.facts)
    else {
      jobs.delete(facts.name)
      // A Job of an earlier Execution by the same name says nothing about this one.
      if (facts.ownerUid === this.execution(run)?.uid) deleted.add(facts.name)
    }
    this.#dropEmpty(run)
    this.#goOnRemoving(run)
    this.#listener?.onRun(run)
  }

  #takePod(next: OwnedPod | undefined, previous: OwnedPod | undefined): void {
    const { run, facts } = next ?? previous ?? {}
    if (run === undefined || facts === undefined) return
    const { pods } = this.#world(run)
    const others = (pods.get(facts.job) ?? []).filter((pod) => pod.name !== facts.name)
    if (next) pods.set(facts.job, [...others, next.facts])
    else if (others.length > 0) pods.set(facts.job, others)
    else pods.delete(facts.job)
    this.#dropEmpty(run)
    this.#listener?.onRun(run)
  }

  #takeEvent(next: SeenEvent | undefined, previous: SeenEvent | undefined): void {
    const seen = next ?? previous
    if (seen === undefined) return
    const { about, namespace } = seen
    const events = this.#eventsIn(namespace)
    const others = (events.get(about) ?? []).filter((event) => event !== previous?.facts)
    if (next) events.set(about, [...others, next.facts])
    else if (others.length > 0) events.set(about, others)
    else events.delete(about)
    const key = `${namespace}/${about.slice(about.indexOf("/") + 1)}`
    const run = this.#jobs.get(key)?.run ?? this.#pods.get(key)?.run
    if (run !== undefined) this.#listener?.onRun(run)
    for (const [watch, onChange] of this.#jobWatches) if (watch.isAbout(about)) onChange()
  }

  #dropEmpty(run: RunKey): void {
    const world = this.#worlds.get(run)
    if (world?.jobs.size === 0 && world.pods.size === 0 && !this.execution(run)) {
      this.#worlds.delete(run)
    }
  }

  /** The run, if it is a record that somebody asked to delete. */
  #marked(run: RunKey): StoredExecution | undefined {
    const stored = this.execution(run)
    if (stored === undefined || this.#runs.storeOf(run).isBlockedByJobs) return undefined
    return objectOf(stored.object.metadata).deletionTimestamp === undefined ? undefined : stored
  }

  #goOnRemoving(run: RunKey): void {
    const marked = this.#marked(run)
    if (marked) this.#removal.look(marked)
  }

  #takeLack(what: string, error: ClusterError | undefined, more = ""): void {
    const before = this.lacks()
    if (error === undefined || error.isPassing) this.#lacks.delete(what)
    else this.#lacks.set(what, `${error.message} ${more}`.trimEnd())
    if (this.lacks() === before) return
    for (const run of this.runs()) this.#listener?.onRun(run)
  }

  #tellStale(kind: string, error: ClusterError | undefined): void {
    if (error) this.#stale.set(kind, error)
    else this.#stale.delete(kind)
    this.#listener?.onStale(this.#stale.values().next().value)
  }
}

const plain = [
  { kind: "Job", resource: "jobs", labelSelector: `!${labels.execution}` },
  { kind: "CronJob", resource: "cronjobs", labelSelector: undefined },
] as const

/** Warnings, and the two good events that explain a wait. */
const telling = ["type=Warning", "reason=Pulling", "reason=TriggeredScaleUp"]

interface SeenEvent {
  readonly namespace: string
  readonly about: string
  readonly facts: EventFacts
}

function ownedJob(raw: Identified): OwnedJob | undefined {
  const facts = readJob(raw)
  if (!facts) return undefined
  return { run: runOf(raw.metadata.namespace, facts.labels.execution ?? ownerOf(raw)), facts }
}

function hasLabel(raw: Identified, label: string): boolean {
  return objectOf(objectOf(objectOf(raw).metadata).labels)[label] !== undefined
}

/** The Execution that a Job says it belongs to. */
function ownerOf(raw: Identified): string | undefined {
  const { metadata } = objectOf(raw)
  const owners = listOf(objectOf(metadata).ownerReferences).map(objectOf)
  return textOf(owners.find((one) => one.controller === true && one.kind === "Execution")?.name)
}

function ownedPod(raw: Identified): OwnedPod | undefined {
  const facts = readPod(raw)
  if (!facts) return undefined
  const { labels: written } = raw.metadata as { labels?: Readonly<Record<string, string>> }
  return { run: runOf(raw.metadata.namespace, written?.[labels.execution]), facts }
}

function runOf(namespace: string | undefined, execution: string | undefined): RunKey | undefined {
  return execution === undefined ? undefined : `${namespace}/${execution}`
}

function hasEndedWell({ containers }: PodFacts): boolean {
  return containers.every(({ state }) => state.kind === "terminated" && state.exitCode === 0)
}

function nameOf(key: string): { namespace: string; name: string } {
  const slash = key.indexOf("/")
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) }
}

function isOver({ kind }: ClusterError): boolean {
  return kind === "not-found" || kind === "conflict"
}

function readEvent(raw: Identified): SeenEvent {
  const event = objectOf(raw)
  const about = objectOf(event.involvedObject)
  const at = (value: unknown) => Date.parse(textOf(value) ?? "")
  const first = at(event.firstTimestamp) || at(event.eventTime) || 0
  return {
    namespace: raw.metadata.namespace ?? "",
    about: `${textOf(about.kind) ?? ""}/${textOf(about.name) ?? ""}`,
    facts: {
      type: textOf(event.type) ?? "",
      reason: textOf(event.reason) ?? "",
      message: textOf(event.message) ?? "",
      count: numberOf(event.count) ?? numberOf(objectOf(event.series).count) ?? 1,
      firstAt: first,
      lastAt: at(event.lastTimestamp) || at(objectOf(event.series).lastObservedTime) || first,
    },
  }
}

/** Its times are for people; whoever decides by it only looks whether it moves. */
function leaseObject({ driver, holder }: LeaseWish, resourceVersion: string | undefined): object {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: {
      name: driver.id,
      resourceVersion,
      labels: {
        "app.kubernetes.io/name": "kube-executions",
        [annotations.driver]: driver.kind,
      },
      annotations: { [`${annotations.driver}-name`]: driver.name },
    },
    spec: {
      holderIdentity: holder,
      leaseDurationSeconds: deadAfterMs / 1_000,
      renewTime: new Date().toISOString().replace("Z", "000Z"),
    },
  }
}

function leaseOf(raw: Identified): Lease {
  const { spec, metadata } = objectOf(raw)
  const { namespace, name, resourceVersion } = raw.metadata
  return {
    key: `${namespace}/${name}`,
    kind: objectOf(objectOf(metadata).labels)[annotations.driver] === "local" ? "local" : "cluster",
    holder: textOf(objectOf(spec).holderIdentity) ?? "",
    version: resourceVersion,
  }
}

/** Every answer of the API server names its object. */
function identified(raw: unknown): Identified {
  return raw as Identified
}
