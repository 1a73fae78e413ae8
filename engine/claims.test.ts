import { afterEach, expect, test } from "vitest"
import { deadAfterMs } from "#core/run/claim"
import type { RunView } from "#core/view/statusTree"
import { Claims, type ClaimsSetting, type DriverSelf, tickMs } from "./claims.ts"
import type { Cluster, StoredExecution } from "./cluster.ts"
import { ClusterError } from "./clusterError.ts"
import { Controller } from "./controller.ts"
import { MemoryCluster } from "./memory/memoryCluster.ts"
import { OwnLease } from "./ownLease.ts"

const driverOf = (kind: DriverSelf["kind"], id: string): DriverSelf => {
  return { kind, id, name: id, holder: id }
}

/** A driver at a door of its own, whose time passes only when the test says so. */
class TestDriver {
  readonly claims: Claims
  readonly controller: Controller
  readonly said: string[] = []
  /** What passes of it without a tick is a time in which the driver stood still. */
  clock = 0
  #now = 0

  constructor(cluster: Cluster, self: DriverSelf, elected?: ClaimsSetting["elected"]) {
    this.claims = new Claims({
      cluster,
      elected,
      self,
      log: (line) => this.said.push(line),
      again: (run) => this.controller.again(run),
      clock: () => this.clock,
    })
    this.controller = new Controller({
      cluster,
      now: Date.now,
      log: (line) => this.said.push(line),
      mayDrive: (run) => this.claims.take(run),
      claim: (run) => this.claims.claim(run),
      mayCreate: (run) => this.claims.mayCreate(run),
      onRun: () => {},
      onStale: () => {},
    })
    all.push(this)
  }

