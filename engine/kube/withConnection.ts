import type { KubeRequest } from "../protocol.ts"
import { type Connection, connect } from "./connection.ts"
import { loadKubeconfig } from "./kubeconfig.ts"

/** A connection for a few requests, closed when they are done. */
export async function withConnection<T>(
  request: KubeRequest,
  work: (connection: Connection, where: { context: string; namespace: string }) => Promise<T>,
): Promise<T> {
  const config = loadKubeconfig(request.kubeconfig)
  const context = request.context ?? config.currentContext
  const connection = connect(config, context, request.plugins)
  const namespace = request.namespace ?? config.getContextObject(context)?.namespace ?? "default"
  try {
    return await work(connection, { context, namespace })
  } finally {
    await connection.close()
  }
}
