import assert from "node:assert/strict"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { after, before, suite, test } from "node:test"
import { type Cluster, type Namespace, useCluster } from "./cluster.mts"
import { type Engine, openEngine, type Run, stepView } from "./engine.mts"
import { gate } from "./engineTasks.mts"
import { installExecutions } from "./installExecutions.mts"
import { documentedRules, logInAs, type Rule, userOf, without, writeKubeconfig } from "./logins.mts"
import { until } from "./until.mts"

let bed: Cluster
let driver: readonly Rule[]
let user: readonly Rule[]
const folder = mkdtempSync(path.join(tmpdir(), "kx-rights-"))

before(async () => {
  bed = await useCluster()
  await installExecutions(bed)
  driver = await documentedRules("kube-executions-driver")
  user = await documentedRules("kube-executions-user")
})

after(() => {
  rmSync(folder, { recursive: true, force: true })
  bed?.close()
})

suite("with exactly the documented Role", { concurrency: true }, () => {
  test("a driver moves runs to their ends, reads results, stops and says what happened", async () => {
    await inNamespace(driver, async (engine) => {
      const good = await engine.run("good", {
        list: "echo x y",
        map: {
          after: "list",
          commandsIter: { command: "echo ${1}", varsIter: [["get_result", "list", " "]] },
        },
      })
      const again = await engine.run(
        "again",
        { list: "echo x y" },
        { spec: { resumeFrom: { name: "good" } } },
      )
      const halt = await engine.run("halt", { a: gate })
      await halt.until("a runs", (now) => stepView(now, "a.0").phase === "running")
      await halt.wish("stop")
      const ends = await Promise.all([good.ended(), again.ended(), halt.ended()])
      assert.deepEqual(
        ends.map(({ status }) => status.phase),
        ["Succeeded", "Succeeded", "Failed"],
      )
      await until("the end was told as an Event", async () => {
        const field = "involvedObject.kind=Execution,reason=Succeeded"
        const query = new URLSearchParams({ fieldSelector: field })
        const path = `/api/v1/namespaces/${engine.namespace}/events?${query}`
        return (await engine.get<{ items: readonly object[] }>(path)).items.length >= 1
      })
      for (const { view } of ends) assert.equal(view.trouble, undefined)
      assert.equal(engine.place.state().stale, undefined)
    })
  })

  test("a person starts, stops and deletes a run", async () => {
    await inNamespace(user, async (engine) => {
      const { cluster } = engine.place
      const key = `${engine.namespace}/mine`
      const jobTemplate = { spec: { template: { spec: { terminationGracePeriodSeconds: 1 } } } }
      await cluster.createExecution({
        apiVersion: "execution.kubegene.io/v1alpha1",
        kind: "Execution",
        metadata: { name: "mine", namespace: engine.namespace },
        spec: { tasks: [{ name: "a", image: "busybox", commandSet: ["sleep 600"], jobTemplate }] },
      })
      const run = engine.follow("mine")
      await run.until("a runs", (now) => stepView(now, "a.0").phase === "running")
      await cluster.annotate(key, { "execution.kubegene.io/stop": '{"id":"1","by":"ann"}' })
      assert.equal((await run.ended()).status.message, "stopped by ann")
      await cluster.deleteExecution(key)
      await until("it is gone", async () => cluster.execution(key) === undefined)
    })
  })
})

/** A right that is taken away, how it is missed, and where its one sentence is then read. */
interface Lack {
  readonly verb: string
  readonly resource: string
  readonly says: RegExp
  /** Not given: the place cannot be opened at all. */
  readonly missedBy?: (engine: Engine) => Promise<string | undefined>
}