  pass(ms: number): void {
    for (let left = ms; left > 0; left -= tickMs) {
      this.#now += tickMs
      this.clock += tickMs
      this.claims.tick(this.#now)
    }
  }
}

const all: TestDriver[] = []
afterEach(() => {
  for (const { controller } of all.splice(0)) controller.stop()
})

/** A cluster with one run, whose steps end when the test lets them. */
async function world(wanted: string | undefined, more: Partial<Cluster> = {}) {
  const gate = Promise.withResolvers<void>()
  const cluster = new MemoryCluster(async () => {
    await gate.promise
    return { exitCode: 0, log: "" }
  }, Date.now)
  Object.assign(cluster, more)
  await cluster.createExecution({
    apiVersion: "execution.kubegene.io/v1alpha1",
    kind: "Execution",
    metadata: {
      name: "e",
      namespace: "gene",
      ...(wanted === undefined ? {} : { annotations: { "execution.kubegene.io/driver": wanted } }),
    },
    spec: {
      tasks: [
        { name: "a", type: "Job", image: "busybox", commandSet: ["true"] },
        {
          name: "b",
          type: "Job",
          image: "busybox",
          commandSet: ["true"],
          dependents: [{ target: "a", type: "whole" }],
        },
      ],
    },
  })
  const start = async (self: DriverSelf) => {
    const driver = new TestDriver(cluster.door(), self)
    await driver.controller.start()
    driver.claims.tick(0)
    return driver
  }
  const until = async (what: string, condition: () => unknown) => {
    await expect.poll(condition, { message: what, timeout: 10_000 }).toBeTruthy()
  }
  const status = (): Pick<RunView, "phase"> & { driver?: { id: string } } =>
    cluster.execution("gene/e")?.object.status as never
  return { cluster, gate, start, until, status }
}

test("a run is claimed by one of two drivers, and the other keeps its hands off", async () => {
  const { start, until, status, gate, cluster } = await world(undefined)
  const one = await start(driverOf("cluster", "one"))
  await until("one has it", () => status()?.driver?.id === "one")
  const two = await start(driverOf("cluster", "two"))
  await until("a runs", () => cluster.world("gene/e").jobs.has("e.a.0"))
  for (let time = 0; time < 2 * deadAfterMs; time += tickMs) {
    one.pass(tickMs)
    two.pass(tickMs)
    await new Promise(setImmediate)
  }
  expect(status().driver?.id).toBe("one")
  expect(two.claims.view("gene/e")).toEqual({ kind: "elsewhere", name: "one", sentence: null })
  expect(one.claims.view("gene/e")?.kind).toBe("here")
  gate.resolve()
  await until("it succeeds", () => status().phase === ("Succeeded" as never))
  expect(status().driver?.id).toBe("one")
  expect(two.claims.view("gene/e")).toBeUndefined()
})

test("the run of a driver that is dead is taken over after 20 s, not before, and goes on", async () => {
  const { start, until, status, gate } = await world("cluster")
  const one = await start(driverOf("cluster", "one"))
  await until("one has it", () => status()?.driver?.id === "one")
  const two = await start(driverOf("cluster", "two"))
  one.controller.stop()
  two.pass(deadAfterMs - tickMs)
  await new Promise(setImmediate)
  expect(status().driver?.id).toBe("one")
  two.pass(2 * tickMs)
  await until("two has it", () => status().driver?.id === "two")
  gate.resolve()
  await until("it succeeds", () => status().phase === ("Succeeded" as never))
  expect(two.said).toEqual(['gene/e: taken over from "one" by "two"'])
})

test("a driver that ends on purpose is followed at once", async () => {
  const { start, until, status } = await world("cluster")
  const one = await start(driverOf("cluster", "one"))
  await until("one has it", () => status()?.driver?.id === "one")
  const two = await start(driverOf("cluster", "two"))
  two.pass(tickMs)
  one.controller.stop()
  await one.claims.stop()
  two.pass(tickMs)
  await until("two has it", () => status().driver?.id === "two")
})

test("who slept an hour takes nothing at the first look", async () => {
  const { start, until, status } = await world("cluster")
  await start(driverOf("cluster", "one"))
  await until("one has it", () => status()?.driver?.id === "one")
  const two = await start(driverOf("cluster", "two"))
  two.claims.tick(3_600_000)
  two.claims.tick(3_600_000 + tickMs)
  await new Promise(setImmediate)
  expect(status().driver?.id).toBe("one")
})

test("a Lease that stands still in the cache and moves in the cluster is not dead", async () => {
  const { start, until, status, cluster } = await world("cluster")
  const one = await start(driverOf("cluster", "one"))
  await until("one has it", () => status()?.driver?.id === "one")
  const old = new Map(cluster.leases())
  const two = new TestDriver(
    new Proxy(cluster.door(), {
      get: (target, name) => (name === "leases" ? () => old : Reflect.get(target, name)),
    }),
    driverOf("cluster", "two"),
  )
  await two.controller.start()
  one.pass(4 * tickMs)
  two.pass(deadAfterMs + 2 * tickMs)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(status().driver?.id).toBe("one")
})

test("a run of another machine is left alone, and said to have no driver when that is so", async () => {
  const { start, cluster } = await world("local-2")
  const here = await start(driverOf("local", "local-1"))
  const there = await start(driverOf("cluster", "one"))
  expect(here.claims.view("gene/e")?.kind).toBe("coming")
  here.pass(deadAfterMs)
  there.pass(deadAfterMs)
  await new Promise(setImmediate)
  expect(here.claims.view("gene/e")).toEqual({
    kind: "none",
    name: null,
    sentence:
      "Nobody drives this run: the engine that started it is on another machine and does not answer. Drive it from here, or leave a driver in the cluster. It goes on when that engine starts again.",
  })
  expect(cluster.world("gene/e").jobs.size).toBe(0)
})

test("a person hands a run from one driver to another and back, and both obey", async () => {
  const { start, until, status, cluster, gate } = await world("cluster")
  const there = await start(driverOf("cluster", "one"))
  await until("one has it", () => status()?.driver?.id === "one")
  const here = await start(driverOf("local", "local-1"))
  const hand = (to: string) => cluster.annotate("gene/e", { "execution.kubegene.io/driver": to })
  await hand("local-1")
  expect(here.claims.view("gene/e")?.kind).toBe("here")
  expect(there.claims.view("gene/e")?.kind).not.toBe("here")
  await hand("cluster")
  await hand("local-1")
  gate.resolve()
  await until("it succeeds", () => status().phase === ("Succeeded" as never))
  expect(status().driver?.id).toBe("local-1")
})

test("without the right to Leases a run is claimed all the same, with a word about it", async () => {
  const refuse = () => Promise.reject(new ClusterError("forbidden", "You may not create leases."))
  const { start, until, status } = await world("cluster", { writeLease: refuse })
  const one = await start(driverOf("cluster", "one"))
  await until("one has it", () => status()?.driver?.id === "one")
  expect(status().driver).toEqual({ id: "one", kind: "cluster", name: "one", leased: false })
  expect(one.claims.lacks()).toBe(
    "You may not create leases. Until then nobody can see whether this driver lives.",
  )
})

test("who may not see Leases takes nothing from others", async () => {
  const { start, until, status } = await world("cluster")
  const one = await start(driverOf("cluster", "one"))
  await until("one has it", () => status()?.driver?.id === "one")
  one.controller.stop()
  const blind = await world("cluster", { leases: () => undefined })
  await blind.cluster.annotate("gene/e", {})
  await blind.cluster.writeStatus(blind.cluster.execution("gene/e") as never, {
    driver: { id: "gone", kind: "cluster" },
  })
  const two = await blind.start(driverOf("cluster", "two"))
  two.pass(2 * deadAfterMs)
  await new Promise(setImmediate)
  expect(blind.status().driver?.id).toBe("gone")
  expect(two.claims.view("gene/e")?.kind).toBe("elsewhere")
})

test("who stood still for long makes no Job before it has read its runs anew", async () => {
  const { cluster, until, status, gate } = await world("cluster")
  let old: StoredExecution | undefined
  const stale = new Proxy(cluster.door(), {
    get: (target, name) => {
      if (name === "execution") return (run: string) => old ?? cluster.execution(run)
      if (name === "readExecution") {
        return async (run: string) => {
          old = undefined
          return cluster.execution(run)
        }
      }
      return Reflect.get(target, name)
    },
  })
  const one = new TestDriver(stale, driverOf("cluster", "one"))
  await one.controller.start()
  one.claims.tick(0)
  await until("one has it", () => status()?.driver?.id === "one")
  await until("a runs", () => cluster.world("gene/e").jobs.has("e.a.0"))
  expect(one.claims.mayCreate("gene/e")).toBe(true)
  // What follows is not seen by it: it stands still, and then its watch lags behind.
  old = cluster.execution("gene/e")
  await cluster.writeStatus(old as never, {
    ...(old?.object.status as object),
    driver: { id: "two", kind: "cluster" },
  })
  one.clock += 2 * deadAfterMs
  expect(one.claims.mayCreate("gene/e")).toBe(false)
  expect(one.claims.refusal("gene/e")).toContain("Nothing new is started")
  gate.resolve()
  one.pass(2 * tickMs)
  await until("it has looked", () => old === undefined)
  expect(one.claims.mayCreate("gene/e")).toBe(false)
  expect(one.claims.refusal("gene/e")).toBeUndefined()
  expect([...cluster.world("gene/e").jobs.keys()]).toEqual(["e.a.0"])
})

test("who stood still and still has its run goes on with it", async () => {
  const { start, until, status, gate, cluster } = await world("cluster")
  const one = await start(driverOf("cluster", "one"))
  await until("a runs", () => cluster.world("gene/e").jobs.has("e.a.0"))
  one.clock += 2 * deadAfterMs
  gate.resolve()
  await until("a is done", () => cluster.world("gene/e").jobs.get("e.a.0")?.end)
  expect(one.claims.mayCreate("gene/e")).toBe(false)
  one.pass(3 * tickMs)
  await until("it succeeds", () => status().phase === ("Succeeded" as never))
})

test("a Job that came after the end of its run is deleted by whoever may drive the run", async () => {
  const { start, until, status, cluster } = await world("cluster")
  const one = await start(driverOf("cluster", "one"))
  await until("a runs", () => cluster.world("gene/e").jobs.has("e.a.0"))
  const stop = { id: "s", by: "anna", at: "2026-11-20T14:00:00Z" }
  await cluster.annotate("gene/e", { "execution.kubegene.io/stop": JSON.stringify(stop) })
  await until("it is over", () => (status() as { finishedAt?: string }).finishedAt)
  const elsewhere = await start(driverOf("local", "local-1"))
  const stored = cluster.execution("gene/e")
  const owner = { uid: stored?.uid, controller: true }
  await cluster.createJob("gene", {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: "e.b.0",
      labels: { "execution.kubegene.io/execution": "e" },
      ownerReferences: [owner],
    },
    spec: { template: { spec: { containers: [{ name: "b" }] } } },
  } as never)
  await until("it is gone", () => cluster.world("gene/e").jobs.size === 0)
  expect(await elsewhere.claims.take("gene/e")).toBe(false)
  expect(one.claims.view("gene/e")).toBeUndefined()
})

