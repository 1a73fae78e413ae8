import type { AskedFor } from "#core/view/askedFor"
import type { ConditionView } from "#core/view/conditions"
import type { JobChange as JobDifference } from "#core/view/jobChange"
import type { JobView } from "#core/view/jobView"
import type { PlainJobView } from "#core/view/plainJob"
import type { RunChange as RunDifference } from "#core/view/runChange"
import type { RunSummary } from "#core/view/runSummary"
import type { RunSource, RunView } from "#core/view/statusTree"

/** Which cluster and namespace somebody means; what is left out is the kubeconfig's own choice. */
export interface KubeRequest {
  readonly kind: "kube"
  /** A path list as in KUBECONFIG; absent = the user's default kubeconfig. */
  readonly kubeconfig?: string
  readonly context?: string
  readonly namespace?: string
  /**
   * The only login plug-ins that may be started, each as its whole command line; absent = any. One
   * that is not among them is refused with the fault "plugin-asks".
   */
  readonly plugins?: readonly string[]
  /** Where the cluster does not know Executions, runs are kept in ConfigMaps of the namespace. */
  readonly withoutDefinition?: boolean
}

/** Why a place cannot be opened or is out of date, in the kinds that have different ways out. */
export type PlaceFault =
  | "no-kubeconfig"
  /** The kubeconfig cannot be read, or lacks what it names. */
  | "broken"
  | "no-context"
  | "plugin"
  | "plugin-asks"
  | "expired"
  | "forbidden"
  | "no-definition"
  | "unreachable"
  /** This machine has nothing to run with, or not all of it yet. */
  | "not-ready"
  | "other"

/** The `data` of the answer when a request about a place failed. */
export interface PlaceErrorData {
  readonly kind: PlaceFault
  readonly message: string
  readonly file?: string
  readonly line?: number
  readonly command?: string
  readonly context?: string
}

/** This machine: containers where docker or podman is there, else a sandbox. */
export interface LocalRequest {
  readonly kind: "local"
  /** Folders that commands in the sandbox may read. */
  readonly readOnly?: readonly string[]
}

/** Nothing runs: a simulation in the engine's memory, gone when the engine ends. */
export interface RehearsalRequest {
  readonly kind: "rehearsal"
  /** How long a step seems to take, where nothing else is said. */
  readonly seconds?: number
  readonly secondsByTask?: Readonly<Record<string, number>>
}

/** A colony on a Colonies server. */
export interface ColoniesRequest {
  readonly kind: "colonies"
  readonly profile: ColoniesProfile
}

/** Where a colony is and as whom one speaks to it, in the words of the Colonies tools. */
export interface ColoniesProfile {
  /** What people call it. */
  readonly name: string
  /** COLONIES_* and AWS_S3_*, keys among them: never to be logged. */
  readonly variables: Readonly<Record<string, string>>
  /** A file of `export K="V"` lines; what it says counts more. */
  readonly file?: string
  /** Accept any certificate. */
  readonly skipVerify?: boolean
  /** Plain HTTP, whatever else is said. */
  readonly insecure?: boolean
}

export type PlaceRequest = KubeRequest | LocalRequest | RehearsalRequest | ColoniesRequest

/** A place that was found and can be named before anything is created in it. */
export interface PlaceInfo {
  readonly id: string
  readonly kind: PlaceRequest["kind"]
  readonly kubeconfig: string
  /** Of a colony: the profile's name. */
  readonly context: string
  /** Of a colony: its name. */
  readonly namespace: string
  readonly server: string
  /** What people should know before they run something here. */
  readonly caution?: string
  /** The folder of this machine where claims stay of runs that were deleted, by namespace and run. */
  readonly kept?: string
}

export interface SpecSource {
  readonly path: string
  readonly text: string
  /** Which document of the file, counted from zero. */
  readonly document: number
  /** Values for the inputs of a genectl workflow. */
  readonly inputs?: Readonly<Record<string, unknown>>
  /** Images by `name:version`, for a genectl workflow. */
  readonly tools?: Readonly<Record<string, string>>
  /** The claim that stands in for a colony's files. */
  readonly claim?: string
  /** Where those files come from; left out: they are on the claim already. */
  readonly files?: FilesSource
}

/** colony: fetched from it before the first step and sent back after the last · folder: of this machine. */
export type FilesSource =
  | { readonly kind: "colony"; readonly profile: ColoniesProfile }
  | { readonly kind: "folder"; readonly path: string }

