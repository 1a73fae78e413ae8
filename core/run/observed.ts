import type { ExecutionMetadata, ExecutionSpec } from "../plan/execution.ts"
import type { RunStatus } from "./status.ts"

/**
 * Everything a place shows of one run, in our own words. It is a picture taken at one time:
 * `decide` needs nothing else and nothing from before. Times are milliseconds since 1970.
 */
export interface Observed {
  /** Fresh metadata (uid, annotations with wishes, deletion) and status; the spec is the plan's. */
  readonly metadata: ExecutionMetadata
  readonly status: RunStatus
  /**
   * By name: every Job with the run's controller uid, and any other Job that was found under a
   * name the run wanted. A Job whose creation was answered belongs here at once, even if the watch
   * has not shown it yet.
   */
  readonly jobs: ReadonlyMap<string, JobFacts>
  /** By name of their Job. */
  readonly pods: ReadonlyMap<string, readonly PodFacts[]>
  /** Of the run's Jobs and pods, by `<kind>/<name>`. Only reasons are made from them. */
  readonly events: ReadonlyMap<string, readonly EventFacts[]>
  /** Names of Jobs whose creation was sent and not answered: they count as created. */
  readonly creating: ReadonlySet<string>
  /** By Job name: how the last try to create it was refused. */
  readonly refusals: ReadonlyMap<string, Refusal>
  /**
   * Names of Jobs that are known to have been: of this run (by owner uid) and seen until they were
   * deleted, or asked for by `lookFor` and not found by a fresh request. Never a guess from a cache.
   */
  readonly gone: ReadonlySet<string>
  /** By Job name: what reading its log gave. Kept until status holds the result. */
  readonly logs: ReadonlyMap<string, LogFacts>
  /** The run that `spec.resumeFrom` names, once it was asked for. */
  readonly resumedFrom: EarlierRun | undefined
}

export type EarlierRun =
  | { readonly kind: "found"; readonly spec: ExecutionSpec; readonly status: RunStatus }
  /** `reason` is a sentence, for example that there is no such run in the namespace. */
  | { readonly kind: "missing"; readonly reason: string }

export type LogFacts =
  /** The beginning of the log: all of it, or at least `resultReadLimit` bytes. */
  | { readonly kind: "text"; readonly text: string }
  /** It cannot be read and never will be: the pod is gone, say. What may pass is tried again. */
  | { readonly kind: "unreadable"; readonly reason: string }

/** How the API server refused to create a Job. */
export interface Refusal {
  readonly kind: RefusalKind
  /** What the server said. */
  readonly message: string
  readonly since: number
  /** When it is worth trying again; undefined = never, the step fails. */
  readonly retryAt: number | undefined
}

export type RefusalKind =
  | "quota"
  | "forbidden"
  | "webhook"
  | "invalid"
  | "namespace-terminating"
  | "namespace-missing"
  | "throttled"
  | "unreachable"
  | "other"

export interface JobFacts {
  readonly name: string
  readonly uid: string
  /** The uid of the owner that is marked as controller. */
  readonly ownerUid: string | undefined
  readonly labels: JobLabels
  readonly templateHash: string | undefined
  readonly createdAt: number
  readonly deletedAt: number | undefined
  readonly startedAt: number | undefined
  /** The condition Complete or Failed, once true. */
  readonly end: JobEnd | undefined
  /** The condition SuccessCriteriaMet or FailureTarget: the end is certain, pods still stop. */
  readonly ending: JobEnd | undefined
  readonly isSuspended: boolean
  readonly active: number
  readonly succeeded: number
  readonly failed: number
  readonly completions: number
  readonly backoffLimit: number
  readonly activeDeadlineSeconds: number | undefined
  readonly restartPolicy: "Never" | "OnFailure"
}

export interface JobLabels {
  readonly execution: string | undefined
  readonly task: string | undefined
  readonly index: string | undefined
  readonly attempt: string | undefined
  readonly stepHash: string | undefined
}

export interface JobEnd {
  readonly kind: "complete" | "failed"
  readonly reason: string
  readonly message: string
  readonly at: number
}

export interface PodFacts {
  readonly name: string
  readonly uid: string
  /** The name of the Job it is a pod of. */
  readonly job: string
  /** The uid of that Job, from the owner reference. */
  readonly ownerUid: string | undefined
  readonly createdAt: number
  readonly deletedAt: number | undefined
  /** When the kubelet of its node took it: until then it waited for a node. */
  readonly acceptedAt?: number
  readonly phase: "Pending" | "Running" | "Succeeded" | "Failed" | "Unknown"
  readonly reason: string | undefined
  readonly message: string | undefined
  readonly node: string | undefined
  /** The index of an Indexed Job's pod. */
  readonly completionIndex: number | undefined
  readonly conditions: readonly PodCondition[]
  readonly initContainers: readonly ContainerFacts[]
  readonly containers: readonly ContainerFacts[]
}

export interface PodCondition {
  readonly type: string
  readonly isTrue: boolean
  readonly reason: string
  readonly message: string
  readonly at: number | undefined
}

export interface ContainerFacts {
  readonly name: string
  /** An init container that runs beside the others and is not waited for. */
  readonly isSidecar?: boolean
  readonly image: string
  readonly restarts: number
  readonly memoryLimit: string | undefined
  /** What it asks for of each resource, limits included where nothing else is said. */
  readonly requests: Readonly<Record<string, string>>
  readonly state: ContainerState
  /** How its last run ended, when it was restarted. */
  readonly before: Terminated | undefined
}

export type ContainerState =
  | { readonly kind: "waiting"; readonly reason: string; readonly message: string }
  | { readonly kind: "running"; readonly startedAt: number }
  | Terminated

export interface Terminated {
  readonly kind: "terminated"
  readonly exitCode: number
  readonly signal: number | undefined
  readonly reason: string
  readonly message: string
  readonly startedAt: number | undefined
  readonly finishedAt: number | undefined
}

export interface EventFacts {
  readonly type: string
  readonly reason: string
  readonly message: string
  readonly count: number
  readonly firstAt: number
  readonly lastAt: number
}
