import { ClusterError, type ClusterErrorKind } from "#engine/clusterError"
import { UserError } from "#engine/userError"
import { ColonyError, type ColonyErrorKind } from "../client/colonyError.ts"
import { StorageError } from "../files/fileStore.ts"

/** What a server or its storage refuses, in the words that everybody who looks at places knows. */
export async function translated<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof ColonyError) throw clusterError(error)
    if (error instanceof StorageError) throw new UserError(error.message)
    throw error
  }
}

export function clusterError({ kind, message }: ColonyError): ClusterError {
  return new ClusterError(clusterKinds[kind], message)
}

const clusterKinds: Readonly<Record<ColonyErrorKind, ClusterErrorKind>> = {
  nothing: "not-found",
  "not-found": "not-found",
  forbidden: "forbidden",
  invalid: "invalid",
  busy: "busy",
  server: "server",
  offline: "offline",
  config: "config",
}
