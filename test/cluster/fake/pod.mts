/** What the fake kubelet reads of a pod. */
export interface Pod {
  readonly metadata: {
    readonly name: string
    readonly namespace: string
    readonly uid: string
    readonly annotations?: Readonly<Record<string, string>>
    readonly labels?: Readonly<Record<string, string>>
    readonly deletionTimestamp?: string
    readonly resourceVersion: string
  }
  readonly spec: {
    readonly nodeName?: string
    readonly containers: readonly Container[]
    readonly initContainers?: readonly Container[]
  }
  readonly status: { readonly phase: string; readonly startTime?: string }
}

interface Container {
  readonly name: string
  readonly image: string
}

export type Outcome =
  | { readonly kind: "succeed" }
  | { readonly kind: "fail"; readonly exitCode: number }
  | { readonly kind: "oom" }
  | { readonly kind: "evict" }
  /** Its image cannot be pulled: it waits until its annotation is changed. */
  | { readonly kind: "no-image" }
  /** Runs until its annotation is changed. */
  | { readonly kind: "hang" }

export interface Order {
  readonly outcome: Outcome
  readonly runsForMs: number
}

/**
 * On a pod (or a Job's pod template): "succeed", "fail:3", "fail-once:3" (a step's first attempt fails,
 * later ones succeed), "oom", "evict", "no-image" or "hang".
 */
export const outcomeAnnotation = "bed.kube-executions/outcome"
/** How long the pod's containers run before that, in milliseconds; 0 goes straight to the end. */
export const runsForAnnotation = "bed.kube-executions/runs-for-ms"

export function orderOf({ metadata }: Pod): Order {
  const text = metadata.annotations?.[outcomeAnnotation] ?? "succeed"
  const runsFor = Number(metadata.annotations?.[runsForAnnotation] ?? 0)
  return {
    outcome: parse(text, metadata.labels),
    runsForMs: Number.isFinite(runsFor) ? Math.max(0, runsFor) : 0,
  }
}

function parse(text: string, labels: Pod["metadata"]["labels"]): Outcome {
  const [kind, detail] = text.split(":")
  switch (kind) {
    case "succeed":
    case "oom":
    case "evict":
    case "no-image":
    case "hang":
      return { kind }
    case "fail":
      return { kind, exitCode: Number(detail ?? 1) }
    case "fail-once":
      return labels?.["execution.kubegene.io/attempt"] === "1"
        ? { kind: "fail", exitCode: Number(detail ?? 1) }
        : { kind: "succeed" }
    default:
      throw new Error(`"${text}" is no outcome that the fake kubelet knows`)
  }
}

/** The status of a pod whose containers all run. */
export function runningStatus(pod: Pod, now: string): object {
  const state = { running: { startedAt: now } }
  return {
    phase: "Running",
    startTime: pod.status.startTime ?? now,
    conditions: conditions("True"),
    initContainerStatuses: initStatuses(pod, now),
    containerStatuses: pod.spec.containers.map((container) => statusOf(container, state, true)),
  }
}

/** The status of a pod whose first container's image cannot be pulled. */
export function waitingForImageStatus(pod: Pod, now: string): object {
  return {
    phase: "Pending",
    startTime: pod.status.startTime ?? now,
    conditions: conditions("False", "ContainersNotReady"),
    containerStatuses: pod.spec.containers.map((container) => {
      const message = `failed to pull and unpack image "${container.image}": not found`
      return statusOf(container, { waiting: { reason: "ErrImagePull", message } }, false)
    }),
  }
}

/** The status of a pod that has ended; the first container is the one that decides. */
export function endStatus(pod: Pod, outcome: Outcome, startedAt: string, now: string): object {
  const end = ending(outcome)
  const states = pod.spec.containers.map((_, index) => {
    const { exitCode, reason } = index === 0 ? end : ending({ kind: "succeed" })
    return { terminated: { exitCode, reason, startedAt, finishedAt: now } }
  })
  return {
    phase: end.exitCode === 0 ? "Succeeded" : "Failed",
    startTime: pod.status.startTime ?? startedAt,
    conditions: [
      ...conditions("False", end.exitCode === 0 ? "PodCompleted" : "PodFailed"),
      ...(outcome.kind === "evict" ? [disruption] : []),
    ],
    initContainerStatuses: initStatuses(pod, startedAt),
    containerStatuses: pod.spec.containers.map((container, index) =>
      statusOf(container, states[index] ?? {}, false),
    ),
    ...(outcome.kind === "evict" ? { reason: "Evicted", message: evictedMessage } : {}),
  }
}

function ending(outcome: Outcome): { exitCode: number; reason: string } {
  switch (outcome.kind) {
    case "fail":
      return { exitCode: outcome.exitCode, reason: outcome.exitCode === 0 ? "Completed" : "Error" }
    case "oom":
      return { exitCode: 137, reason: "OOMKilled" }
    case "evict":
      return { exitCode: 137, reason: "Error" }
    case "succeed":
    case "no-image":
    case "hang":
      return { exitCode: 0, reason: "Completed" }
  }
}

const evictedMessage = "The node was low on resource: memory."

const disruption = {
  type: "DisruptionTarget",
  status: "True",
  reason: "TerminationByKubelet",
  message: evictedMessage,
}

const conditions = (ready: "True" | "False", reason?: string): object[] => [
  { type: "Initialized", status: "True" },
  ...["Ready", "ContainersReady"].map((type) => ({ type, status: ready, reason })),
]

const initStatuses = (pod: Pod, now: string): object[] | undefined =>
  pod.spec.initContainers?.map((container) => {
    const terminated = { exitCode: 0, reason: "Completed", startedAt: now, finishedAt: now }
    return statusOf(container, { terminated }, true)
  })

const statusOf = ({ name, image }: Container, state: object, ready: boolean): object => ({
  name,
  image,
  imageID: "",
  ready,
  restartCount: 0,
  state,
})
