import { randomBytes } from "node:crypto"
import { statSync } from "node:fs"
import type { Cluster } from "../cluster/cluster.mts"
import { type DriverProcess, startDriverProcess } from "../cluster/driverProcess.mts"
import { type Execution, executionsPath, type StoredStatus } from "../cluster/engine.mts"
import { until } from "../cluster/until.mts"
import { assertRightEnd } from "../crash/facts.mts"
import { type Followed, followRun } from "../crash/followRun.mts"
import { verdictOf } from "../crash/verdict.mts"
import { executionOf, nine } from "../crash/workflow.mts"
import type { Run } from "../support/run.mts"
import { type Blow, blowsOf, inWords } from "./blows.mts"
import { freezeStopThaw } from "./lateJobs.mts"
import { type TakeOver, takeOvers } from "./takeOvers.mts"

export interface Round {
  readonly seed: number
  /** Those that landed: a run may end before its time comes. */
  readonly blows: readonly Blow[]
  readonly takeOvers: readonly TakeOver[]
  /** Undefined: every run right, status equal to the facts, nothing left, and taken over in time. */
  readonly wrong: string | undefined
  readonly seconds: number
}

const names = ["x", "y"]
const limitMs = 300_000
/** Half a minute is promised, on a machine that has nothing else to do. */
const mostTakeOverSeconds = 90

/** Two drivers, two runs on real pods, and the blows of the seed. */
export async function playRound(bed: Cluster, processes: Run, seed: number): Promise<Round> {
  const began = performance.now()
  const from = statSync(bed.auditLog).size
  const namespace = await bed.namespace("chaos")
  const drivers = openDrivers(bed, processes, namespace.name)
  const runs = new Map<string, Followed>()
  const struck: Blow[] = []
  let wrong: string | undefined
  try {
    const moves = countMoves(bed, namespace.name)
    for (const name of names) {
      const object = executionOf(name, nine, undefined, { spec: {}, outcomes: {} })
      await bed.api.create(executionsPath(namespace.name), object)
      runs.set(name, followRun(bed.api, namespace.name, name))
    }
    const all = Promise.all(
      [...runs].map(async ([name, run]) => [name, await run.ended()] as const),
    )
    const blows = blowsOf(seed)
    const early = blows.filter(({ how }) => how !== "late")
    await Promise.all([strike(bed, namespace.name, early, struck, drivers, moves, all), all])
    moves.close()
    for (const blow of blows) {
      if (blow.how !== "late") continue
      if (await freezeStopThaw(bed, namespace.name, drivers.now)) struck.push(blow)
    }
    for (const [name, status] of await all) await settled(bed, namespace.name, name, status)
    await removeAll(bed, namespace.name)
    const verdict = await verdictOf(bed.auditLog, namespace.name, from)
    if (verdict.length > 0) throw new Error(verdict.join("\n"))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    wrong = `${namespace.name}: ${why}\n${struck.map(inWords).join("\n")}\n${drivers.said()}`
  } finally {
    for (const run of runs.values()) run.close()
    await drivers.close()
    await namespace.remove()
  }
  const hands = await takeOvers(bed.auditLog, namespace.name, from)
  const late = hands.find(({ seconds }) => seconds > mostTakeOverSeconds)
  wrong ??=
    late &&
    `${namespace.name}: "${late.run}" went from "${late.before}" to "${late.next}" only ${late.seconds.toFixed(1)} s after the last sign of life`
  return {
    seed,
    blows: struck,
    takeOvers: hands,
    wrong,
    seconds: (performance.now() - began) / 1000,
  }
}

async function settled(
  { api }: Cluster,
  namespace: string,
  name: string,
  ended: StoredStatus,
): Promise<void> {
  await assertRightEnd(api, namespace, name, nine, ended)
  const { status } = await api.get<Execution>(executionsPath(namespace, name))
  if (status) await assertRightEnd(api, namespace, name, nine, status)
}

