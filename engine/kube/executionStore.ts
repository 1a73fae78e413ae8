import { executionApi } from "#core/plan/execution"
import { type JsonObject, objectOf } from "#core/plan/json"
import { mergePatch, type RunStore } from "./runStore.ts"

export const executionsApi = `/apis/${executionApi.apiVersion}`

/** Runs as Execution objects: how it is where the cluster knows the definition. */
export const executionStore: RunStore = {
  apiVersion: executionApi.apiVersion,
  kind: executionApi.kind,
  isBlockedByJobs: true,
  path: (namespace) =>
    namespace === ""
      ? `${executionsApi}/${executionApi.plural}`
      : `${executionsApi}/namespaces/${namespace}/${executionApi.plural}`,
  objectName: (run) => run,
  read: (raw) => {
    const { uid, resourceVersion, namespace, name } = raw.metadata
    // Who wrote which field is as long as the status itself, and nobody asks for it here.
    const { managedFields: _, ...metadata } = objectOf(raw.metadata)
    const object: JsonObject = { ...objectOf(raw), metadata }
    return { key: `${namespace}/${name}`, uid, resourceVersion, object }
  },
  creation: (execution) => ({ query: { fieldValidation: "Warn" }, body: execution }),
  statusWrite: ({ object, uid, resourceVersion }, status) => {
    const { name, namespace } = objectOf(object.metadata)
    return {
      method: "PUT",
      part: "/status",
      body: {
        // The spec may be left out here: only the status of what is sent counts.
        apiVersion: object.apiVersion,
        kind: object.kind,
        metadata: { name, namespace, uid, resourceVersion },
        status,
      },
    }
  },
  deletion: (_at, seen) => {
    const only = seen && { uid: seen.uid, resourceVersion: seen.resourceVersion }
    return { method: "DELETE", body: { propagationPolicy: "Foreground", preconditions: only } }
  },
}

/** Adds annotations to the object of a run, whatever it is kept in. */
export function annotation(annotations: Readonly<Record<string, string>>) {
  return { method: "PATCH", contentType: mergePatch, body: { metadata: { annotations } } } as const
}