/** What moving a run's files would do, before anything is done. */
export interface FilesPrepared {
  /** For people: a colony and its server, or a folder. */
  readonly from: string
  readonly claim: string
  readonly files: number
  readonly bytes: number
  /** `Kind/name` of what is created for it and deleted at the run's end; a Secret holds the profile's keys. */
  readonly objects: readonly string[]
}

/** How a run begins, where it differs from the spec as it is written. */
export interface RunOptions {
  readonly name: string
  /** Take over what succeeded in that run; these tasks, and what follows them, run again. */
  readonly resumeFrom?: { readonly name: string; readonly rerun?: readonly string[] }
  /** Only these tasks and what they depend on. */
  readonly until?: readonly string[]
  /** The text that the run is made from; it stays with the run. */
  readonly source?: RunSource
  /** Whether what follows a step may start before its Job is complete. */
  readonly start?: "early" | "complete"
  /** Who drives it; left out: the cluster where a driver lives there, else the engine of this machine. */
  readonly driver?: "here" | "cluster"
}

/** The contexts of a kubeconfig, for people to choose from. */
export interface KubeconfigLook {
  /** The files it was read from, or would be. */
  readonly files: readonly string[]
  readonly contexts: readonly KubeContext[]
  /** kubectl's own choice. */
  readonly current: string | undefined
  /** Why it cannot be read. */
  readonly problem?: string
}

export interface KubeContext {
  readonly name: string
  readonly cluster: string
  readonly user: string
  readonly namespace: string | undefined
}

/** What a cluster has that specs may name; what one may not list is empty. */
export interface ClusterNames {
  readonly claims: readonly string[]
  readonly storageClasses: readonly string[]
  readonly serviceAccounts: readonly string[]
  readonly secrets: readonly string[]
  readonly images: readonly string[]
}

/** What the API server says of one Job that would be created. */
export interface JobAnswer {
  readonly job: string
  readonly task: string
  /** Undefined: it would be created. */
  readonly refusal?: string
}

export interface LogOptions {
  /** A task, or a step such as `align.17`; all steps when it is left out. */
  readonly step?: string
  readonly follow?: boolean
  readonly previous?: boolean
  readonly timestamps?: boolean
  readonly sinceSeconds?: number
  readonly tailLines?: number
}

/** A pod of a Job that no run made. */
export interface PlainPod {
  readonly job: string
  readonly pod: string
}

export interface EventView {
  /** For example `Job/align.17` or `Pod/align.17-x7k2p`. */
  readonly about: string
  readonly type: string
  readonly reason: string
  readonly message: string
  readonly count: number
  readonly lastAt: number
}

/** Without the book-keeping of who wrote which field. */
export interface ObjectText {
  readonly text: string
  /** Of a Job. */
  readonly asked: AskedFor | null
  /** What it says of itself, in the order in which it came to be so. */
  readonly conditions: readonly ConditionView[]
}

export interface DefinitionState {
  readonly context: string
  readonly server: string
  /** ours: nothing to do; other: a definition that is not the one we bring. */
  readonly is: "absent" | "ours" | "other"
  /** How many Executions there are, by namespace. */
  readonly executions: Readonly<Record<string, number>>
  /** Where the cluster's definition differs from ours, a line each. */
  readonly differences: readonly string[]
  /** Whether one may create it, as far as the cluster tells. */
  readonly mayInstall: boolean
}

export interface LeftDriverState {
  readonly context: string
  readonly namespace: string
  /** What it consists of, as `Kind/name`, whether it is there or not. */
  readonly objects: readonly string[]
  /** Of the one that is there; null: none is. */
  readonly image: string | null
}

export interface RunPrepared {
  /** The one asked for; else that of the spec, or the next free one after it. */
  readonly name: string
  /** The number of Jobs as far as the text tells; `orMore` when some are only known later. */
  readonly jobs: number
  readonly orMore: boolean
  /** Of a run that moves files. */
  readonly files?: FilesPrepared
}

/** Which files a spec wants to find in a cluster: each mount needs a claim, each label a source. */
export interface SpecFiles {
  readonly mounts: readonly string[]
  readonly labels: readonly string[]
}

