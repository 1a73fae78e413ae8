import type { Json } from "../../plan/json.ts"
import { readPod } from "../../run/readPod.ts"
import { type JobView, jobView, readPlainJob } from "../jobView.ts"

/**
 * A Job with completions 8 and parallelism 2 as it once ran: name, seconds since 23:52:37, and for
 * how many it waited, was cold and worked.
 */
export const golden = [
  ["pi-7ctlr", 0, 2, 7, 31],
  ["pi-l2l45", 2, 0, 13, 29],
  ["pi-99jsw", 42, 1, 12, 28],
  ["pi-tx772", 46, 0, 10, 29],
  ["pi-7csqf", 85, 0, 13, 32],
  ["pi-8ft4w", 87, 0, 15, 32],
  ["pi-sqthq", 131, 1, 23, 46],
  ["pi-8j4zn", 135, 1, 16, 46],
] as const

export const goldenBegin = Date.parse("2023-05-12T23:52:37Z")

export function goldenJob(): JobView {
  return jobOf(
    "pi",
    { completions: 8, parallelism: 2 },
    {
      succeeded: 8,
      conditions: [{ type: "Complete", status: "True", lastTransitionTime: at(201) }],
    },
    golden.map(([name, begin, waited, cold, work]) =>
      podJson(name, "pi", {
        createdAt: begin,
        acceptedAt: begin + waited,
        phase: "Succeeded",
        containers: [
          {
            name: "pi",
            state: { terminated: ended(begin + waited + cold, begin + waited + cold + work, 0) },
          },
        ],
      }),
    ),
  )
}

export function at(seconds: number): string {
  return new Date(goldenBegin + seconds * 1000).toISOString().replace(".000Z", "Z")
}

export function ended(from: number, to: number, exitCode: number): Record<string, Json> {
  return {
    exitCode,
    reason: exitCode === 0 ? "Completed" : "Error",
    startedAt: at(from),
    finishedAt: at(to),
  }
}

export interface PodShape {
  readonly createdAt: number
  readonly acceptedAt?: number
  readonly phase: string
  readonly index?: number
  readonly containers: readonly ContainerShape[]
  readonly initContainers?: readonly ContainerShape[]
}

interface ContainerShape {
  readonly name: string
  readonly state: Json
  readonly lastState?: Json
  readonly restartCount?: number
  readonly isSidecar?: boolean
}

/** A v1 Pod as the API server gives it; seconds since the golden beginning. */
export function podJson(name: string, job: string, shape: PodShape): Json {
  const { index, acceptedAt, containers, initContainers = [] } = shape
  const written = ({ name, isSidecar }: ContainerShape) => {
    return { name, image: "pi", ...(isSidecar ? { restartPolicy: "Always" } : {}) }
  }
  const seen = ({ name, state, lastState = {}, restartCount = 0 }: ContainerShape) => {
    return { name, state, lastState, restartCount, image: "pi" }
  }
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "gene",
      uid: name,
      creationTimestamp: at(shape.createdAt),
      labels: {
        "job-name": job,
        ...(index === undefined
          ? {}
          : { "batch.kubernetes.io/job-completion-index": String(index) }),
      },
      ownerReferences: [{ kind: "Job", name: job, uid: job, controller: true }],
    },
    spec: {
      ...(acceptedAt === undefined ? {} : { nodeName: "worker-1" }),
      containers: containers.map(written),
      initContainers: initContainers.map(written),
    },
    status: {
      phase: shape.phase,
      ...(acceptedAt === undefined ? {} : { startTime: at(acceptedAt) }),
      containerStatuses: containers.map(seen),
      initContainerStatuses: initContainers.map(seen),
    },
  }
}

export function jobOf(
  name: string,
  spec: Record<string, Json>,
  status: Record<string, Json>,
  pods: readonly Json[],
  events: Parameters<typeof jobView>[0]["events"] = new Map(),
): JobView {
  const job = readPlainJob({
    metadata: { name, namespace: "gene", uid: name, creationTimestamp: at(0) },
    spec,
    status,
  })
  if (job === undefined) throw new Error("the Job has no name")
  const facts = pods.flatMap((pod) => readPod(pod) ?? [])
  return jobView({
    kind: "Job",
    name,
    namespace: "gene",
    jobs: [job],
    pods: new Map([[name, facts]]),
    events,
  })
}
