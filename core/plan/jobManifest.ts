import { type ExecutionObject, executionApi, type Placement, type TaskSpec } from "./execution.ts"
import { shortHash } from "./hash.ts"
import { canonicalJson, type Json, type JsonObject, listOf, objectOf, textOf } from "./json.ts"
import { annotations, labels } from "./labels.ts"
import { jobName } from "./names.ts"

/** A batch/v1 Job, ready to be sent. */
export interface JobManifest {
  readonly apiVersion: "batch/v1"
  readonly kind: "Job"
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels: Readonly<Record<string, string>>
    readonly annotations: Readonly<Record<string, string>>
    readonly ownerReferences?: readonly JsonObject[]
  }
  readonly spec: JsonObject
}

/** Which attempt at which step a Job is. */
export interface JobRequest {
  readonly task: TaskSpec
  readonly index: number
  readonly attempt: number
  /** Undefined: the command of the task's jobTemplate. */
  readonly command: string | undefined
  /** Undefined where it depends on what another step prints: then it is not known before the run. */
  readonly stepHash: string | undefined
}

/** Exactly what is created for one attempt at one step. Without a uid nobody owns it yet. */
export function jobManifest(execution: ExecutionObject, request: JobRequest): JobManifest {
  const { metadata } = execution
  const { task } = request
  const name = jobName(metadata.name, task.name, request.index, request.attempt)
  const template = objectOf(task.jobTemplate)
  const own = ownLabels(execution, request)
  const spec = jobSpec(execution, request, name, own)
  const ownerReferences = metadata.uid === "" ? undefined : [ownerReference(execution)]
  const written = objectOf(template.metadata)
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name,
      ...(metadata.namespace === "" ? {} : { namespace: metadata.namespace }),
      labels: {
        ...texts(written.labels),
        ...own,
        ...(metadata.uid === "" ? {} : { [labels.controllerUid]: metadata.uid }),
      },
      annotations: {
        ...texts(written.annotations),
        [annotations.templateHash]: templateHash(spec),
      },
      ...(ownerReferences === undefined ? {} : { ownerReferences }),
    },
    spec,
  }
}

/**
 * Covers all that decides how the Job runs, also what we add, so that a Job made by another version
 * of us is told apart. Not the step's hash, which may not be known when a plan is shown.
 */
function templateHash(spec: JsonObject): string {
  const template = objectOf(spec.template)
  const metadata = objectOf(template.metadata)
  const kept = without(objectOf(metadata.labels), [labels.stepHash])
  const hashed = { ...spec, template: { ...template, metadata: { ...metadata, labels: kept } } }
  return shortHash(canonicalJson(hashed))
}

function ownLabels(execution: ExecutionObject, request: JobRequest): Record<string, string> {
  return {
    [labels.execution]: execution.metadata.name,
    [labels.task]: request.task.name,
    [labels.index]: String(request.index),
    [labels.attempt]: String(request.attempt),
    ...(request.stepHash === undefined ? {} : { [labels.stepHash]: request.stepHash }),
  }
}

function ownerReference({ metadata }: ExecutionObject): JsonObject {
  return {
    apiVersion: executionApi.apiVersion,
    kind: executionApi.kind,
    name: metadata.name,
    uid: metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  }
}

/** Of these the run itself decides; a jobTemplate's words on them are ignored. */
const neverFromTemplate = [
  "suspend",
  "ttlSecondsAfterFinished",
  "selector",
  "manualSelector",
  "managedBy",
]

