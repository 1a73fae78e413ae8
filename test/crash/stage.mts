import { statSync } from "node:fs"
import path from "node:path"
import { ApiError } from "../cluster/api.mts"
import type { Cluster } from "../cluster/cluster.mts"
import { executionsPath } from "../cluster/engine.mts"
import { type EngineProcess, startEngineProcess } from "../cluster/engineProcess.mts"
import type { FakeKubelet } from "../cluster/fakeKubelet.mts"
import { writeKubeconfig } from "../cluster/logins.mts"
import type { Run } from "../support/run.mts"
import { type Answer, type ApiProxy, type Call, type Hooks, openProxy } from "./apiProxy.mts"
import { type Followed, followRun } from "./followRun.mts"
import { verdictOf } from "./verdict.mts"
import { executionOf, fakeOutcomes, printed, thirty } from "./workflow.mts"

/** What all rounds share. */
export interface World {
  readonly bed: Cluster
  readonly fake: FakeKubelet
  readonly processes: Run
}

/** One run in a namespace of its own, its engine, and the proxy between that and the API server. */
export interface Stage {
  readonly world: World
  readonly namespace: string
  readonly proxy: ApiProxy
  readonly run: Followed
  engine(): EngineProcess
  /** Kills the engine, and starts another one in the same home. Resolves once the first one is dead. */
  replaceEngine(): Promise<void>
  /** Rejects when what was started in the background went wrong. */
  readonly trouble: Promise<never>
  /** What the judge says, who knows nothing but the API server's log. */
  verdict(): Promise<readonly string[]>
  close(): Promise<void>
}

/** What is to go with the namespace, though it lies in none. */
export async function ownedBy({ world, namespace }: Stage): Promise<readonly object[]> {
  const path = `/api/v1/namespaces/${namespace}`
  const { metadata } = await world.bed.api.get<{ metadata: { uid: string } }>(path)
  return [{ apiVersion: "v1", kind: "Namespace", name: namespace, uid: metadata.uid }]
}

export interface StageOptions {
  readonly outcomes?: Readonly<Record<string, string>>
  readonly user?: (namespace: string) => Promise<object>
  /** Options of the engine's Node. */
  readonly node?: readonly string[]
}

/** Creates the run and starts an engine on it; from its first request on the hooks are asked. */
export async function openStage(
  world: World,
  hooksOf: (stage: Stage) => Hooks,
  { outcomes = {}, user, node = [] }: StageOptions = {},
): Promise<Stage> {
  const { bed, fake, processes } = world
  const from = statSync(bed.auditLog).size
  const namespace = await bed.namespace("crash")
  const { name } = namespace
  const trouble = Promise.withResolvers<never>()
  trouble.promise.catch(() => {})
  const proxy = await openProxy(bed.kubeconfig, trouble.reject)
  const kubeconfig = await writeKubeconfig(bed, path.join(processes.folder, `${name}.yaml`), {
    user: (await user?.(name)) ?? {},
    cluster: proxy.cluster,
  })
  const request = { kind: "kube", kubeconfig, namespace: name } as const
  let engine = await startEngineProcess(processes, name, node)
  let isClosed = false
  const open = () => {
    // Whoever is killed while it opens a place does not answer.
    engine.call("place/open", request).catch((error: unknown) => {
      if (error instanceof Error && /disposed|closed/.test(error.message)) return
      if (!isClosed) trouble.reject(error)
    })
  }
  await bed.api.create(
    executionsPath(name),
    executionOf("run", thirty, engine.driver, {
      spec: { ...fake.placement, nodeName: fake.nodes[0] },
      outcomes: { ...fakeOutcomes, ...outcomes },
    }),
  )
  const run = followRun(bed.api, name, "run")
  const stage: Stage = {
    world,
    namespace: name,
    proxy,
    run,
    engine: () => engine,
    replaceEngine: async () => {
      await engine.kill()
      startEngineProcess(processes, name, node).then(
        (next) => {
          engine = next
          open()
        },
        (error: unknown) => {
          if (!isClosed) trouble.reject(error)
        },
      )
    },
    trouble: trouble.promise,
    verdict: () => verdictOf(bed.auditLog, name, from),
    close: async () => {
      isClosed = true
      run.close()
      await engine.kill()
      await proxy.close()
      await namespace.remove().catch((error: unknown) => {
        if (!(error instanceof ApiError && error.status === 404)) throw error
      })
    },
  }
  const own = hooksOf(stage)
  proxy.hooks = {
    before: async (call) => (await own.before?.(call)) ?? fakeLog(call),
    ...(own.after && { after: own.after }),
  }
  open()
  return stage
}

/** A pod on a fake node has no kubelet that could be asked for its log. */
function fakeLog({ kind }: Call): Answer | undefined {
  return kind === "read a log" ? { kind: "said", status: 200, body: `${printed}\n` } : undefined
}
