import assert from "node:assert/strict"
import { execFile } from "node:child_process"
import path from "node:path"
import { after, before, suite, test } from "node:test"
import { root } from "../support/folders.mts"
import { openRun } from "../support/run.mts"
import { type Cluster, useCluster } from "./cluster.mts"
import { type ApiObject, type Execution, executionsPath } from "./engine.mts"
import { startEngineProcess } from "./engineProcess.mts"
import { gate, readTasks, type Tasks } from "./engineTasks.mts"
import { installExecutions } from "./installExecutions.mts"
import type { Change } from "./judge/auditLog.mts"
import { changeIn } from "./judge/followLog.mts"
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

/** a → b, c; b → d: the example of KubeGene's page. */
const published: Tasks = {
  a: "echo A",
  b: { run: "echo B", after: "a" },
  c: { run: "echo C", after: "a" },
  d: { run: "echo D", after: "b" },
}

/** Three diamonds one after the other and a tail: 12 steps; the middle one hangs on a result. */
const diamonds: Tasks = {
  a: "true",
  b: { run: "true", after: "a" },
  c: { run: "true", after: "a" },
  d: { run: "echo x y", after: ["b", "c"] },
  e: {
    after: "d",
    commandsIter: { command: "echo ${1}", varsIter: [["get_result", "d", " "]] },
  },
  g: { run: "true", after: "e" },
  h: { run: "true", after: "g" },
  i: { run: "true", after: "g" },
  j: { run: "true", after: ["h", "i"] },
  k: { run: "true", after: "j" },
  l: { run: "true", after: "k" },
}

type Moment = readonly [count: number, what: (change: Change) => boolean]

const jobs = ({ verb, resource }: Change) => verb === "create" && resource === "jobs"
const statuses = ({ verb, resource }: Change) =>
  verb === "update" && resource === "executions/status"
const containerEnds = ({ resource, body }: Change) =>
  resource === "pods/status" && JSON.stringify(body).includes('"exitCode":0')
const jobEnds = ({ resource, body }: Change) =>
  resource === "jobs/status" && JSON.stringify(body).includes('"Complete"')

const kills: readonly [name: string, tasks: Tasks, steps: number, moments: readonly Moment[]][] = [
  ["when the first Job was made", published, 4, [[1, jobs]]],
  ["when one of two Jobs was made", published, 4, [[2, jobs]]],
  ["when the last Job was made", published, 4, [[4, jobs]]],
  ["when its first status was written", published, 4, [[1, statuses]]],
  ["when a step's containers ended", published, 4, [[1, containerEnds]]],
  ["when a step's Job was complete", published, 4, [[1, jobEnds]]],
  ["in the middle of diamonds", diamonds, 12, [[6, jobs]]],
  [
    "when a result was printed, and again when it was used",
    diamonds,
    12,
    [
      [4, containerEnds],
      [1, jobs],
    ],
  ],
  [
    "five times",
    diamonds,
    12,
    [
      [1, jobs],
      [1, statuses],
      [2, jobs],
      [2, containerEnds],
      [1, jobs],
    ],
  ],
]

