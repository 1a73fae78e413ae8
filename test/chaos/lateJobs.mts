import type { Cluster } from "../cluster/cluster.mts"
import type { DriverProcess } from "../cluster/driverProcess.mts"
import { type Execution, executionsPath } from "../cluster/engine.mts"
import { until } from "../cluster/until.mts"
import { executionOf } from "../crash/workflow.mts"

const name = "wide"
const limitMs = 300_000
/** After its first sign of life a driver has looked anew; after the next ones its last request is answered. */
const signsOfLife = 3

type Claimed = Execution & {
  readonly status?: { readonly driver?: { readonly id: string } }
}

/**
 * A driver stands still while it has far more Jobs to ask for than go through at once, a person stops
 * the run, another driver ends it, and the first one goes on where it was. The judge tells from the
 * log whether a Job was left working. Answers false when all was asked for before that could happen.
 */
export async function freezeStopThaw(
  { api }: Cluster,
  namespace: string,
  drivers: readonly DriverProcess[],
): Promise<boolean> {
  const path = executionsPath(namespace, name)
  // Nothing of it ever works, so that two hundred Jobs cost next to nothing.
  const pods = { spec: { nodeSelector: { nowhere: "at-all" } }, outcomes: {} }
  const commands = Array.from({ length: 200 }, () => "true")
  const workflow = { tasks: { a: commands }, rightEnd: {} }
  await api.create(executionsPath(namespace), executionOf(name, workflow, undefined, pods))
  const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs?labelSelector=execution.kubegene.io/execution=${name}`
  const count = async () => (await api.get<{ items: readonly object[] }>(jobs)).items.length
  const id = await until("somebody drives it and has begun", async () => {
    const { status } = await api.get<Claimed>(path)
    return (await count()) > 0 && status?.driver?.id
  })
  const driver = drivers.find((one) => one.id === id)
  if (driver === undefined) throw new Error(`nobody knows the driver "${id}" of "${name}"`)
  driver.signal("SIGSTOP")
  try {
    if ((await count()) === commands.length) return false
    const wish = { id: crypto.randomUUID(), by: "anna" }
    const annotations = { "execution.kubegene.io/stop": JSON.stringify(wish) }
    await api.patch(path, { metadata: { annotations } })
    await until(
      "another one has ended it",
      async () => Boolean((await api.get<Claimed>(path)).status?.finishedAt),
      limitMs,
    )
  } finally {
    driver.signal("SIGCONT")
  }
  const lease = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${driver.id}`
  const seen = new Set<string>()
  await until(
    "the driver that stood still is there again",
    async () => {
      seen.add((await api.get<Versioned>(lease)).metadata.resourceVersion)
      return seen.size > signsOfLife
    },
    limitMs,
  )
  await until(
    "what it asked for late is deleted",
    async () => (await api.get<{ items: readonly Job[] }>(jobs)).items.every(isLeaving),
    limitMs,
  )
  return true
}

function isLeaving({ metadata, status }: Job): boolean {
  const hasEnded = status?.conditions?.some(
    ({ type, status }) => status === "True" && (type === "Complete" || type === "Failed"),
  )
  return hasEnded || metadata.deletionTimestamp !== undefined
}

interface Versioned {
  readonly metadata: { readonly resourceVersion: string }
}

interface Job {
  readonly metadata: { readonly deletionTimestamp?: string }
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[]
  }
}
