import { isObject, listOf, numberOf, objectOf, textOf } from "../plan/json.ts"
import { annotations, labels } from "../plan/labels.ts"
import type { JobEnd, JobFacts } from "./observed.ts"
import { oneCopy } from "./oneCopy.ts"
import { controllerUid, timeOf } from "./readMetadata.ts"

/** A batch/v1 Job as the API server gives it; undefined when it is not even named. */
export function readJob(value: unknown): JobFacts | undefined {
  const job = objectOf(value)
  const metadata = objectOf(job.metadata)
  const name = textOf(metadata.name)
  if (name === undefined) return undefined
  const spec = objectOf(job.spec)
  const status = objectOf(job.status)
  const written = objectOf(metadata.labels)
  return {
    name,
    uid: textOf(metadata.uid) ?? "",
    ownerUid: oneCopy(controllerUid(metadata)),
    labels: {
      execution: oneCopy(textOf(written[labels.execution])),
      task: oneCopy(textOf(written[labels.task])),
      index: textOf(written[labels.index]),
      attempt: oneCopy(textOf(written[labels.attempt])),
      stepHash: textOf(written[labels.stepHash]),
    },
    templateHash: oneCopy(textOf(objectOf(metadata.annotations)[annotations.templateHash])),
    createdAt: timeOf(metadata.creationTimestamp) ?? 0,
    deletedAt: timeOf(metadata.deletionTimestamp),
    startedAt: timeOf(status.startTime),
    end: readEnd(status.conditions, "Complete", "Failed"),
    ending: readEnd(status.conditions, "SuccessCriteriaMet", "FailureTarget"),
    isSuspended: spec.suspend === true,
    active: numberOf(status.active) ?? 0,
    succeeded: numberOf(status.succeeded) ?? 0,
    failed: numberOf(status.failed) ?? 0,
    completions: numberOf(spec.completions) ?? 1,
    backoffLimit: numberOf(spec.backoffLimit) ?? 6,
    activeDeadlineSeconds: numberOf(spec.activeDeadlineSeconds),
    restartPolicy:
      objectOf(objectOf(spec.template).spec).restartPolicy === "OnFailure" ? "OnFailure" : "Never",
  }
}

function readEnd(conditions: unknown, complete: string, failed: string): JobEnd | undefined {
  for (const condition of listOf(conditions)) {
    if (!isObject(condition) || condition.status !== "True") continue
    if (condition.type !== complete && condition.type !== failed) continue
    return {
      kind: condition.type === complete ? "complete" : "failed",
      reason: oneCopy(textOf(condition.reason)) ?? "",
      message: oneCopy(textOf(condition.message)) ?? "",
      at: timeOf(condition.lastTransitionTime) ?? timeOf(condition.lastProbeTime) ?? 0,
    }
  }
  return undefined
}
