import { type ExecutionObject, readExecution } from "../plan/execution.ts"
import { jobManifest } from "../plan/jobManifest.ts"
import { jobName } from "../plan/names.ts"
import { type Plan, plan } from "../plan/plan.ts"
import type { Action, Decision } from "./decide.ts"
import type { JobEnd, JobFacts, Observed, PodFacts, Terminated } from "./observed.ts"
import { readJob } from "./readJob.ts"
import { emptyStatus, type RunStatus } from "./status.ts"

export const uid = "5f144885-d04e-11e8-ad51-286ed488dc10"

type Loose = Readonly<Record<string, unknown>>

/** An Execution with these tasks; `after: "a"` and `follows: "a"` are short for dependents. */
export function execution(
  tasks: Readonly<Record<string, Loose>>,
  spec: Loose = {},
  metadata: Loose = {},
): ExecutionObject {
  const read = readExecution({
    apiVersion: "execution.kubegene.io/v1alpha1",
    kind: "Execution",
    metadata: { name: "e", namespace: "gene", uid, ...metadata },
    spec: { tasks: Object.entries(tasks).map(([name, task]) => taskOf(name, task)), ...spec },
  })
  if (read.kind === "refused") throw new Error(read.reasons.join("; "))
  return read.execution
}

export function taskOf(name: string, { after, follows, ...rest }: Loose): Loose {
  const targets = (written: unknown, type: string) =>
    (typeof written === "string" ? written.split(" ") : []).map((target) => ({ target, type }))
  return {
    name,
    type: "Job",
    image: "busybox",
    ...(rest.commandsIter === undefined ? { commandSet: [`echo ${name}`] } : {}),
    dependents: [...targets(after, "whole"), ...targets(follows, "iterate")],
    ...rest,
  }
}

export function planOf(
  tasks: Readonly<Record<string, Loose>>,
  spec: Loose = {},
  metadata: Loose = {},
): Plan {
  return plan(execution(tasks, spec, metadata))
}

/** How a step's Job looks: a word, or a word and what differs from the usual. */
export type Look =
  | "creating"
  | "created"
  | "pending"
  | "running"
  | "released"
  | "complete"
  | "failed"
  | "evicted after release"
  | "deleting"
  | "gone"

export interface Seen {
  readonly looks?: Readonly<Record<string, Look>>
  readonly status?: RunStatus
  readonly annotations?: Readonly<Record<string, string>>
  readonly logs?: Readonly<Record<string, string>>
  readonly rest?: Partial<Observed>
}

/** What is seen: by step id, with `.r2` behind it for a second attempt. */
export function seen(plan: Plan, { looks = {}, status, annotations, logs, rest }: Seen): Observed {
  const { metadata } = plan.execution
  const jobs = new Map<string, JobFacts>()
  const pods = new Map<string, readonly PodFacts[]>()
  const creating = new Set<string>()
  const gone = new Set<string>()
  for (const [id, look] of Object.entries(looks)) {
    const step = stepOf(plan, id)
    if (look === "creating") creating.add(step.job)
    else if (look === "gone") gone.add(step.job)
    else {
      const job = jobFacts(plan, id, look)
      jobs.set(job.name, job)
      const pod = podFacts(job, look)
      if (pod !== undefined) pods.set(job.name, [pod])
    }
  }
  return {
    metadata: { ...metadata, annotations: { ...metadata.annotations, ...annotations } },
    status: status ?? emptyStatus,
    jobs,
    pods,
    events: new Map(),
    creating,
    refusals: new Map(),
    gone,
    logs: new Map(
      Object.entries(logs ?? {}).map(([id, text]) => [
        stepOf(plan, id).job,
        { kind: "text" as const, text },
      ]),
    ),
    resumedFrom: undefined,
    ...rest,
  }
}

export const second = 1000
export const start = Date.parse("2026-11-20T14:00:00Z")
export const soon = start + 60 * second

export function jobFacts(plan: Plan, id: string, look: Look): JobFacts {
  const { task, index, attempt, job } = stepOf(plan, id)
  const manifest = jobManifest(plan.execution, {
    task,
    index,
    attempt,
    command: `echo ${task.name}`,
    stepHash: "v1-0",
  })
  const facts = readJob({
    ...manifest,
    metadata: {
      ...manifest.metadata,
      uid: `uid-${job}`,
      creationTimestamp: new Date(start).toISOString(),
    },
  })
  if (facts === undefined) throw new Error(job)
  const end: JobEnd | undefined =
    look === "complete"
      ? { kind: "complete", reason: "CompletionsReached", message: "", at: start + 9 * second }
      : look === "failed"
        ? {
            kind: "failed",
            reason: "BackoffLimitExceeded",
            message: "Job has reached the specified backoff limit",
            at: start + 9 * second,
          }
        : undefined
  return { ...facts, end, deletedAt: look === "deleting" ? start + 5 * second : undefined }
}

export function stepOf(plan: Plan, id: string) {
  const [name = "", index = "", retry] = id.split(".")
  const task = plan.execution.spec.tasks.find((one) => one.name === name)
  if (task === undefined) throw new Error(`no task ${name}`)
  const attempt = retry === undefined ? 1 : Number(retry.slice(1))
  const job = jobName(plan.execution.metadata.name, name, Number(index), attempt)
  return { task, index: Number(index), attempt, job }
}

export function podFacts(job: JobFacts, look: Look): PodFacts | undefined {
  if (look === "created") return undefined
  const exited = (exitCode: number): Terminated => ({
    kind: "terminated",
    exitCode,
    signal: undefined,
    reason: exitCode === 0 ? "Completed" : "Error",
    message: "",
    startedAt: start + second,
    finishedAt: start + 8 * second,
  })
  const states: Readonly<Record<Look, PodFacts["containers"][number]["state"]>> = {
    creating: { kind: "waiting", reason: "", message: "" },
    created: { kind: "waiting", reason: "", message: "" },
    pending: { kind: "waiting", reason: "ContainerCreating", message: "" },
    running: { kind: "running", startedAt: start + second },
    released: exited(0),
    complete: exited(0),
    failed: exited(2),
    "evicted after release": exited(0),
    deleting: { kind: "running", startedAt: start + second },
    gone: { kind: "waiting", reason: "", message: "" },
  }
  const phases: Partial<Record<Look, PodFacts["phase"]>> = {
    pending: "Pending",
    complete: "Succeeded",
    failed: "Failed",
    "evicted after release": "Failed",
  }
  return {
    name: `${job.name}-abcde`,
    uid: `pod-${job.name}`,
    job: job.name,
    ownerUid: job.uid,
    createdAt: start,
    deletedAt: undefined,
    phase: phases[look] ?? "Running",
    reason: undefined,
    message: undefined,
    node: "worker-1",
    completionIndex: undefined,
    conditions: [],
    initContainers: [],
    containers: [
      {
        name: "main",
        image: "busybox",
        restarts: 0,
        memoryLimit: undefined,
        requests: {},
        state: states[look],
        before: undefined,
      },
    ],
  }
}

/** Actions as one would say them: "create b.0", "create b.0.r2", "delete a.0". */
export function told(plan: Plan, { actions }: Decision): readonly string[] {
  return actions.map((action) => tell(plan, action))
}

function tell(plan: Plan, action: Action): string {
  const short = (job: string) => job.replace(`${plan.execution.metadata.name}.`, "")
  switch (action.kind) {
    case "create":
    case "delete":
    case "readLog":
    case "lookFor":
      return `${action.kind} ${short(action.job)}`
    case "readRun":
      return `readRun ${action.name}`
  }
}