suite("the engine killed and started again", { concurrency: true }, () => {
  for (const [name, tasks, steps, moments] of kills) {
    test(`${name}: right end, no second Job`, async () => {
      const run = await begin("killed", tasks, moments)
      try {
        const status = await until("the run has ended", async () => {
          const { status } = await run.execution()
          return status?.finishedAt ? status : undefined
        })
        assert.equal(status.phase, "Succeeded", status.message)
        assert.equal(await run.judged(), `1 runs, ${steps} Jobs, 0 violations`)
      } finally {
        await run.close()
      }
    })
  }

  test("while a run is deleted: nothing is left", async () => {
    const run = await begin("deleted", { a: [gate, gate], b: { run: "true", after: "a" } }, [])
    try {
      await until("a status is written", async () => {
        return Object.keys((await run.execution()).status?.vertices ?? {}).length === 2
      })
      const isGoing = changeIn(bed.auditLog, ({ verb, namespace, resource }) => {
        return verb === "delete" && resource === "executions" && namespace === run.namespace
      })
      await bed.api.remove(run.path, { propagationPolicy: "Foreground" })
      await isGoing
      await run.restart()
      await until("the Execution is gone", async () => {
        const { code } = await bed.kubectl("get", "-n", run.namespace, "executions", "run")
        return code !== 0
      })
      const { items } = await bed.api.get<{ items: readonly ApiObject[] }>(
        `/api/v1/namespaces/${run.namespace}/pods`,
      )
      assert.deepEqual(items, [])
      assert.equal(await run.judged(), "1 runs, 2 Jobs, 0 violations")
    } finally {
      await run.close()
    }
  })

  test("when a retry was asked for: the second attempt is made once", async () => {
    const run = await begin("retried", { a: "exit 1", b: { run: "true", after: "a" } }, [])
    try {
      const ended = async () => {
        const { status } = await run.execution()
        return status?.finishedAt ? status : undefined
      }
      await until("it has failed", ended)
      const isAsked = changeIn(bed.auditLog, ({ verb, namespace, resource }) => {
        return verb === "patch" && resource === "executions" && namespace === run.namespace
      })
      await run.engine().call("run/wish", {
        place: run.place(),
        run: "run",
        wish: "retry",
        by: "anna",
      })
      await isAsked
      await run.restart()
      const status = await until("the second attempt has failed", async () => {
        const status = await ended()
        return status?.vertices["run.a.0"]?.attempt === 2 && status
      })
      assert.equal(status.phase, "Failed")
      assert.equal(await run.judged(), "1 runs, 2 Jobs, 0 violations")
    } finally {
      await run.close()
    }
  })
})

/** A run in a namespace of its own, whose engine dies at each of the moments and is started again. */
async function begin(suite: string, tasks: Tasks, moments: readonly Moment[]) {
  const namespace = await bed.namespace(`engine-${suite}`)
  const path = executionsPath(namespace.name, "run")
  const request = { kind: "kube", kubeconfig: bed.kubeconfig, namespace: namespace.name } as const
  const start = async () => {
    const engine = await startEngineProcess(processes, namespace.name)
    return { engine, place: (await engine.call("place/open", request)).place.id }
  }
  let now = await start()
  const restart = async () => {
    await now.engine.kill()
    now = await start()
  }
  let next = atMoment(namespace.name, moments[0])
  await bed.api.create(executionsPath(namespace.name), {
    apiVersion: "execution.kubegene.io/v1alpha1",
    kind: "Execution",
    metadata: {
      name: "run",
      annotations: { "execution.kubegene.io/driver": now.engine.driver },
    },
    spec: { tasks: readTasks(tasks) },
  })
  for (const [index] of moments.entries()) {
    await next
    await now.engine.kill()
    // Watched from here on, so that nothing the next engine does is missed.
    next = atMoment(namespace.name, moments[index + 1])
    now = await start()
  }
  return {
    namespace: namespace.name,
    path,
    engine: () => now.engine,
    place: () => now.place,
    restart,
    execution: () => bed.api.get<Execution>(path),
    judged: () => judged(namespace.name),
    close: async () => {
      await now.engine.kill()
      await namespace.remove()
    },
  }
}

async function atMoment(namespace: string, moment: Moment | undefined): Promise<void> {
  if (moment === undefined) return
  const [count, isIt] = moment
  let seen = 0
  await changeIn(bed.auditLog, (change) => {
    if (change.namespace !== namespace || !isIt(change)) return false
    seen++
    return seen === count
  })
}

/** What the judge, a program that knows nothing of the engine, says at the end. */
function judged(namespace: string): Promise<string> {
  const program = path.join(root, "test/cluster/judge/main.mts")
  const args = ["--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", program, bed.auditLog, namespace]
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, (error, stdout, stderr) => {
      if (error !== null && stdout === "") reject(new Error(stderr))
      else resolve(stdout.trim())
    })
  })
}