export interface RunStarted {
  readonly name: string
  /** Who drives it; left out where that is no question. */
  readonly driver?: RunOptions["driver"]
}

/** What somebody wants of a run. */
export interface RunWish {
  readonly kind: "retry" | "suspend" | "resume" | "stop"
  /** retry: task names or step ids; none = all that failed, was skipped or stopped. */
  readonly steps?: readonly string[]
  readonly by: string
}

/** What a colony has beside its runs. */
export interface ColonyLook {
  readonly executors: readonly ColonyExecutor[]
  readonly labels: readonly { readonly label: string; readonly files: number }[]
  /** How many there are in each state. */
  readonly statistics: readonly {
    readonly state: string
    readonly processes: number
    readonly workflows: number
  }[]
  /** Why files cannot be moved: no storage is set. */
  readonly storageProblem?: string
}

export interface ColonyExecutor {
  readonly name: string
  readonly type: string
  readonly id: string
  readonly state: "pending" | "approved" | "rejected" | "unregistered"
  /** When it asked for work last (RFC 3339). */
  readonly heardAt: string | null
  readonly location?: string
  readonly functions: readonly ColonyFunction[]
}

export interface ColonyFunction {
  readonly name: string
  readonly id: string
  readonly description: string
  readonly calls: number
}

/** The newest revision of a file. */
export interface ColonyFile {
  readonly label: string
  readonly name: string
  readonly size: number
  readonly checksum: string
}

export interface PlaceState {
  readonly place: PlaceInfo
  readonly runs: readonly RunSummary[]
  /** Jobs and CronJobs of the namespace that no run of ours made. */
  readonly plain: readonly PlainJobView[]
  /** Why what is shown may be out of date, and since when (milliseconds since 1970). */
  readonly stale?: {
    readonly since: number
    readonly message: string
    readonly kind: PlaceFault
  }
  /** There are more runs: of each state the place tells only so many. */
  readonly cutAt?: number
}