test("on a network that died in silence nobody is said to be dead", async () => {
  const { start, until, status, cluster } = await world("cluster")
  await start(driverOf("cluster", "one"))
  await until("one has it", () => status()?.driver?.id === "one")
  let isCut = true
  const old = new Map(cluster.leases())
  const cut = new Proxy(cluster.door(), {
    get: (target, name) => {
      if (name === "leases") return () => old
      const isRead = name === "readLease" || name === "readExecution"
      if (!isRead || !isCut) return Reflect.get(target, name)
      return () => Promise.reject(new ClusterError("offline", "There is no answer."))
    },
  })
  const here = new TestDriver(cut, driverOf("local", "local-1"))
  await here.controller.start()
  here.pass(3 * deadAfterMs)
  await new Promise(setImmediate)
  expect(here.claims.view("gene/e")?.kind).toBe("elsewhere")
  // It is there again, and the Lease still stands where it stood.
  isCut = false
  here.pass(tickMs)
  await until("that is said", () => here.claims.view("gene/e")?.kind === "none")
})

test("who may not write Leases is not taken for dead, and what that means is said", async () => {
  const { start, until, status, cluster } = await world("cluster")
  const refuse = () => Promise.reject(new ClusterError("forbidden", "You may not create leases."))
  const one = new TestDriver(
    new Proxy(cluster.door(), {
      get: (target, name) => (name === "writeLease" ? refuse : Reflect.get(target, name)),
    }),
    driverOf("cluster", "one"),
  )
  await one.controller.start()
  await until("one has it", () => status()?.driver?.id === "one")
  const two = await start(driverOf("cluster", "two"))
  for (let time = 0; time < 3 * deadAfterMs; time += tickMs) {
    two.pass(tickMs)
    await new Promise(setImmediate)
  }
  expect(status().driver?.id).toBe("one")
  expect(two.claims.view("gene/e")).toEqual({
    kind: "elsewhere",
    name: "one",
    sentence:
      'Whether "one", which drives this run, still lives cannot be seen: it may not write Leases. If it does not, drive the run from here.',
  })
})

