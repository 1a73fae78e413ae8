import { listOf, objectOf } from "#core/plan/json"
import { ClusterError } from "../clusterError.ts"
import { configMapStore } from "./configMapStore.ts"
import type { Connection } from "./connection.ts"
import { executionStore, executionsApi } from "./executionStore.ts"
import type { RunStores } from "./runStore.ts"

/**
 * What the runs of a namespace are kept in, for people: Executions where the cluster knows them, else
 * ConfigMaps if somebody wished that or runs are kept so already. Undefined: nobody chose yet.
 */
export async function chooseStores(
  connection: Connection,
  namespace: string,
  withoutDefinition: boolean,
): Promise<RunStores | undefined> {
  if (await knowsExecutions(connection)) {
    const isMixed = await hasSeenRecords(connection, namespace)
    return { first: executionStore, ...(isMixed ? { other: configMapStore } : {}) }
  }
  if (withoutDefinition) return { first: configMapStore }
  // Who may not see ConfigMaps has to be told of the definition first.
  const isChosen = await hasSeenRecords(connection, namespace)
  return isChosen ? { first: configMapStore } : undefined
}

/** For a driver in the cluster, which takes runs however they are kept, also when the definition comes later. */
export async function driverStores(connection: Connection): Promise<RunStores> {
  const isKnown = await knowsExecutions(connection)
  return isKnown
    ? { first: executionStore, other: configMapStore }
    : { first: configMapStore, other: executionStore }
}

export async function knowsExecutions(connection: Connection): Promise<boolean> {
  try {
    await connection.request({ method: "GET", path: executionsApi })
    return true
  } catch (error) {
    if (error instanceof ClusterError && error.kind === "not-found") return false
    throw error
  }
}

/** What fails for a moment says nothing: runs that are kept so must not be overlooked. */
async function hasSeenRecords(connection: Connection, namespace: string): Promise<boolean> {
  try {
    return await hasRecords(connection, namespace)
  } catch (error) {
    if (error instanceof ClusterError && error.kind === "forbidden") return false
    throw error
  }
}

async function hasRecords(connection: Connection, namespace: string): Promise<boolean> {
  const { path, labelSelector } = configMapStore
  const query = { labelSelector, limit: 1 }
  const answer = await connection.request({ method: "GET", path: path(namespace), query })
  return listOf(objectOf(answer).items).length > 0
}
