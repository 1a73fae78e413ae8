import assert from "node:assert/strict"
import { createReadStream } from "node:fs"
import { createInterface } from "node:readline"
import { after, before, suite, test } from "node:test"
import { openRun } from "../support/run.mts"
import { type Cluster, type Namespace, useCluster } from "./cluster.mts"
import { startDriverProcess } from "./driverProcess.mts"
import { type Execution, executionsPath } from "./engine.mts"
import { startEngineProcess } from "./engineProcess.mts"
import { gate, readTasks, type Tasks } from "./engineTasks.mts"
import { installExecutions } from "./installExecutions.mts"
import { readChanges } from "./judge/auditLog.mts"
import { judge } from "./judge/judge.mts"
import { openGate } from "./openGate.mts"
import { until } from "./until.mts"

let bed: Cluster
const processes = openRun()

before(async () => {
  bed = await useCluster("auditLog")
  await installExecutions(bed)
})

after(async () => {
  await processes.close()
  bed?.close()
})

type Stored = Execution & {
  readonly status?: { readonly driver?: { readonly id: string; readonly name: string } }
}

/** Two layers of five, each step after all of the layer above, and a failure that changes nothing. */
const layers: Tasks = {
  a: ["true", "true", "true", "true", "true"],
  b: { run: ["true", "true", "true", "true", "true"], after: "a" },
  c: { run: "true", after: "b" },
}

suite("drivers", { concurrency: true }, () => {
  test("two at once move a run to its right end, each Job created once", async () => {
    await inNamespace(async (world) => {
      const drivers = ["one", "two"].map((id) => world.driver(id))
      await Promise.all([world.run("x", layers), world.run("y", layers), world.run("z", layers)])
      for (const name of ["x", "y", "z"]) {
        const { status } = await world.ended(name)
        assert.equal(status?.phase, "Succeeded")
        assert.ok(drivers.some(({ id }) => id === status.driver?.id))
      }
      assert.deepEqual(await world.violations(), [])
    })
  })

  test("a driver that was killed is followed by another one, and nothing runs twice", async () => {
    await inNamespace(async (world) => {
      const one = world.driver("one")
      await world.run("x", { a: gate, b: { run: "true", after: "a" } })
      await until("one drives", async () => (await world.read("x")).status?.driver?.id === "one")
      const two = world.driver("two")
      await until("two waits", async () => two.said().includes("drives as") || undefined)
      await one.kill()
      await until("two drives", async () => (await world.read("x")).status?.driver?.id === "two")
      const seconds = await silence(world.namespace, "one", "two")
      console.log(`taken over ${seconds.toFixed(1)} s after the last sign of life`)
      // About half a minute, and longer where the machine has too much to do.
      assert.ok(seconds < 60, `it took ${seconds} s`)
      assert.ok(seconds >= 20, `a driver is not dead after ${seconds} s`)
      assert.match(two.said(), /\/x: taken over from "one" by "two"/)
      await world.open("x", "a.0")
      assert.equal((await world.ended("x")).status?.phase, "Succeeded")
      assert.deepEqual(await world.violations(), [])
    })
  })

  test("of two replicas one drives; when it is asked to end the other goes on at once", async () => {
    await inNamespace(async (world) => {
      const first = world.driver("controller", "first")
      await until("first drives", async () => first.said().includes("first drives as") || undefined)
      const second = world.driver("controller", "second")
      await world.run("x", { a: gate, b: { run: "true", after: "a" } })
      await until("a runs", async () => (await world.read("x")).status?.vertices?.["x.a.0"])
      assert.doesNotMatch(second.said(), /drives as/)
      const before = performance.now()
      await first.end()
      await until("second drives", async () => second.said().includes("drives as") || undefined)
      const seconds = (performance.now() - before) / 1000
      assert.ok(seconds < 20, `it waited ${seconds} s, as long as for one that was killed`)
      await world.open("x", "a.0")
      assert.equal((await world.ended("x")).status?.phase, "Succeeded")
      assert.deepEqual(await world.violations(), [])
    })
  })

  test("a run that no driver may take says so, and goes on when a person takes it", async () => {
    await inNamespace(async (world) => {
      const engine = await startEngineProcess(processes, world.namespace)
      const { kubeconfig } = bed
      const request = { kind: "kube", kubeconfig, namespace: world.namespace } as const
      const { place } = await engine.call("place/open", request)
      await world.run("x", { a: "true" })
      const view = async () => {
        const { runs } = await engine.call("place/open", request)
        return runs.find(({ name }) => name === "x")
      }
      await until("nobody is said to drive", async () => (await view())?.driver?.kind === "none")
      assert.equal(
        (await view())?.trouble,
        "Nobody drives this run: it waits for a driver in the cluster, and there is none. Drive it from here, or leave a driver in the cluster.",
      )
      await engine.call("run/drive", { place: place.id, run: "x" })
      const { status } = await world.ended("x")
      assert.equal(status?.phase, "Succeeded")
      assert.equal(status?.driver?.id, engine.driver)
      await engine.kill()
    })
  })

  test("health is told to whoever asks, and a standby is ready too", async () => {
    await inNamespace(async (world) => {
      const ports = [await freePort(), await freePort()]
      const [first, second] = ports.map((health, index) =>
        world.driver("controller", `pod-${index}`, health),
      )
      const ask = async (port: number | undefined, path: string) => {
        const response = await fetch(`http://127.0.0.1:${port}${path}`)
        return [response.status, (await response.text()).trim()]
      }
      for (const port of ports) {
        await until("it is ready", async () => {
          return ask(port, "/readyz").then(
            ([status]) => status === 200,
            () => false,
          )
        })
        assert.deepEqual(await ask(port, "/healthz"), [200, "It lives."])
        assert.equal((await ask(port, "/other"))[0], 404)
      }
      await Promise.all([first?.end(), second?.end()])
    })
  })
})