test("only a Lease that was seen to move is of a driver that a new run can be left to", async () => {
  const { cluster } = await world("cluster")
  const driver = { kind: "cluster", id: "one", name: "one" } as const
  const wish = { namespace: "gene", driver, holder: "one" }
  const first = await cluster.writeLease(wish)
  const here = new TestDriver(cluster.door(), driverOf("local", "local-1"))
  await here.controller.start()
  here.claims.tick(0)
  const found = here.claims.findClusterDriver("gene")
  // It waits for a sign of life, and there is none.
  await new Promise(setImmediate)
  here.clock += deadAfterMs
  expect(await found).toBe(false)
  here.pass(deadAfterMs)
  expect(await here.claims.findClusterDriver("gene")).toBe(false)
  const again = await cluster.writeLease(wish, first.version)
  expect(await here.claims.findClusterDriver("gene")).toBe(true)
  here.pass(tickMs)
  expect(await here.claims.findClusterDriver("gene")).toBe(true)
  here.pass(deadAfterMs)
  expect(await here.claims.findClusterDriver("gene")).toBe(false)
  expect(await here.claims.findClusterDriver("lab")).toBe(false)
  expect(again.holder).toBe("one")
})

test("a sign of life that comes while somebody waits for it is enough", async () => {
  const { cluster } = await world("cluster")
  const driver = { kind: "cluster", id: "one", name: "one" } as const
  const wish = { namespace: "gene", driver, holder: "one" }
  const first = await cluster.writeLease(wish)
  const here = new TestDriver(cluster.door(), driverOf("local", "local-1"))
  const found = here.claims.findClusterDriver("gene")
  await new Promise(setImmediate)
  await cluster.writeLease(wish, first.version)
  expect(await found).toBe(true)
})

test("the driver of many namespaces shows itself in each that has runs, though they are over", async () => {
  const { cluster, until } = await world("cluster")
  const made = await cluster.createExecution({ metadata: { name: "old", namespace: "lab" } })
  await cluster.writeStatus(made, { phase: "Succeeded", finishedAt: "2026-01-01T10:00:00Z" })
  const self = driverOf("cluster", "one")
  const lease = new OwnLease(cluster, "home", self, "one")
  const elected = { namespace: "home", lease, lost: () => {} }
  const driver = new TestDriver(cluster.door(), self, elected)
  await driver.controller.start()
  driver.claims.tick(0)
  await until("it is seen there", () => cluster.leases().has("lab/one"))
  expect([...cluster.leases().keys()].sort()).toEqual(["gene/one", "home/one", "lab/one"])
})

test("the Job of a run that is tried again is no stray, though it is heard of before the wish", async () => {
  const { start, until, status, cluster } = await world("cluster")
  const one = await start(driverOf("cluster", "one"))
  await until("a runs", () => cluster.world("gene/e").jobs.has("e.a.0"))
  const wish = (kind: string) =>
    cluster.annotate("gene/e", {
      [`execution.kubegene.io/${kind}`]: JSON.stringify({ id: kind, by: "anna", steps: [] }),
    })
  await wish("stop")
  await until("it is over", () => (status() as { finishedAt?: string }).finishedAt)
  const old = cluster.execution("gene/e")
  const late = new Proxy(cluster.door(), {
    get: (target, name) => (name === "execution" ? () => old : Reflect.get(target, name)),
  })
  const two = new TestDriver(late, driverOf("cluster", "two"))
  await wish("retry")
  await until("a is tried again", () => cluster.world("gene/e").jobs.size > 0)
  expect(await two.claims.take("gene/e")).toBe(false)
  expect(cluster.world("gene/e").jobs.size).toBe(1)
  one.controller.stop()
})