/** Everything one can ask the engine: method → what goes in and what comes out. */
export interface EngineRequests {
  "engine/hello": {
    params: { readonly version: string; readonly client: string }
    result: {
      readonly version: string
      readonly pid: number
      /** Who this engine is to other drivers: what the annotation of its runs says. */
      readonly driver: string
      readonly handsOver: boolean
    }
  }
  /** Whether it answers. */
  "engine/ping": { params: Readonly<Record<string, never>>; result: null }
  /** How long runs that this engine drove are kept once they are over; {}: for ever. */
  "engine/keep": {
    params: {
      readonly ttlSeconds?: number
      /** Of each namespace the runs that ended last. */
      readonly keepLast?: number
    }
    result: null
  }
  "place/open": { params: PlaceRequest; result: PlaceState }
  "place/close": { params: { readonly place: string }; result: null }
  /** All of a run, with `run/changed` for whatever changes from now on. */
  "run/open": {
    params: { readonly place: string; readonly run: string }
    result: RunView
  }
  /**
   * All of a Job or CronJob that no run made, with `job/changed` for whatever changes from now on,
   * until it is closed as often as it was opened.
   */
  "job/open": {
    params: { readonly place: string; readonly kind: JobView["kind"]; readonly name: string }
    result: JobView
  }
  "job/close": {
    params: { readonly place: string; readonly kind: JobView["kind"]; readonly name: string }
    result: null
  }
  "run/close": { params: { readonly place: string; readonly run: string }; result: null }
  /** What would run, and where, before anything is created. */
  "run/prepare": {
    params: {
      readonly place: string
      readonly spec: SpecSource
      /** As in RunOptions. */
      readonly until?: readonly string[]
      readonly name?: string
    }
    result: RunPrepared
  }
  /** Asked before a place is known to hold them. */
  "spec/files": { params: { readonly spec: SpecSource }; result: SpecFiles }
  "run/start": {
    params: { readonly place: string; readonly spec: SpecSource; readonly options: RunOptions }
    result: RunStarted
  }
  /** Asks the API server about every Job that is known beforehand; creates nothing. */
  "run/check": {
    params: { readonly place: string; readonly spec: SpecSource; readonly options: RunOptions }
    result: readonly JobAnswer[]
  }
  "run/wish": {
    params: {
      readonly place: string
      readonly run: string
      readonly wish: RunWish["kind"]
      /** As in RunWish. */
      readonly steps?: readonly string[]
      readonly by: string
    }
    result: null
  }
  /** From now on this engine drives the run, whoever did. */
  "run/drive": { params: { readonly place: string; readonly run: string }; result: null }
  /** What leaving a driver in the cluster would create, or has created. */
  "driver/look": { params: { readonly place: string } | KubeRequest; result: LeftDriverState }
  /** Answers once the driver lives and the runs are handed to it. */
  "driver/leave": {
    params: {
      readonly place: string
      /** Left out: every run that is not over and that this engine drives. */
      readonly runs?: readonly string[]
      /** An image with Node 22.19 or newer; left out: the stock one. */
      readonly image?: string
    }
    result: { readonly runs: readonly string[] }
  }
  /** Refused while it has something to drive. A cluster that does not know Executions may have one too. */
  "driver/remove": { params: { readonly place: string } | KubeRequest; result: null }
  "colony/look": { params: { readonly place: string }; result: ColonyLook }
  "colony/files": {
    params: { readonly place: string; readonly label: string }
    result: readonly ColonyFile[]
  }
  /** Answers once the file is there whole. */
  "colony/download": {
    params: {
      readonly place: string
      readonly label: string
      readonly name: string
      readonly path: string
    }
    result: null
  }
  "colony/removeFile": {
    params: { readonly place: string; readonly label: string; readonly name: string }
    result: null
  }
  "run/delete": { params: { readonly place: string; readonly run: string }; result: null }
  "run/events": {
    params: { readonly place: string; readonly run: string }
    result: readonly EventView[]
  }
  /** A Job or pod as the cluster has it now; null where the place has no such thing. */
  "object/yaml": {
    params: { readonly place: string; readonly kind: "Job" | "Pod"; readonly name: string }
    result: ObjectText | null
  }
  /** A fresh look at what is told of these (`Job/align.17`); null where the place keeps no events. */
  "object/events": {
    params: { readonly place: string; readonly about: readonly string[] }
    result: readonly EventView[] | null
  }
  "log/open": {
    params: {
      readonly place: string
      readonly log: string
      readonly options?: LogOptions
    } & ({ readonly run: string } | PlainPod)
    result: null
  }
  "log/close": { params: { readonly log: string }; result: null }
  "kubeconfig/look": { params: { readonly kubeconfig?: string }; result: KubeconfigLook }
  /** The namespaces of a context, as far as one may list them. */
  "place/namespaces": {
    params: KubeRequest
    result: { readonly namespaces: readonly string[]; readonly problem?: string }
  }
  /** Listed anew each time it is asked for. */
  "place/names": { params: KubeRequest; result: ClusterNames }
  "definition/look": { params: KubeRequest; result: DefinitionState }
  /** Writes our definition, over another one too: show its differences first. */
  "definition/install": { params: KubeRequest; result: null }
  /** Refused while there is any Execution. */
  "definition/remove": { params: KubeRequest; result: null }
}

/** What the engine says by itself to those who opened a place, a run or a log. */
export interface EngineNotifications {
  "place/changed": PlaceChange
  "run/changed": RunChange
  "job/changed": JobChange
  "log/text": LogText
  /** The run, or the pod, is over and everything it printed was sent. */
  "log/end": { readonly log: string }
}

export interface PlaceChange {
  readonly place: string
  /** The runs that changed, in short. */
  readonly runs: readonly RunSummary[]
  readonly removed: readonly string[]
  /** All of them, when any changed. */
  readonly plain?: readonly PlainJobView[]
  readonly stale?: PlaceState["stale"]
  readonly cutAt?: number
}

/** What changed in a run that was opened. */
export interface RunChange extends RunDifference {
  readonly place: string
  readonly run: string
}

/** What changed in a Job or CronJob that was opened. */
export interface JobChange extends JobDifference {
  readonly place: string
}

/** Lines of one container, complete and in order. */
export interface LogText {
  readonly log: string
  /** Of a pod that is of no run, the pod; with the container's name where there are several. */
  readonly step: string
  readonly pod: string
  readonly container: string
  readonly lines: readonly string[]
  /** The lines are the engine's own: why there is no output to be had. */
  readonly isNote?: true
}

/** What a newer client says to an engine that hands over: it ends, and the client starts its own. */
export const makeWay = "engine/makeWay"

/** The answer to a request that failed carries a sentence for the user. */
export const userErrorCode = -31_000