function jobSpec(
  execution: ExecutionObject,
  request: JobRequest,
  name: string,
  own: Readonly<Record<string, string>>,
): JsonObject {
  const { task } = request
  const { podFailurePolicy, ...written } = objectOf(objectOf(task.jobTemplate).spec)
  const template = without(written, neverFromTemplate)
  const podTemplate = objectOf(template.template)
  const podMetadata = objectOf(podTemplate.metadata)
  const pod = podSpec(execution, request, name, objectOf(podTemplate.spec))
  const podAnnotations = texts(podMetadata.annotations)
  return {
    ...template,
    backoffLimit: task.backoffLimit ?? template.backoffLimit ?? 0,
    ...(task.activeDeadlineSeconds === undefined
      ? {}
      : { activeDeadlineSeconds: task.activeDeadlineSeconds }),
    ...(pod.restartPolicy === "Never"
      ? { podFailurePolicy: podFailurePolicy ?? ignoreDisruptions }
      : {}),
    template: {
      metadata: {
        labels: { ...texts(podMetadata.labels), ...own },
        ...(Object.keys(podAnnotations).length === 0 ? {} : { annotations: podAnnotations }),
      },
      spec: pod,
    },
  }
}

/** A pod that was evicted or lost its node is tried again and not counted against the command. */
const ignoreDisruptions: JsonObject = {
  rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
}

function podSpec(
  execution: ExecutionObject,
  request: JobRequest,
  name: string,
  template: JsonObject,
): JsonObject {
  const { task } = request
  const [first, ...others] = listOf(template.containers)
  const volumeNames = new Set(task.volumes.map((volume) => volume.name))
  const volumes = [
    ...listOf(template.volumes).filter((one) => !volumeNames.has(textOf(objectOf(one).name) ?? "")),
    ...task.volumes.map(({ name, claim }) => ({
      name,
      persistentVolumeClaim: { claimName: claim },
    })),
  ]
  return {
    ...template,
    restartPolicy: template.restartPolicy === "OnFailure" ? "OnFailure" : "Never",
    ...placement(task.placement, execution.spec.placement),
    ...(volumes.length === 0 ? {} : { volumes }),
    containers: [container(request, name, objectOf(first)), ...others],
  }
}

/** The task's own words replace those of the spec, which replace those of the template. */
function placement(task: Placement, spec: Placement): JsonObject {
  const nodeSelector = task.nodeSelector ?? spec.nodeSelector
  const affinity = task.affinity ?? spec.affinity
  const tolerations = task.tolerations ?? spec.tolerations
  return {
    ...(nodeSelector === undefined ? {} : { nodeSelector }),
    ...(affinity === undefined ? {} : { affinity }),
    ...(tolerations === undefined ? {} : { tolerations }),
  }
}

function container(request: JobRequest, name: string, template: JsonObject): JsonObject {
  const { task, command } = request
  const { args, ...rest } = template
  const paths = new Set(task.volumes.map((volume) => volume.mountPath))
  const mounts = [
    ...listOf(template.volumeMounts).filter(
      (one) => !paths.has(textOf(objectOf(one).mountPath) ?? ""),
    ),
    ...task.volumes.map(({ name, mountPath }) => ({ name, mountPath })),
  ]
  const resources = containerResources(task, objectOf(template.resources))
  return {
    ...(command === undefined ? template : rest),
    name: textOf(template.name) ?? name.replaceAll(".", "-"),
    ...(task.image === undefined ? {} : { image: task.image }),
    ...(command === undefined ? {} : { command: ["sh", "-c", command] }),
    imagePullPolicy: template.imagePullPolicy ?? "IfNotPresent",
    ...(Object.keys(resources).length === 0 ? {} : { resources }),
    ...(mounts.length === 0 ? {} : { volumeMounts: mounts }),
  }
}

/**
 * Memory is asked for and is the limit too, because a node that runs out of it kills at random.
 * CPU is only asked for: a step may use what nobody else needs.
 */
function containerResources(task: TaskSpec, template: JsonObject): JsonObject {
  const memory = task.memory === undefined ? {} : { memory: task.memory }
  const cpu = task.cpu === undefined ? {} : { cpu: task.cpu }
  const requests = { ...objectOf(template.requests), ...cpu, ...memory }
  const limits = { ...objectOf(template.limits), ...memory }
  return {
    ...template,
    ...(Object.keys(requests).length === 0 ? {} : { requests }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  }
}

function without(value: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)))
}

function texts(value: Json | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(objectOf(value)).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  )
}
