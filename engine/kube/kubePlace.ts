import type { Cluster } from "../cluster.ts"
import { ClusterError } from "../clusterError.ts"
import type { KubeRequest, PlaceInfo } from "../protocol.ts"
import { chooseStores } from "./chooseStores.ts"
import { configMapStore } from "./configMapStore.ts"
import { type Connection, connect } from "./connection.ts"
import { KubeCluster } from "./kubeCluster.ts"
import { defaultKubeconfig, loadKubeconfig } from "./kubeconfig.ts"
import type { RunStores } from "./runStore.ts"

/** Finds the context and namespace somebody means, and what runs are kept in there. */
export async function openKubePlace(
  request: KubeRequest,
): Promise<{ info: PlaceInfo; cluster: Cluster }> {
  const config = loadKubeconfig(request.kubeconfig)
  const context = request.context ?? config.currentContext
  if (!context) {
    throw new ClusterError(
      "config",
      "The kubeconfig has no current context. Choose one, or set it with kubectl config use-context.",
      undefined,
      { fault: "no-context" },
    )
  }
  const namespace = request.namespace ?? config.getContextObject(context)?.namespace ?? "default"
  const connection = connect(config, context, request.plugins)
  const kubeconfig = request.kubeconfig ?? defaultKubeconfig()
  const stores = await choose(connection, namespace, context, request).catch(async (error) => {
    await connection.close()
    throw error
  })
  return {
    info: {
      id: JSON.stringify(["kube", kubeconfig, context, namespace]),
      kind: "kube",
      kubeconfig,
      context,
      namespace,
      server: connection.server,
      ...(stores.first === configMapStore ? { caution: inConfigMaps(context, namespace) } : {}),
    },
    cluster: new KubeCluster(connection, { namespace, withPlain: true, stores }),
  }
}

async function choose(
  connection: Connection,
  namespace: string,
  context: string,
  { withoutDefinition = false }: KubeRequest,
): Promise<RunStores> {
  const stores = await chooseStores(connection, namespace, withoutDefinition)
  if (stores) return stores
  throw new ClusterError(
    "not-found",
    `The cluster of "${context}" does not know Executions yet. Install the definition: kube-executions install --context ${context}. Where you may not, keep runs in ConfigMaps: kube-executions run --without-definition.`,
    undefined,
    { fault: "no-definition", context },
  )
}

function inConfigMaps(context: string, namespace: string): string {
  return `The cluster of "${context}" does not know Executions, so runs are kept in ConfigMaps of "${namespace}". Delete a run here, not with kubectl: then its Jobs go first.`
}
