import { expect, test } from "vitest"
import type { RunView } from "#core/view/statusTree"
import { ClusterError } from "./clusterError.ts"
import { Controller } from "./controller.ts"
import { Driver } from "./driver.ts"
import { MemoryCluster } from "./memory/memoryCluster.ts"

const forbidden = 'You may not update executions/status in "gene" (user "ann").'

/** Takes no status, as a server does whose login lacks that right, until it is given. */
class Guarded extends MemoryCluster {
  tries = 0
  isAllowed = false

  override async writeStatus(...call: Parameters<MemoryCluster["writeStatus"]>): Promise<void> {
    this.tries++
    if (!this.isAllowed) throw new ClusterError("forbidden", forbidden)
    await super.writeStatus(...call)
  }
}

test("what a driver may not do is said of the run, tried seldom, and done once it may", async () => {
  let now = 0
  const said: string[] = []
  const changes = new Set<() => void>()
  const perform = async () => ({ exitCode: 0, log: "" })
  const cluster = new Guarded(perform, () => now)
  const controller = new Controller({
    cluster,
    now: () => now,
    log: (line) => said.push(line),
    mayDrive: () => true,
    onRun: () => {
      for (const change of changes) change()
    },
    onStale: () => {},
  })
  const until = (condition: (view: RunView | undefined) => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!condition(controller.driver("gene/e").view())) return
        changes.delete(look)
        resolve()
      }
      changes.add(look)
      look()
    })
  await controller.start()
  await cluster.createExecution({
    apiVersion: "execution.kubegene.io/v1alpha1",
    kind: "Execution",
    metadata: { name: "e", namespace: "gene" },
    spec: { tasks: [{ name: "a", type: "Job", image: "busybox", commandSet: ["true"] }] },
  })
  await until((view) => view?.trouble === forbidden)
  await until((view) => view?.tasks[0]?.phase === "succeeded")
  expect(cluster.tries).toBe(1)
  expect(said).toEqual([`gene/e: status: ${forbidden}`])
  cluster.isAllowed = true
  now += 1_000
  await until((view) => view?.finishedAt !== null && view?.trouble === undefined)
  controller.stop()
})

test("a pass that comes too early to try something again asks for one at the right time", async () => {
  let now = 0
  const asked: (number | undefined)[] = []
  const cluster = new Guarded(
    async () => ({ exitCode: 0, log: "" }),
    () => now,
  )
  await cluster.createExecution({
    apiVersion: "execution.kubegene.io/v1alpha1",
    kind: "Execution",
    metadata: { name: "e", namespace: "gene" },
    spec: { tasks: [{ name: "a", type: "Job", image: "busybox", commandSet: ["true"] }] },
  })
  const driver = new Driver("gene/e", {
    cluster,
    now: () => now,
    log: () => {},
    again: (_run, afterMs) => asked.push(afterMs),
    limit: (request) => request(),
  })
  await driver.pass()
  // Memory answers before anything else has its turn.
  await new Promise(setImmediate)
  expect(asked).toContain(1_000)
  asked.length = 0
  now += 400
  await driver.pass()
  expect(asked).toContain(600)
  expect(cluster.tries).toBe(1)
})

test("a Job that waited for its turn is not made once the run may not be ours any more", async () => {
  let isOurs = true
  const turn = Promise.withResolvers<void>()
  const cluster = new MemoryCluster(async () => undefined, Date.now)
  await cluster.createExecution({
    apiVersion: "execution.kubegene.io/v1alpha1",
    kind: "Execution",
    metadata: { name: "e", namespace: "gene" },
    spec: { tasks: [{ name: "a", type: "Job", image: "busybox", commandSet: ["true"] }] },
  })
  const passes: (number | undefined)[] = []
  const driver = new Driver("gene/e", {
    cluster,
    now: Date.now,
    log: () => {},
    again: (_run, afterMs) => passes.push(afterMs),
    limit: (request) => turn.promise.then(request),
    mayCreate: () => isOurs,
  })
  await driver.pass()
  isOurs = false
  turn.resolve()
  await new Promise(setImmediate)
  expect(cluster.world("gene/e").jobs.size).toBe(0)
  passes.length = 0
  await driver.pass()
  await new Promise(setImmediate)
  expect(cluster.world("gene/e").jobs.size).toBe(0)
  // Whoever says no says when to look again.
  expect(passes).toEqual([])
  isOurs = true
  await driver.pass()
  await new Promise(setImmediate)
  expect([...cluster.world("gene/e").jobs.keys()]).toEqual(["e.a.0"])
})
