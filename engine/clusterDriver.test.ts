import { expect, test } from "vitest"
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