/** As a person deletes runs; whoever drives them has to let go of them. */
async function removeAll({ api }: Cluster, namespace: string): Promise<void> {
  type Named = { readonly metadata: { readonly name: string } }
  const { items } = await api.get<{ items: readonly Named[] }>(executionsPath(namespace))
  for (const { metadata } of items) {
    const path = executionsPath(namespace, metadata.name)
    await api.remove(path, { propagationPolicy: "Foreground" })
  }
  const paths = [
    executionsPath(namespace),
    `/apis/batch/v1/namespaces/${namespace}/jobs`,
    `/api/v1/namespaces/${namespace}/pods`,
  ]
  for (const path of paths) {
    await until(
      `${path} is empty`,
      async () => {
        const { items } = await api.get<{ items: readonly object[] }>(path)
        return items.length === 0
      },
      limitMs,
    )
  }
}

async function strike(
  bed: Cluster,
  namespace: string,
  blows: readonly Blow[],
  struck: Blow[],
  drivers: Drivers,
  moves: Moves,
  ended: Promise<unknown>,
): Promise<void> {
  for (const blow of blows) {
    const { after, how, whom, heir } = blow
    const isOver = await Promise.race([ended.then(() => true), moves.more(after).then(() => false)])
    if (isOver) return
    struck.push(blow)
    switch (how) {
      case "kill":
      case "end":
        await Promise.all(whom.map((index) => drivers.replace(index, how, heir)))
        break
      case "freeze":
        for (const index of whom) {
          const { id } = drivers.at(index)
          drivers.at(index).signal("SIGSTOP")
          await until("another one has its runs", () => isFree(bed, namespace, id), limitMs)
          drivers.at(index).signal("SIGCONT")
        }
    }
  }
}

type Claimed = Execution & { readonly status?: { readonly driver?: { readonly id: string } } }

/** Whether no run that is not over is this driver's. */
async function isFree({ api }: Cluster, namespace: string, id: string): Promise<boolean> {
  const { items } = await api.get<{ items: readonly Claimed[] }>(executionsPath(namespace))
  return items.every(({ status }) => Boolean(status?.finishedAt) || status?.driver?.id !== id)
}

interface Drivers {
  readonly now: readonly DriverProcess[]
  at(index: 0 | 1): DriverProcess
  replace(index: 0 | 1, how: "kill" | "end", heir: Blow["heir"]): Promise<void>
  said(): string
  close(): Promise<void>
}

function openDrivers({ kubeconfig }: Cluster, processes: Run, namespace: string): Drivers {
  const all: DriverProcess[] = []
  const fresh = () => randomBytes(3).toString("hex")
  const start = (id: string, holder: string): DriverProcess => {
    const driver = startDriverProcess(processes, { kubeconfig, namespace, id, holder })
    all.push(driver)
    return driver
  }
  const now: [DriverProcess, DriverProcess] = [start("one", "one-a"), start("two", "two-a")]
  return {
    now,
    at: (index) => now[index],
    replace: async (index, how, heir) => {
      const { id, holder, kill, end } = now[index]
      await (how === "kill" ? kill() : end())
      const next = heir === "another id" ? `${id.slice(0, 3)}-${fresh()}` : id
      now[index] = start(next, heir === "same container" ? holder : `${next}-${fresh()}`)
    },
    said: () => all.map(({ holder, said }) => `${holder} said:\n${said()}`).join("\n"),
    close: async () => {
      await Promise.all(all.map(({ kill }) => kill()))
    },
  }
}

interface Moves {
  /** Resolves after so many more changes of Jobs. */
  more(count: number): Promise<void>
  close(): void
}

function countMoves({ api }: Cluster, namespace: string): Moves {
  const stop = new AbortController()
  const waiters = new Map<() => void, number>()
  const path = `/apis/batch/v1/namespaces/${namespace}/jobs?watch=true`
  const see = () => {
    for (const [resolve, left] of waiters) {
      waiters.set(resolve, left - 1)
      if (left > 1) continue
      waiters.delete(resolve)
      resolve()
    }
  }
  const follow = async () => {
    while (!stop.signal.aborted) await api.watch(path, stop.signal, see)
  }
  follow().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error
  })
  return {
    more: (count) =>
      new Promise((resolve) => {
        waiters.set(resolve, count)
      }),
    close: () => stop.abort(),
  }
}