/** From the last move of a driver's Lease to the claim of the next one, by the API server's own log. */
async function silence(namespace: string, dead: string, next: string): Promise<number> {
  let last = Number.NaN
  for await (const line of createInterface({ input: createReadStream(bed.auditLog) })) {
    if (!line.includes(`"namespace":"${namespace}"`)) continue
    const { stage, verb, objectRef, requestObject, requestReceivedTimestamp } = JSON.parse(line)
    if (stage !== "ResponseComplete" || verb !== "update") continue
    const at = Date.parse(requestReceivedTimestamp)
    if (objectRef.resource === "leases" && objectRef.name === dead) last = at
    if (requestObject?.status?.driver?.id === next) return (at - last) / 1_000
  }
  throw new Error(`The audit log has no claim of "${next}".`)
}

async function freePort(): Promise<number> {
  const { createServer } = await import("node:net")
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0))
    })
  })
}

interface World {
  readonly namespace: string
  driver(id: string, holder?: string, health?: number): ReturnType<typeof startDriverProcess>
  /** Creates a run for any driver in the cluster. */
  run(name: string, tasks: Tasks): Promise<void>
  read(name: string): Promise<Stored>
  ended(name: string): Promise<Stored>
  /** Lets a step that runs the command `gate` go on. */
  open(name: string, step: string): Promise<void>
  violations(): Promise<readonly unknown[]>
}

async function inNamespace(work: (world: World) => Promise<void>): Promise<void> {
  const namespace: Namespace = await bed.namespace("drivers")
  const read = (name: string) => bed.api.get<Stored>(executionsPath(namespace.name, name))
  const started: ReturnType<typeof startDriverProcess>[] = []
  try {
    await work({
      namespace: namespace.name,
      driver: (id, holder, health) => {
        const { kubeconfig } = bed
        const how = { kubeconfig, namespace: namespace.name, id, holder, health }
        const driver = startDriverProcess(processes, how)
        started.push(driver)
        return driver
      },
      run: async (name, tasks) => {
        await bed.api.create(executionsPath(namespace.name), {
          apiVersion: "execution.kubegene.io/v1alpha1",
          kind: "Execution",
          metadata: { name },
          spec: { tasks: readTasks(tasks) },
        })
      },
      read,
      ended: (name) =>
        until(`"${name}" has ended`, async () => {
          const run = await read(name)
          return run.status?.finishedAt ? run : undefined
        }),
      open: (name, step) => openGate(bed, namespace.name, `${name}.${step}`),
      violations: async () => {
        const { violations } = judge(await readChanges(bed.auditLog, namespace.name))
        return violations
      },
    })
  } catch (error) {
    for (const { id, said } of started) console.log(`${id} said:\n${said()}`)
    throw error
  } finally {
    for (const driver of started) await driver.kill()
    await namespace.remove()
  }
}
