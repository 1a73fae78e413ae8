import { type JsonObject, listOf, objectOf } from "#core/plan/json"
import { coloniesToExecution } from "#core/spec/convertColonies"
import { SpecFile } from "#core/spec/specFile"
import type { ProcessRecord } from "../client/records.ts"
import { attemptOf, labelOf } from "./attempt.ts"

export const jobLabels = {
  /** As the published executor marks its Jobs. */
  app: "app",
  /** Whose Job it is. */
  executor: "kube-executions/colonies-executor",
} as const

export const jobAnnotations = {
  processId: "kube-executions/colonies-process",
  executor: "kube-executions/colonies-executor-name",
  /** How much of the containers' output is in the process's log, see logNote.ts. */
  logged: "kube-executions/colonies-logged",
} as const

export interface JobWorld {
  readonly executorName: string
  readonly claim: string | undefined
  readonly isCompatible: boolean
}

/** For an executor that comes back: until then the end of a Job must still be there. */
const keptSeconds = 3_600

/**
 * The Job of a process that passed `specFault`. A command that fails is not run again in the same
 * process, because that would double what it did; a pod that was evicted is.
 */
export function jobOfProcess(process: ProcessRecord, world: JobWorld): JsonObject {
  const { executorName, claim, isCompatible } = world
  const { processId, jobName } = attemptOf(process)
  const [template] = templatesOf(process, claim)
  const spec = objectOf(template?.spec)
  const pod = objectOf(spec.template)
  const labels = { [jobLabels.app]: "kubeexecutor", [jobLabels.executor]: labelOf(executorName) }
  const annotations = {
    [jobAnnotations.processId]: processId,
    [jobAnnotations.executor]: executorName,
  }
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: jobName, labels, annotations },
    spec: {
      ...spec,
      ttlSecondsAfterFinished: keptSeconds,
      ...(isCompatible ? {} : { backoffLimit: 0, podFailurePolicy: ignoreDisruptions }),
      template: { ...pod, metadata: { labels, annotations } },
    },
  }
}

const ignoreDisruptions: JsonObject = {
  rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
}

/** The server's word on a spec, read as any spec is. */
function templatesOf({ spec, processid }: ProcessRecord, claim: string | undefined): JsonObject[] {
  const [document] = new SpecFile(JSON.stringify(spec), "process.json").documents()
  if (document === undefined) throw new Error(`process ${processid} is no function spec`)
  const { execution } = coloniesToExecution(document.tree, {
    processId: processid,
    ...(claim === undefined ? {} : { claim }),
  })
  return listOf(objectOf(execution.spec).tasks).map((task) => objectOf(objectOf(task).jobTemplate))
}
