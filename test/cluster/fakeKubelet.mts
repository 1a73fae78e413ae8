import { randomBytes } from "node:crypto"
import { setTimeout as pause } from "node:timers/promises"
import { type Api, ApiError, connect } from "./api.mts"
import { fakeNodeLabel, lostNodes, registerNodes, removeNodes, renewLeases } from "./fake/nodes.mts"
import {
  endStatus,
  type Outcome,
  orderOf,
  outcomeAnnotation,
  type Pod,
  runningStatus,
  waitingForImageStatus,
} from "./fake/pod.mts"

/**
 * A kubelet with nodes but no containers, for scale: pods on its nodes get the status that a real
 * kubelet would write, as their annotations order (see fake/pod.mts), with one PATCH for the end.
 */
export interface FakeKubelet {
  readonly nodes: readonly string[]
  /** For a pod's spec: lets the scheduler put the pod on these nodes and on no other. */
  readonly placement: object
  /** How many pods it has brought to their end. */
  ended(): number
  /** Changes what a pod is to do, also one that hangs. */
  order(namespace: string, pod: string, outcome: string): Promise<void>
  /** Removes its nodes and what is left of pods on them. */
  stop(): Promise<void>
}

export async function startFakeKubelet({
  kubeconfig,
  nodes: count,
}: {
  kubeconfig: string
  nodes: number
}): Promise<FakeKubelet> {
  const api = await connect(kubeconfig)
  const owner = randomBytes(3).toString("hex")
  await removeNodes(api, await lostNodes(api))
  const nodes = await registerNodes(api, owner, count)
  const worker = new PodWorker(api, new Set(nodes))
  const stopping = new AbortController()
  const following = follow(api, stopping.signal, worker)
  const renewal = setInterval(() => void renewLeases(api, nodes), 10_000)
  return {
    nodes,
    placement: {
      nodeSelector: { [fakeNodeLabel]: owner },
      tolerations: [{ key: fakeNodeLabel, operator: "Exists" }],
    },
    ended: () => worker.ended,
    order: async (namespace, pod, outcome) => {
      await api.patch(`/api/v1/namespaces/${namespace}/pods/${pod}`, {
        metadata: { annotations: { [outcomeAnnotation]: outcome } },
      })
    },
    stop: async () => {
      clearInterval(renewal)
      stopping.abort()
      worker.stop()
      await following
      await worker.removeRest()
      await removeNodes(api, nodes)
      api.close()
    },
  }
}

/** Shows every bound pod as it is now and after each change, through lost links and expired versions. */
async function follow(api: Api, signal: AbortSignal, worker: PodWorker): Promise<void> {
  const path = "/api/v1/pods"
  const bound = "fieldSelector=spec.nodeName!%3D"
  while (!signal.aborted) {
    try {
      const list = await api.get<{ metadata: { resourceVersion: string }; items: Pod[] }>(
        `${path}?${bound}`,
      )
      for (const pod of list.items) worker.look(pod)
      let version: string | undefined = list.metadata.resourceVersion
      while (version !== undefined) {
        const from: string = version
        const query = `${bound}&watch=1&allowWatchBookmarks=true&resourceVersion=${from}`
        await api.watch<Pod>(`${path}?${query}`, signal, ({ type, object }) => {
          version = type === "ERROR" ? undefined : object.metadata.resourceVersion
          if (type === "ADDED" || type === "MODIFIED") worker.look(object)
          if (type === "DELETED") worker.forget(object)
        })
      }
    } catch (error) {
      if (signal.aborted) return
      if (!isPassing(error)) throw error
      await pause(200)
    }
  }
}

/** What was begun for a pod: news that say the same start nothing new. */
interface Begun {
  readonly order: string
  readonly startedAt: string
  readonly cancel: AbortController
  readonly work: Promise<void>
}

class PodWorker {
  ended = 0
  readonly #api: Api
  readonly #nodes: ReadonlySet<string>
  readonly #begun = new Map<string, Begun>()
  #stopped = false

  constructor(api: Api, nodes: ReadonlySet<string>) {
    this.#api = api
    this.#nodes = nodes
  }

