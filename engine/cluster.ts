import type { JobManifest } from "#core/plan/jobManifest"
import type { Json, JsonObject } from "#core/plan/json"
import type { DriverIdentity } from "#core/run/claim"
import type { News } from "#core/run/news"
import type { EventFacts, JobFacts, PodFacts } from "#core/run/observed"
import type { JobView } from "#core/view/jobView"
import type { PlainJobView } from "#core/view/plainJob"
import type { ClusterError } from "./clusterError.ts"

/** An Execution as it is stored: plain JSON, to be parsed at the door. */
export interface StoredExecution {
  readonly key: RunKey
  readonly uid: string
  readonly resourceVersion: string
  readonly object: JsonObject
  /** Why it cannot be driven whatever its spec says, in a sentence. */
  readonly problem?: string
}

export type SeenVersion = Pick<StoredExecution, "uid" | "resourceVersion">

/** `<namespace>/<name>` */
export type RunKey = string

/** What a cluster shows of one run besides the Execution itself. */
export interface RunWorld {
  readonly jobs: ReadonlyMap<string, JobFacts>
  readonly pods: ReadonlyMap<string, readonly PodFacts[]>
  readonly events: ReadonlyMap<string, readonly EventFacts[]>
  /** Names of Jobs of this very Execution that were seen to go. */
  readonly deleted: ReadonlySet<string>
}

export interface ClusterListener {
  /** Something of the run changed, or it is gone: look at it again. */
  readonly onRun: (run: RunKey) => void
  /** A Job or CronJob that is none of ours changed. */
  readonly onPlain?: () => void
  /** What is shown begins to be out of date, with why, or is up to date again (undefined). */
  readonly onStale: (error: ClusterError | undefined) => void
}

export interface LogRequest {
  readonly namespace: string
  readonly pod: string
  /** Undefined: the pod's only container. */
  readonly container: string | undefined
  readonly limitBytes?: number
  readonly follow?: boolean
  /** Of the run of the container before the last restart. */
  readonly previous?: boolean
  readonly timestamps?: boolean
  readonly sinceSeconds?: number
  readonly tailLines?: number
  readonly signal?: AbortSignal
}

/** Which object it is that a run brought along: another may get its name. */
export interface OwnedIdentity {
  readonly kind: "Secret" | "ConfigMap"
  readonly name: string
  readonly uid: string
}

/** What a run brings along beside its Jobs. */
export interface OwnedObject extends Pick<OwnedIdentity, "kind" | "name"> {
  /** In base64. */
  readonly data: Readonly<Record<string, string>>
}

export interface ExecRequest {
  readonly namespace: string
  readonly pod: string
  readonly container: string
  readonly command: readonly string[]
  readonly input: AsyncIterable<Uint8Array>
  readonly signal: AbortSignal
}

/** A Job or CronJob that no run of ours made. */
export interface JobRequest {
  readonly kind: PlainJobView["kind"]
  readonly name: string
}

export interface JobWatch {
  /** Resolves with the first whole picture. */
  start(): Promise<void>
  /** Undefined when there is no such Job. */
  view(): JobView | undefined
  close(): void
}

/** A driver's sign of life. Only whether it moves counts: nobody compares clocks. */
export interface Lease {
  /** `<namespace>/<id of the driver>` */
  readonly key: string
  readonly kind: DriverIdentity["kind"]
  /** Which process has it: two that share an id, such as two replicas, are told apart by this. */
  readonly holder: string
  /** Another one after each renewal. */
  readonly version: string
}

export interface LeaseWish {
  readonly namespace: string
  readonly driver: DriverIdentity
  readonly holder: string
}

/**
 * What the engine needs of a cluster, in our words. Requests fail with a ClusterError. Answers to
 * our own writes are part of what is shown at once, before a watch brings them.
 */
export interface Cluster {
  /** Begins to watch; resolves with the first whole picture. */
  start(listener: ClusterListener): Promise<void>
  close(): Promise<void>

  runs(): Iterable<RunKey>
  /** Jobs and CronJobs beside the runs: seen, never touched. */
  plainJobs(): readonly PlainJobView[]
  /** Follows one of them with its pods; absent where there are none. `onChange` is called after each change. */
  watchJob?(request: JobRequest, onChange: () => void): JobWatch
  execution(run: RunKey): StoredExecution | undefined
  world(run: RunKey): RunWorld
  /** What the server's own clock says, as far as its answers told; absent where there is no server. */
  serverTime?(): number | undefined
  /** What cannot be seen here of a run, in a sentence, where that makes what is shown poorer but not untrue. */
  lacks?(run: RunKey): string | undefined

  createExecution(object: Json): Promise<StoredExecution>
  /** A fresh look, past every cache. */
  readExecution(run: RunKey): Promise<StoredExecution | undefined>
  /** Replaces the status if the object is still the one of `resourceVersion`. */
  writeStatus(run: StoredExecution, status: Json): Promise<void>

  /** Adds annotations: how a wish reaches whoever drives the run. */
  annotate(run: RunKey, annotations: Readonly<Record<string, string>>): Promise<void>
  /**
   * In the foreground: it is gone once everything it owns is gone. With `seen`: only if it is still
   * that very version of that very run, else a conflict.
   */
  deleteExecution(run: RunKey, seen?: SeenVersion): Promise<void>

  /** The Leases of drivers by key, as they were seen last; undefined: nobody can say how they stand. */
  leases(): ReadonlyMap<string, Lease> | undefined
  /** Resolves once they are all there, or it is certain that they will not be; absent where they are at once. */
  leasesListed?(): Promise<void>
  /** A fresh look. */
  readLease(namespace: string, id: string): Promise<Lease | undefined>
  /** Makes the Lease (`over` undefined), or moves it if it is still the one of that version. */
  writeLease(wish: LeaseWish, over: string | undefined): Promise<Lease>
  /** Only if it is still the one of that version, else a conflict. Without a word when it is not there. */
  deleteLease(namespace: string, id: string, over: string): Promise<void>

  createJob(namespace: string, manifest: JobManifest): Promise<void>
  /** Asks the server whether it would create the Job; nothing is created. */
  checkJob(namespace: string, manifest: JobManifest): Promise<void>
  /** A fresh look; what is found is part of what is shown. False when there is no such Job. */
  lookForJob(run: RunKey, name: string): Promise<boolean>
  /** A fresh look for the Job's pods that ended well; their names. */
  lookForPods(run: RunKey, job: string): Promise<readonly string[]>
  deleteJob(namespace: string, name: string, uid: string): Promise<void>

  /** A fresh look at an object as it is stored; absent where nothing is stored. */
  readObject?(namespace: string, kind: "Job" | "Pod", name: string): Promise<JsonObject | undefined>
  /** A fresh look at all that is told of an object (`Job/align.17`); absent where no events are kept. */
  readEvents?(namespace: string, about: string): Promise<readonly EventFacts[]>

  /** Creates a Secret or a ConfigMap that goes with the run, and answers its uid; absent where there are none. */
  createOwned?(run: StoredExecution, object: OwnedObject): Promise<string>
  /** Without a word when it is not there, or when another has its name. */
  deleteOwned?(namespace: string, object: OwnedIdentity): Promise<void>
  /** Runs a command in a container and hands it what to read. Fails with what it complained of. */
  exec?(request: ExecRequest): Promise<void>

  readLog(request: LogRequest): Promise<AsyncIterable<string>>
  tell(run: StoredExecution, news: News, at: number): Promise<void>
  /** What was told of the run itself, whoever told it: a fresh look. */
  readNews(run: RunKey): Promise<readonly EventFacts[]>
}
