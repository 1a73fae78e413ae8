import type { Json, JsonObject } from "#core/plan/json"
import type { SeenVersion, StoredExecution } from "../cluster.ts"
import type { ApiRequest } from "./connection.ts"
import type { Identified } from "./listWatch.ts"

/** What kind of object a run is kept in, and how it is written. Pure: requests are data. */
export interface RunStore {
  readonly apiVersion: string
  readonly kind: string
  /** Whether its Jobs keep it from going before them: Kubernetes wants a right of its own for that. */
  readonly isBlockedByJobs: boolean
  readonly labelSelector?: string
  /** The collection in a namespace; "" is every namespace. */
  readonly path: (namespace: string) => string
  /** The name of the object that keeps the run of this name. */
  readonly objectName: (run: string) => string
  readonly read: (raw: Identified) => StoredExecution
  /** What is sent to create it from an Execution. */
  readonly creation: (execution: JsonObject) => Pick<ApiRequest, "query" | "body">
  /** Replaces the status if the object is still the one that was read. */
  readonly statusWrite: (run: StoredExecution, status: Json) => StoreWrite
  /** In the foreground: it is gone once everything it owns is gone. `seen`: of that version only. */
  readonly deletion: (at: string, seen?: SeenVersion) => StoreWrite
}

/** A request about one object of a store; `part` is what follows its name in the path. */
export interface StoreWrite extends Pick<ApiRequest, "method" | "body" | "contentType"> {
  readonly part?: string
}

export const mergePatch = "application/merge-patch+json"

/** Where the runs of a cluster are: new ones are kept in the first store. */
export interface RunStores {
  readonly first: RunStore
  /** Seen as far as it can be: there may be none of them, or no right to see them. */
  readonly other?: RunStore
}
