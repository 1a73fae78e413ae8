import { type Json, type JsonObject, listOf, numberOf, objectOf, textOf } from "../plan/json.ts"
import type { ContainerFacts, ContainerState, PodFacts, Terminated } from "./observed.ts"
import { oneCopy } from "./oneCopy.ts"
import { controllerUid, timeOf } from "./readMetadata.ts"

/** A v1 Pod as the API server gives it; undefined when it is no pod of a Job. */
export function readPod(value: unknown): PodFacts | undefined {
  const pod = objectOf(value)
  const metadata = objectOf(pod.metadata)
  const labels = objectOf(metadata.labels)
  const name = textOf(metadata.name)
  const job = textOf(labels["batch.kubernetes.io/job-name"]) ?? textOf(labels["job-name"])
  if (name === undefined || job === undefined) return undefined
  const spec = objectOf(pod.spec)
  const status = objectOf(pod.status)
  const index = textOf(labels["batch.kubernetes.io/job-completion-index"])
  return {
    name,
    uid: textOf(metadata.uid) ?? "",
    job,
    ownerUid: controllerUid(metadata),
    createdAt: timeOf(metadata.creationTimestamp) ?? 0,
    deletedAt: timeOf(metadata.deletionTimestamp),
    acceptedAt: timeOf(status.startTime),
    phase: phases.find((phase) => phase === status.phase) ?? "Pending",
    reason: oneCopy(textOf(status.reason)),
    message: textOf(status.message),
    node: oneCopy(textOf(spec.nodeName)),
    completionIndex: index === undefined ? undefined : Number(index),
    conditions: listOf(status.conditions).map((one) => readCondition(objectOf(one))),
    initContainers: readContainers(spec.initContainers, status.initContainerStatuses),
    containers: readContainers(spec.containers, status.containerStatuses),
  }
}

const phases = ["Pending", "Running", "Succeeded", "Failed", "Unknown"] as const

function readCondition(condition: JsonObject) {
  return {
    type: oneCopy(textOf(condition.type)) ?? "",
    isTrue: condition.status === "True",
    reason: oneCopy(textOf(condition.reason)) ?? "",
    message: textOf(condition.message) ?? "",
    at: timeOf(condition.lastTransitionTime),
  }
}

/** Spec and status list the containers in any order; a container without a status is waiting. */
function readContainers(
  written: Json | undefined,
  seen: Json | undefined,
): readonly ContainerFacts[] {
  const statuses = listOf(seen).map(objectOf)
  return listOf(written)
    .map(objectOf)
    .map((container) => {
      const name = textOf(container.name) ?? ""
      const status = objectOf(statuses.find((one) => one.name === name))
      const before = objectOf(objectOf(status.lastState).terminated)
      const limits = objectOf(objectOf(container.resources).limits)
      return {
        name,
        ...(container.restartPolicy === "Always" ? { isSidecar: true } : {}),
        image: oneCopy(textOf(container.image) ?? textOf(status.image)) ?? "",
        restarts: numberOf(status.restartCount) ?? 0,
        memoryLimit: oneCopy(textOf(limits.memory)),
        requests: readRequests(limits, objectOf(objectOf(container.resources).requests)),
        state: readState(objectOf(status.state)),
        before: Object.keys(before).length === 0 ? undefined : readTerminated(before),
      }
    })
}

function readRequests(limits: JsonObject, requests: JsonObject): Record<string, string> {
  const merged = { ...limits, ...requests }
  return Object.fromEntries(Object.keys(merged).map((key) => [key, oneCopy(String(merged[key]))]))
}

function readState(state: JsonObject): ContainerState {
  if (state.terminated !== undefined && state.terminated !== null) {
    return readTerminated(objectOf(state.terminated))
  }
  if (state.running !== undefined && state.running !== null) {
    return { kind: "running", startedAt: timeOf(objectOf(state.running).startedAt) ?? 0 }
  }
  const waiting = objectOf(state.waiting)
  return {
    kind: "waiting",
    reason: textOf(waiting.reason) ?? "",
    message: textOf(waiting.message) ?? "",
  }
}

function readTerminated(state: JsonObject): Terminated {
  return {
    kind: "terminated",
    exitCode: numberOf(state.exitCode) ?? 0,
    signal: numberOf(state.signal) || undefined,
    reason: oneCopy(textOf(state.reason)) ?? "",
    message: textOf(state.message) ?? "",
    startedAt: timeOf(state.startedAt),
    finishedAt: timeOf(state.finishedAt),
  }
}