const lacks: readonly Lack[] = [
  {
    verb: "list",
    resource: "executions",
    says: /^You may not list executions\.execution\.kubegene\.io in "/,
  },
  { verb: "list", resource: "jobs", says: /^You may not list jobs\.batch in "/ },
  { verb: "list", resource: "pods", says: /^You may not list pods in "/ },
  {
    verb: "watch",
    resource: "executions",
    says: /^You may not watch executions\.execution\.kubegene\.io in "/,
    missedBy: stale,
  },
  { verb: "watch", resource: "jobs", says: /^You may not watch jobs\.batch in "/, missedBy: stale },
  { verb: "watch", resource: "pods", says: /^You may not watch pods in "/, missedBy: stale },
  {
    verb: "list",
    resource: "events",
    says: /^You may not list events in "/,
    missedBy: troubleOfAny,
  },
  {
    verb: "watch",
    resource: "events",
    says: /^You may not watch events in "/,
    missedBy: troubleOfAny,
  },
  {
    verb: "create",
    resource: "events",
    says: /^You may not create events in "/,
    missedBy: troubleOfAny,
  },
  {
    verb: "update",
    resource: "executions/status",
    says: /^You may not update executions\/status\.execution\.kubegene\.io in "/,
    missedBy: troubleOfAny,
  },
  {
    verb: "get",
    resource: "executions",
    says: /^You may not get executions\.execution\.kubegene\.io in "/,
    missedBy: async (engine) =>
      trouble(
        await engine.run("resumed", { a: "true" }, { spec: { resumeFrom: { name: "old" } } }),
      ),
  },
  {
    verb: "list",
    resource: "leases",
    says: /^You may not list leases\.coordination\.k8s\.io in "/,
    missedBy: troubleOfAny,
  },
  {
    verb: "watch",
    resource: "leases",
    says: /^You may not watch leases\.coordination\.k8s\.io in "/,
    missedBy: troubleOfAny,
  },
  {
    verb: "create",
    resource: "leases",
    says: /^You may not create leases\.coordination\.k8s\.io in "/,
    missedBy: troubleOfAny,
  },
  {
    verb: "create",
    resource: "jobs",
    says: /^execution is running; "a": you may not create Jobs in "/,
    missedBy: async (engine) => {
      const run = await engine.run("any", { a: "true" })
      return run.until(
        "status says why",
        ({ status }) => status.message.includes(";") && status.message,
      )
    },
  },
  {
    verb: "get",
    resource: "jobs",
    says: /^You may not get jobs\.batch in "/,
    missedBy: async (engine) => {
      // The name is taken by a Job that no watch of ours shows.
      await bed.api.create(`/apis/batch/v1/namespaces/${engine.namespace}/jobs`, {
        metadata: { name: "any.a.0" },
        spec: {
          suspend: true,
          template: {
            spec: { restartPolicy: "Never", containers: [{ name: "x", image: "busybox" }] },
          },
        },
      })
      return trouble(await engine.run("any", { a: "true" }))
    },
  },
  {
    verb: "delete",
    resource: "jobs",
    says: /^You may not delete jobs\.batch in "/,
    missedBy: async (engine) => {
      const run = await engine.run("any", { a: gate })
      await run.until("a runs", (now) => stepView(now, "a.0").phase === "running")
      await run.wish("stop")
      return trouble(run)
    },
  },
  {
    verb: "get",
    resource: "pods/log",
    says: /^"a" failed: what it printed cannot be read: You may not get pods\/log in "/,
    missedBy: async (engine) => {
      const run = await engine.run("any", {
        a: "echo x",
        b: { run: "true", after: "a", condition: { condition: ["check_result", "a", "x"] } },
      })
      return (await run.ended()).status.message
    },
  },
]

suite("each right of a driver that is missing is named in one sentence:", {
  concurrency: true,
}, () => {
  for (const { verb, resource, says, missedBy } of lacks) {
    test(`${verb} ${resource}`, async () => {
      const rules = without(driver, verb, resource)
      assert.notDeepEqual(rules, driver, "the documented Role does not have this right")
      if (missedBy === undefined) {
        await assert.rejects(
          inNamespace(rules, async () => {}),
          ({ message }: Error) => {
            assert.match(message, says)
            return true
          },
        )
        return
      }
      await inNamespace(rules, async (engine) => {
        assert.match((await missedBy(engine)) ?? "nothing was said", says)
      })
    })
  }

  const wishes: readonly [verb: string, miss: (engine: Engine) => Promise<unknown>][] = [
    [
      "create",
      ({ place, namespace }) =>
        place.cluster.createExecution({
          apiVersion: "execution.kubegene.io/v1alpha1",
          kind: "Execution",
          metadata: { name: "any", namespace },
          spec: { tasks: [{ name: "a", type: "Job", image: "busybox", commandSet: ["true"] }] },
        }),
    ],
    ["patch", ({ place, namespace }) => place.cluster.annotate(`${namespace}/any`, { a: "b" })],
    ["delete", ({ place, namespace }) => place.cluster.deleteExecution(`${namespace}/any`)],
  ]
  for (const [verb, miss] of wishes) {
    test(`${verb} executions, of a person`, async () => {
      await inNamespace(without(user, verb, "executions"), async (engine) => {
        const says = `You may not ${verb} executions.execution.kubegene.io in "${engine.namespace}" (user "${userOf(engine.namespace)}"). Ask for the Role "kube-executions-user" in deploy/rbac.yaml.`
        await assert.rejects(miss(engine), { message: says })
      })
    })
  }
})

/** An engine that is logged in with these rights, in a namespace that goes with it. */
async function inNamespace(
  rules: readonly Rule[],
  work: (engine: Engine) => Promise<void>,
): Promise<void> {
  const namespace: Namespace = await bed.namespace("engine-rights")
  let engine: Engine | undefined
  try {
    const token = await logInAs(bed, namespace.name, rules)
    const file = path.join(folder, namespace.name)
    const kubeconfig = await writeKubeconfig(bed, file, { user: { token } })
    engine = await openEngine(bed, namespace.name, kubeconfig)
    await work(engine)
  } finally {
    await engine?.close()
    await namespace.remove()
  }
}

async function stale({ place }: Engine): Promise<string | undefined> {
  return until("the place is said to be out of date", async () => place.state().stale?.message)
}

/** Of a run that ends well all the same, or would. */
async function troubleOfAny(engine: Engine): Promise<string | undefined> {
  return trouble(await engine.run("any", { a: "true" }))
}

function trouble(run: Run): Promise<string> {
  return run.until("its trouble is told", ({ view }) => view.trouble)
}
