import { listOf, objectOf, textOf } from "#core/plan/json"
import { ClusterError } from "../clusterError.ts"
import type { ClusterNames, KubeconfigLook, KubeRequest } from "../protocol.ts"
import { type Connection, connect } from "./connection.ts"
import { kubeconfigFiles, loadKubeconfig } from "./kubeconfig.ts"

/** What a kubeconfig offers; one that cannot be read says why. */
export function lookAtKubeconfig(paths: string | undefined): KubeconfigLook {
  const files = kubeconfigFiles(paths)
  try {
    const config = loadKubeconfig(paths)
    return {
      files,
      contexts: config.contexts.map(({ name, cluster, user, namespace }) => {
        return { name, cluster, user, namespace }
      }),
      current: config.currentContext || undefined,
    }
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    return { files, contexts: [], current: undefined, problem: error.message }
  }
}

export async function lookAtNamespaces(request: KubeRequest): Promise<{
  readonly namespaces: readonly string[]
  readonly problem?: string
}> {
  return withConnection(request, async (connection) => {
    try {
      return { namespaces: await names(connection, "/api/v1/namespaces") }
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error
      return { namespaces: [], problem: error.message }
    }
  })
}

/** Each list for itself: one that is refused is empty, and takes no other down. */
export async function lookAtNames(request: KubeRequest): Promise<ClusterNames> {
  return withConnection(request, async (connection, namespace) => {
    const core = `/api/v1/namespaces/${namespace}`
    const allowed = async (list: Promise<readonly string[]>): Promise<readonly string[]> => {
      try {
        return await list
      } catch (error) {
        if (!(error instanceof ClusterError)) throw error
        return []
      }
    }
    const [claims, storageClasses, serviceAccounts, secrets, images] = await Promise.all([
      allowed(names(connection, `${core}/persistentvolumeclaims`)),
      allowed(names(connection, "/apis/storage.k8s.io/v1/storageclasses")),
      allowed(names(connection, `${core}/serviceaccounts`)),
      allowed(names(connection, `${core}/secrets`)),
      allowed(imagesOfPods(connection, `${core}/pods`)),
    ])
    return { claims, storageClasses, serviceAccounts, secrets, images }
  })
}

const mostNames = 500

/** Names alone: what a secret holds never leaves the API server. */
async function names(connection: Connection, path: string): Promise<readonly string[]> {
  const query = { limit: mostNames }
  const accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
  const answer = await connection.request({ method: "GET", path, query, accept })
  return listOf(objectOf(answer).items)
    .flatMap((item) => textOf(objectOf(objectOf(item).metadata).name) ?? [])
    .sort()
}

async function imagesOfPods(connection: Connection, path: string): Promise<readonly string[]> {
  const answer = await connection.request({ method: "GET", path, query: { limit: mostNames } })
  const images = listOf(objectOf(answer).items).flatMap((pod) =>
    listOf(objectOf(objectOf(pod).spec).containers).flatMap(
      (container) => textOf(objectOf(container).image) ?? [],
    ),
  )
  return [...new Set(images)].sort()
}

async function withConnection<T>(
  request: KubeRequest,
  work: (connection: Connection, namespace: string) => Promise<T>,
): Promise<T> {
  const config = loadKubeconfig(request.kubeconfig)
  const context = request.context ?? config.currentContext
  const namespace = request.namespace ?? config.getContextObject(context)?.namespace ?? "default"
  const connection = connect(config, context)
  try {
    return await work(connection, namespace)
  } finally {
    await connection.close()
  }
}
