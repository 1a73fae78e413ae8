import { executionApi } from "#core/plan/execution"
import { hashText } from "#core/plan/hash"
import { isObject, type Json, type JsonObject, objectOf, textOf } from "#core/plan/json"
import { annotations, labels } from "#core/plan/labels"
import { mergePatch, type RunStore } from "./runStore.ts"

const prefix = "execution."
/** A ConfigMap knows no foreground deletion of ours: who sees this mark removes it, Jobs first. */
const deletedAnnotation = annotations.deleted

/**
 * Runs as ConfigMaps, where the cluster does not know Executions: the same content under two keys,
 * with rights in one namespace and no others. Wishes are annotations here as there.
 */
export const configMapStore: RunStore = {
  apiVersion: "v1",
  kind: "ConfigMap",
  isBlockedByJobs: false,
  labelSelector: labels.record,
  path: (namespace) =>
    namespace === "" ? "/api/v1/configmaps" : `/api/v1/namespaces/${namespace}/configmaps`,
  objectName: (run) => prefix + run,
  read: (raw) => {
    const { uid, resourceVersion, namespace, name: objectName } = raw.metadata
    const { data, metadata } = objectOf(raw)
    const { managedFields: _, ...kept } = objectOf(metadata)
    const name = objectName.startsWith(prefix) ? objectName.slice(prefix.length) : objectName
    const { spec, status } = objectOf(data)
    const { [deletedAnnotation]: deleted, [annotations.specHash]: hash } = objectOf(
      kept.annotations,
    )
    const readSpec = parsed(spec)
    const object: JsonObject = {
      apiVersion: executionApi.apiVersion,
      kind: executionApi.kind,
      metadata: { deletionTimestamp: deleted, ...kept, name },
      spec: readSpec,
      status: parsed(status) ?? {},
    }
    const problem = isObject(readSpec)
      ? changeOf(objectName, textOf(spec) ?? "", textOf(hash))
      : `The ConfigMap "${objectName}" has no spec that can be read.`
    return {
      key: `${namespace}/${name}`,
      uid,
      resourceVersion,
      object,
      ...(problem === undefined ? {} : { problem }),
    }
  },
  creation: (execution) => {
    const { name, namespace, ...metadata } = objectOf(execution.metadata)
    const run = textOf(name) ?? ""
    const spec = JSON.stringify(execution.spec ?? {}, null, 1)
    return {
      body: {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: {
          name: prefix + run,
          namespace,
          labels: {
            ...objectOf(metadata.labels),
            "app.kubernetes.io/name": "kube-executions",
            [labels.record]: run,
          },
          annotations: {
            ...objectOf(metadata.annotations),
            [annotations.specHash]: hashText(spec),
          },
        },
        data: { spec },
      },
    }
  },
  // The spec is not sent again, so nobody's change of it is undone or hidden.
  statusWrite: ({ uid, resourceVersion }, status) => ({
    method: "PATCH",
    contentType: mergePatch,
    body: { metadata: { uid, resourceVersion }, data: { status: JSON.stringify(status) } },
  }),
  deletion: (at, seen) => ({
    method: "PATCH",
    contentType: mergePatch,
    body: {
      metadata: {
        uid: seen?.uid,
        resourceVersion: seen?.resourceVersion,
        annotations: { [deletedAnnotation]: at },
      },
    },
  }),
}

/** An Execution's spec cannot be changed; a ConfigMap's can, so that is noticed and said. */
function changeOf(name: string, spec: string, hash: string | undefined): string | undefined {
  if (hash === undefined || hash === hashText(spec)) return undefined
  return `The spec in the ConfigMap "${name}" was changed after the run began. A run keeps the spec it began with: run the new text as another run.`
}

function parsed(text: unknown): Json | undefined {
  if (typeof text !== "string") return undefined
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
