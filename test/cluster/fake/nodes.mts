import type { Api } from "../api.mts"
import { ApiError } from "../api.mts"

/** Label and taint of every fake node; the value names the fake kubelet that keeps it. */
export const fakeNodeLabel = "bed.kube-executions/fake-node"

interface Node {
  readonly metadata: { readonly name: string }
  readonly spec: { readonly taints?: readonly { readonly key: string }[] }
  readonly status: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[]
  }
}

/** Registers nodes that report themselves ready, and answers when the scheduler may use them. */
export async function registerNodes(api: Api, owner: string, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, index) => `fake-${owner}-${index}`)
  await Promise.all(names.map((name) => register(api, name, owner)))
  for (;;) {
    const nodes = await listNodes(api, `${fakeNodeLabel}=${owner}`)
    // The node controller takes away the taint "not-ready", with which every node begins.
    if (nodes.every(({ spec }) => spec.taints?.length === 1)) return names
  }
}

/** Renews every node's lease, without which the node controller calls a node lost after 50 s. */
export async function renewLeases(api: Api, names: readonly string[]): Promise<void> {
  const renewTime = new Date().toISOString().replace("Z", "000Z")
  await Promise.all(
    names.map((name) => api.patch(leasePath(name), { spec: { renewTime } }).catch(() => undefined)),
  )
}

export async function removeNodes(api: Api, names: readonly string[]): Promise<void> {
  await Promise.all(
    names.map(async (name) => {
      await forget(api, `/api/v1/nodes/${name}`)
      await forget(api, leasePath(name))
    }),
  )
}

/** Names of fake nodes whose fake kubelet died: nobody has renewed their lease for a while. */
export async function lostNodes(api: Api): Promise<string[]> {
  const nodes = await listNodes(api, fakeNodeLabel)
  return nodes
    .filter(({ status }) =>
      status.conditions?.some(({ type, status }) => type === "Ready" && status === "Unknown"),
    )
    .map(({ metadata }) => metadata.name)
}

async function register(api: Api, name: string, owner: string): Promise<void> {
  const now = new Date().toISOString()
  await api.create("/api/v1/nodes", {
    metadata: { name, labels: { [fakeNodeLabel]: owner, "kubernetes.io/hostname": name } },
    spec: { taints: [{ key: fakeNodeLabel, value: owner, effect: "NoSchedule" }] },
  })
  const room = { cpu: "1000", memory: "4Ti", "ephemeral-storage": "4Ti", pods: "10000" }
  await api.patch(`/api/v1/nodes/${name}/status`, {
    status: {
      capacity: room,
      allocatable: room,
      conditions: [
        {
          type: "Ready",
          status: "True",
          reason: "KubeletReady",
          message: "the bed's fake kubelet keeps this node",
          lastHeartbeatTime: now,
          lastTransitionTime: now,
        },
      ],
    },
  })
  await api.create("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases", {
    metadata: { name },
    spec: {
      holderIdentity: name,
      leaseDurationSeconds: 40,
      renewTime: now.replace("Z", "000Z"),
    },
  })
}

async function listNodes(api: Api, selector: string): Promise<readonly Node[]> {
  const query = new URLSearchParams({ labelSelector: selector })
  return (await api.get<{ items: readonly Node[] }>(`/api/v1/nodes?${query}`)).items
}

async function forget(api: Api, path: string): Promise<void> {
  await api.remove(path).catch((error: unknown) => {
    if (!(error instanceof ApiError && error.status === 404)) throw error
  })
}

const leasePath = (name: string): string =>
  `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${name}`
