import { expect, test, vi } from "vitest"
import { tickMs } from "./claims.ts"
import { ClusterDriver } from "./clusterDriver.ts"
import { MemoryCluster } from "./memory/memoryCluster.ts"

test("only runs that are over and the cluster's own are deleted by the settings", async () => {
  const began = () => Date.parse("2026-01-01T09:00:00Z")
  const cluster = new MemoryCluster(async () => undefined, began)
  const make = async (name: string, finishedAt: string | null, driver: string) => {
    const made = await cluster.createExecution({
      metadata: {
        name,
        namespace: "gene",
        annotations: { "execution.kubegene.io/driver": driver },
      },
    })
    await cluster.writeStatus(made, { phase: finishedAt ? "Succeeded" : "Running", finishedAt })
  }
  await make("old", "2026-01-01T10:00:00Z", "cluster")
  await make("new", "2026-01-01T10:09:00Z", "cluster")
  await make("running", null, "cluster")
  await make("of-a-machine", "2026-01-01T10:00:00Z", "local-1")
  const said: string[] = []
  const driver = (ttlSeconds: number | undefined) =>
    new ClusterDriver({
      cluster: cluster.door(),
      self: { kind: "cluster", id: "one", name: "one", holder: "one" },
      namespace: "gene",
      retention: { ttlSeconds, keepLast: undefined },
      log: (line) => said.push(line),
      lost: () => {},
    })
  const now = Date.parse("2026-01-01T10:10:00Z")
  await driver(undefined).clean(now)
  expect([...cluster.runs()]).toHaveLength(4)
  await driver(300).clean(now)
  expect([...cluster.runs()]).toEqual(["gene/new", "gene/running", "gene/of-a-machine"])
  expect(said).toEqual(["gene/old: deleted, as the settings say of runs that are over"])
})

test("nothing is driven before all that there is was listed, though the Lease moves from the start", async () => {
  vi.useFakeTimers()
  try {
    const cluster = new MemoryCluster(async () => undefined, Date.now)
    await cluster.createExecution({
      apiVersion: "execution.kubegene.io/v1alpha1",
      kind: "Execution",
      metadata: { name: "e", namespace: "gene" },
      spec: { tasks: [{ name: "a", type: "Job", image: "busybox", commandSet: ["true"] }] },
    })
    const listed = Promise.withResolvers<void>()
    const door = cluster.door()
    // The run is shown at once, and its Jobs are still to come.
    const slow = new Proxy(door, {
      get: (target, name) => {
        if (name !== "start") return Reflect.get(target, name)
        return async (listener: Parameters<typeof door.start>[0]) => {
          await listed.promise
          await door.start(listener)
        }
      },
    })
    const driver = new ClusterDriver({
      cluster: slow,
      self: { kind: "cluster", id: "one", name: "one", holder: "one" },
      namespace: "gene",
      log: () => {},
      lost: () => {},
    })
    const started = driver.start()
    const versions = new Set<string | undefined>()
    for (let time = 0; time < 20_000; time += tickMs) {
      await vi.advanceTimersByTimeAsync(tickMs)
      versions.add((await cluster.readLease("gene", "one"))?.version)
    }
    expect(versions.size).toBeGreaterThan(2)
    expect(cluster.execution("gene/e")?.object.status).toBeUndefined()
    expect(cluster.world("gene/e").jobs.size).toBe(0)
    listed.resolve()
    await started
    await vi.advanceTimersByTimeAsync(tickMs)
    expect(cluster.world("gene/e").jobs.has("e.a.0")).toBe(true)
    await driver.stop()
  } finally {
    vi.useRealTimers()
  }
})
