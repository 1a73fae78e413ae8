import type { Cluster } from "./cluster.mts"
import { until } from "./until.mts"

/**
 * Lets a step go on whose command is `gate`. It may be over before kubectl hears of that, so a step
 * that ended well was let go, too.
 */
export async function openGate(cluster: Cluster, namespace: string, job: string): Promise<void> {
  await until(`"${job}" was let go`, async () => {
    const query = new URLSearchParams({ labelSelector: `job-name=${job}` })
    const { items } = await cluster.api.get<Pods>(`/api/v1/namespaces/${namespace}/pods?${query}`)
    if (items.some(({ status }) => hasEnded(status))) return true
    const [pod] = items
    if (pod === undefined) return false
    const touch = ["exec", "-n", namespace, pod.metadata.name, "--", "touch", "/tmp/open"]
    return (await cluster.kubectl(...touch)).code === 0
  })
}

function hasEnded({ phase, containerStatuses = [] }: PodStatus): boolean {
  return (
    phase === "Succeeded" || containerStatuses.some(({ state }) => state.terminated?.exitCode === 0)
  )
}

interface Pods {
  readonly items: readonly {
    readonly metadata: { readonly name: string }
    readonly status: PodStatus
  }[]
}

interface PodStatus {
  readonly phase?: string
  readonly containerStatuses?: readonly {
    readonly state: { readonly terminated?: { readonly exitCode: number } }
  }[]
}
