import { objectOf } from "#core/plan/json"
import { Controller } from "#engine/controller"
import { openKubePlace } from "#engine/kube/kubePlace"
import { type PeerPolicy, requeueing, withPolicy } from "./peerPolicy.mts"

/** What the bench asks of the engine's process. */
export interface Order {
  readonly kubeconfig: string
  readonly namespace: string
  readonly policy: PeerPolicy
  readonly execution: object
}

/** What one run cost the engine. */
export interface Cost {
  readonly phase: string
  readonly cpuMs: number
  readonly peakMb: number
}

// A process of its own, so that its processor time and memory are the engine's alone.
process.once("message", (order: Order) => {
  drive(order).then(
    (cost) => process.send?.(cost, () => process.exit(0)),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})

async function drive({ kubeconfig, namespace, policy, execution }: Order): Promise<Cost> {
  const opened = await openKubePlace({ kind: "kube", kubeconfig, namespace })
  const cluster = withPolicy(opened.cluster, policy)
  let look = (_run: string) => {}
  const start = cluster.start
  cluster.start = async (watcher) => {
    look = watcher.onRun
    await start(watcher)
  }
  const ended = Promise.withResolvers<string>()
  const controller = new Controller({
    cluster,
    now: Date.now,
    log: (line) => console.error(line),
    mayDrive: requeueing(policy, (run) => look(run)),
    onRun: (run) => {
      // Looked at as it is: reading a whole status at each event would be charged to the engine.
      const { finishedAt, phase } = objectOf(cluster.execution(run)?.object.status)
      if (typeof finishedAt === "string") ended.resolve(String(phase))
    },
    onStale: () => {},
  })
  await controller.start()
  const before = process.cpuUsage()
  await cluster.createExecution(execution as never)
  const phase = await ended.promise
  const { user, system } = process.cpuUsage(before)
  controller.stop()
  await cluster.close()
  return { phase, cpuMs: (user + system) / 1000, peakMb: process.resourceUsage().maxRSS / 1024 }
}
