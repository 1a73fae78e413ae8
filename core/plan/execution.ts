import { checkExecution } from "./checkExecution.ts"
import type { JsonObject } from "./json.ts"
import { type CommandsIter, readCommandsIter } from "./readCommandsIter.ts"
import { type Condition, readCondition, readGenericCondition } from "./readCondition.ts"
import { Reader } from "./reader.ts"

/** What the API server calls our resource. */
export const executionApi = {
  group: "execution.kubegene.io",
  version: "v1alpha1",
  apiVersion: "execution.kubegene.io/v1alpha1",
  kind: "Execution",
  plural: "executions",
} as const

/** An Execution that was parsed and checked: a plan can be made from it without further doubt. */
export interface ExecutionObject {
  readonly metadata: ExecutionMetadata
  readonly spec: ExecutionSpec
}

export interface ExecutionMetadata {
  readonly name: string
  /** Empty when the object names none. */
  readonly namespace: string
  /** Empty until the object was created. */
  readonly uid: string
  readonly resourceVersion: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** Milliseconds since 1970; undefined until the object was created. */
  readonly createdAt: number | undefined
  readonly deletedAt: number | undefined
}

export interface ExecutionSpec {
  readonly tasks: readonly TaskSpec[]
  /** The most Jobs that may be unfinished at once. 0 = nothing starts, undefined = no limit. */
  readonly parallelism: number | undefined
  readonly placement: Placement
  readonly resumeFrom: ResumeFrom | undefined
  /** Only these tasks and what they depend on; empty = every task. */
  readonly until: readonly string[]
}

export interface ResumeFrom {
  readonly name: string
  readonly rerun: readonly string[]
}

/** Where pods may run, in Kubernetes' own form; undefined = not said. */
export interface Placement {
  readonly nodeSelector: JsonObject | undefined
  readonly affinity: JsonObject | undefined
  readonly tolerations: readonly JsonObject[] | undefined
}

export interface TaskSpec {
  readonly name: string
  readonly image: string | undefined
  /** One Job each. Empty when `commandsIter` or `jobTemplate` says what runs. */
  readonly commands: readonly string[]
  readonly commandsIter: CommandsIter | undefined
  /** Sorted by name. */
  readonly volumes: readonly TaskVolume[]
  /** Quantities as written; undefined = not said or zero. */
  readonly cpu: string | undefined
  readonly memory: string | undefined
  readonly activeDeadlineSeconds: number | undefined
  readonly backoffLimit: number | undefined
  readonly parallelism: number | undefined
  readonly placement: Placement
  readonly dependencies: readonly TaskDependency[]
  readonly condition: Condition | undefined
  readonly genericCondition: Condition | undefined
  /** A batch/v1 JobTemplateSpec the Job starts from. */
  readonly jobTemplate: JsonObject | undefined
}

export interface TaskDependency {
  readonly target: string
  readonly type: "whole" | "iterate"
}

export interface TaskVolume {
  readonly name: string
  readonly mountPath: string
  readonly claim: string
}

export type ReadExecution =
  | { readonly kind: "execution"; readonly execution: ExecutionObject }
  /** `reasons` are sentences for people, the first is the most important. */
  | {
      readonly kind: "refused"
      readonly metadata: ExecutionMetadata
      readonly reasons: readonly string[]
    }

/**
 * The door: plain JSON as the API server or a file gives it, to what a plan may rely on. Unknown
 * fields are left alone and null counts as absent. Never throws.
 */
export function readExecution(value: unknown): ReadExecution {
  const reader = new Reader(value, "")
  const metadata = readMetadata(reader.child("metadata"))
  const specReader = reader.child("spec")
  const spec = readSpec(specReader)
  const reasons = [...reader.reasons]
  if (reasons.length === 0) reasons.push(...checkExecution(metadata.name, spec))
  if (reasons.length > 0) return { kind: "refused", metadata, reasons }
  return { kind: "execution", execution: { metadata, spec } }
}

/** The metadata alone, which changes while the spec never does. */
export function readExecutionMetadata(value: unknown): ExecutionMetadata {
  return readMetadata(new Reader(value, "").child("metadata"))
}

function readMetadata(reader: Reader): ExecutionMetadata {
  return {
    name: reader.text("name") ?? "",
    namespace: reader.text("namespace") ?? "",
    uid: reader.text("uid") ?? "",
    resourceVersion: reader.text("resourceVersion") ?? "",
    labels: reader.texts("labels"),
    annotations: reader.texts("annotations"),
    createdAt: reader.time("creationTimestamp"),
    deletedAt: reader.time("deletionTimestamp"),
  }
}

function readSpec(reader: Reader): ExecutionSpec {
  const resumeFrom = reader.optional("resumeFrom")
  return {
    tasks: reader.children("tasks").map(readTask),
    parallelism: reader.count("parallelism"),
    placement: readPlacement(reader),
    resumeFrom: resumeFrom && {
      name: resumeFrom.required("name"),
      rerun: resumeFrom.textList("rerun"),
    },
    until: reader.textList("until"),
  }
}

function readTask(reader: Reader): TaskSpec {
  const name = reader.required("name")
  const task = reader.named(name === "" ? undefined : `"${name}"`)
  const type = task.text("type")
  if (type !== undefined && type !== "Job") {
    task.refuse(`type "${type}" cannot be run; only "Job" can`)
  }
  const commands = task.textList("commandSet")
  const resources = task.child("resources")
  const commandsIter = task.optional("commandsIter")
  const condition = task.optional("condition")
  const genericCondition = task.optional("genericCondition")
  return {
    name,
    image: task.text("image"),
    commands: commands.length > 0 ? commands : task.textList("commands"),
    commandsIter: commandsIter && readCommandsIter(commandsIter),
    volumes: readVolumes(task.child("volumes")),
    cpu: resources.quantity("cpu"),
    memory: resources.quantity("memory"),
    activeDeadlineSeconds: task.count("activeDeadlineSeconds"),
    backoffLimit: task.count("backoffLimit"),
    parallelism: task.count("parallelism"),
    placement: readPlacement(task),
    dependencies: task.children("dependents").map(readDependency),
    condition: condition && readCondition(condition),
    genericCondition: genericCondition && readGenericCondition(genericCondition),
    jobTemplate: task.object("jobTemplate"),
  }
}

function readDependency(reader: Reader): TaskDependency {
  const type = reader.text("type") ?? "whole"
  if (type !== "whole" && type !== "iterate") {
    reader.refuse(`type "${type}" is not known; it is "whole" or "iterate"`)
  }
  return { target: reader.required("target"), type: type === "iterate" ? "iterate" : "whole" }
}

function readVolumes(reader: Reader): readonly TaskVolume[] {
  return reader
    .keys()
    .sort()
    .map((name) => {
      const volume = reader.child(name)
      return {
        name,
        mountPath: volume.required("mountPath"),
        claim: volume.child("mountFrom").required("pvc"),
      }
    })
}

function readPlacement(reader: Reader): Placement {
  const nodeSelector = reader.object("nodeSelector")
  const tolerations = reader.children("tolerations").map((child) => child.self())
  return {
    nodeSelector:
      nodeSelector === undefined || Object.keys(nodeSelector).length === 0
        ? undefined
        : nodeSelector,
    affinity: reader.object("affinity"),
    tolerations: tolerations.length === 0 ? undefined : tolerations,
  }
}
