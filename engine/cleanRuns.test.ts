import { expect, test } from "vitest"
import { cleanRuns } from "./cleanRuns.ts"
import type { Cluster, StoredExecution } from "./cluster.ts"
import { MemoryCluster } from "./memory/memoryCluster.ts"

const now = Date.parse("2026-01-01T12:00:00Z")

/** One run that ended an hour ago, and what cleaning it with ten minutes to live does. */
async function world() {
  const cluster = new MemoryCluster(
    async () => undefined,
    () => now - 2 * 3_600_000,
  )
  const make = async () => {
    const made = await cluster.createExecution({ metadata: { name: "e", namespace: "gene" } })
    await cluster.writeStatus(made, { phase: "Succeeded", finishedAt: "2026-01-01T11:00:00Z" })
  }
  await make()
  const said: string[] = []
  const clean = async (more: Partial<Cluster> = {}) => {
    const door = new Proxy<Cluster>(cluster, {
      get: (target, name) => {
        const value: unknown = Reflect.get(more, name) ?? Reflect.get(target, name)
        return typeof value === "function" ? value.bind(target) : value
      },
    })
    const self = { kind: "cluster", id: "one", name: "one" } as const
    const retention = { ttlSeconds: 600, keepLast: undefined }
    await cleanRuns({ cluster: door, self, retention, log: (line) => said.push(line) }, now)
    return [...cluster.runs()]
  }
  return { cluster, make, clean, said }
}

test("a run whose time is over is deleted", async () => {
  const { clean, said } = await world()
  expect(await clean()).toEqual([])
  expect(said).toEqual(["gene/e: deleted, as the settings say of runs that are over"])
})

test("a run that somebody asked to try again is kept, though its end is long ago", async () => {
  const { cluster, clean } = await world()
  const wish = JSON.stringify({ id: "r", by: "anna", steps: [] })
  await cluster.annotate("gene/e", { "execution.kubegene.io/retry": wish })
  expect(await clean()).toEqual(["gene/e"])
})

test.each(["made anew", "changed"])("a run that was %s since it was seen is kept", async (how) => {
  const { cluster, make, clean, said } = await world()
  const old = cluster.execution("gene/e") as StoredExecution
  if (how === "changed") await cluster.annotate("gene/e", { note: "mine" })
  else {
    await cluster.deleteExecution("gene/e")
    await make()
  }
  expect(await clean({ execution: () => old })).toEqual(["gene/e"])
  expect(said).toEqual([])
})

test("a clock of ours that is ahead of the server's deletes nothing too soon", async () => {
  const { clean } = await world()
  const early = Date.parse("2026-01-01T11:05:00Z")
  expect(await clean({ serverTime: () => early })).toEqual(["gene/e"])
  expect(await clean({ serverTime: () => early + 600_000 })).toEqual([])
})
