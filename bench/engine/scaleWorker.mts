import { objectOf } from "#core/plan/json"
import { openKubePlace } from "#engine/kube/kubePlace"
import { leanHeap } from "#engine/leanHeap"
import { OpenedPlace } from "#engine/openedPlace"

export interface ScaleOrder {
  readonly kubeconfig: string
  readonly namespace: string
  readonly execution: object
}

export interface ScaleCost {
  readonly phase: string
  readonly cpuMs: number
  readonly peakMb: number
  /** Before it knew of the run. */
  readonly idleMb: number
  /** The Execution as it is stored, at its largest. */
  readonly objectBytes: number
}

// As the engine of a machine: a process of its own, made of its bundle, that also tells windows.
process.once("message", (order: ScaleOrder) => {
  drive(order).then(
    (cost) => process.send?.(cost, () => process.exit(0)),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})

async function drive({ kubeconfig, namespace, execution }: ScaleOrder): Promise<ScaleCost> {
  leanHeap()
  const { info, cluster } = await openKubePlace({ kind: "kube", kubeconfig, namespace })
  const id = "bench"
  const self = { kind: "cluster", id, name: id, holder: id } as const
  const place = new OpenedPlace(info, cluster, self, (line) => console.error(line))
  await place.start()
  const before = process.cpuUsage()
  const idleMb = process.resourceUsage().maxRSS / 1024
  const { key } = await cluster.createExecution(execution as never)
  const never = new AbortController().signal
  let objectBytes = 0
  let looked = 0
  for (;;) {
    const stored = cluster.execution(key)
    const { finishedAt, phase } = objectOf(stored?.object.status)
    const isOver = typeof finishedAt === "string"
    // Seldom: what is measured must not be what is paid for.
    if (isOver || performance.now() - looked > 10_000) {
      objectBytes = Math.max(objectBytes, JSON.stringify(stored?.object ?? null).length)
      looked = performance.now()
    }
    if (!isOver) {
      await place.nextChange(never)
      continue
    }
    const { user, system } = process.cpuUsage(before)
    const peakMb = process.resourceUsage().maxRSS / 1024
    await place.stop()
    return { phase: String(phase), cpuMs: (user + system) / 1000, peakMb, idleMb, objectBytes }
  }
}