  look(pod: Pod): void {
    const { uid, deletionTimestamp, annotations } = pod.metadata
    if (this.#stopped || !this.#nodes.has(pod.spec.nodeName ?? "")) return
    const isDeleted = deletionTimestamp !== undefined
    const order = isDeleted ? "delete" : (annotations?.[outcomeAnnotation] ?? "")
    const before = this.#begun.get(uid)
    if (before?.order === order || (isOver(pod) && !isDeleted)) return
    before?.cancel.abort()
    const startedAt = before?.startedAt ?? new Date().toISOString()
    const cancel = new AbortController()
    // A pod's writes go one after the other, or a slow "runs" would arrive after its end.
    const work = (before?.work ?? Promise.resolve()).then(() =>
      isDeleted ? this.#letGo(pod, startedAt) : this.#carryOut(pod, startedAt, cancel.signal),
    )
    this.#begun.set(uid, { order, startedAt, cancel, work })
  }

  forget({ metadata: { uid } }: Pod): void {
    this.#begun.get(uid)?.cancel.abort()
    this.#begun.delete(uid)
  }

  stop(): void {
    this.#stopped = true
    for (const { cancel } of this.#begun.values()) cancel.abort()
  }

  /** Nobody would ever finish these once the nodes are gone. */
  async removeRest(): Promise<void> {
    const { items } = await this.#api.get<{ items: Pod[] }>("/api/v1/pods")
    const rest = items.filter(({ spec }) => this.#nodes.has(spec.nodeName ?? ""))
    await Promise.all(rest.map((pod) => this.#remove(pod)))
  }

  async #carryOut(pod: Pod, startedAt: string, cancelled: AbortSignal): Promise<void> {
    const { outcome, runsForMs } = orderOf(pod)
    if (outcome.kind === "no-image") {
      return await this.#write(pod, waitingForImageStatus(pod, startedAt))
    }
    const endsAt = Date.parse(startedAt) + runsForMs
    if (outcome.kind === "hang" || endsAt > Date.now()) {
      await this.#write(pod, runningStatus(pod, startedAt))
      if (outcome.kind === "hang") return
      await pause(Math.max(0, endsAt - Date.now()), undefined, { signal: cancelled }).catch(
        () => undefined,
      )
    }
    if (cancelled.aborted) return
    await this.#write(pod, endStatus(pod, outcome, startedAt, new Date().toISOString()))
    this.ended++
  }

  /** As a real kubelet: first the containers' end, then the object. */
  async #letGo(pod: Pod, startedAt: string): Promise<void> {
    if (!isOver(pod)) {
      const killed: Outcome = { kind: "fail", exitCode: 137 }
      await this.#write(pod, endStatus(pod, killed, startedAt, new Date().toISOString()))
    }
    await this.#remove(pod)
  }

  async #write({ metadata }: Pod, status: object): Promise<void> {
    await this.#untilAccepted(() =>
      this.#api.patch(
        `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}/status`,
        { metadata: { uid: metadata.uid }, status },
        "strategic-merge",
      ),
    )
  }

  async #remove({ metadata }: Pod): Promise<void> {
    await this.#untilAccepted(() =>
      this.#api.remove(`/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`, {
        gracePeriodSeconds: 0,
        preconditions: { uid: metadata.uid },
      }),
    )
  }

  /** Tries again through restarts of the API server; a pod that is gone or another by now is no news. */
  async #untilAccepted(call: () => Promise<unknown>): Promise<void> {
    for (let wait = 50; ; wait = Math.min(wait * 2, 2000)) {
      try {
        await call()
        return
      } catch (error) {
        if (error instanceof ApiError && (error.status === 404 || error.status === 409)) return
        if (!isPassing(error)) throw error
        if (this.#stopped) return
        await pause(wait)
      }
    }
  }
}

const isOver = ({ status }: Pod): boolean =>
  status.phase === "Succeeded" || status.phase === "Failed"

/** What a cluster under load or an API server that restarts may answer; anything else is a bug here. */
const isPassing = (error: unknown): boolean =>
  !(error instanceof ApiError) ||
  error.status === 429 ||
  error.status === 410 ||
  error.status >= 500
