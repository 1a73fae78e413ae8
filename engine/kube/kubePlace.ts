import type { Cluster } from "../cluster.ts"
import { ClusterError } from "../clusterError.ts"
import type { KubeRequest, PlaceInfo } from "../protocol.ts"
import { connect } from "./connection.ts"
import { KubeCluster } from "./kubeCluster.ts"
import { defaultKubeconfig, loadKubeconfig } from "./kubeconfig.ts"

/** Finds the context and namespace somebody means, and looks if the cluster knows Executions. */
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
  try {
    await connection.request({ method: "GET", path: "/apis/execution.kubegene.io/v1alpha1" })
  } catch (error) {
    await connection.close()
    if (error instanceof ClusterError && error.kind === "not-found") {
      throw new ClusterError(
        "not-found",
        `The cluster of "${context}" does not know Executions yet. Install the definition first: kube-executions install --context ${context}.`,
        undefined,
        { fault: "no-definition", context },
      )
    }
    throw error
  }
  return {
    info: {
      id: JSON.stringify(["kube", kubeconfig, context, namespace]),
      kind: "kube",
      kubeconfig,
      context,
      namespace,
      server: connection.server,
    },
    cluster: new KubeCluster(connection, { namespace, withPlain: true }),
  }
}
