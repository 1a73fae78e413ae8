import assert from "node:assert/strict"
import { execFile } from "node:child_process"
import { randomUUID } from "node:crypto"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { after, before, suite, test } from "node:test"
import type { KubeCluster } from "../../engine/kube/kubeCluster.ts"
import { openKubePlace } from "../../engine/kube/kubePlace.ts"
import type { PlaceRequest } from "../../engine/protocol.ts"
import { root } from "../support/folders.mts"
import { openRun } from "../support/run.mts"
import { type Cluster, type Namespace, useCluster } from "./cluster.mts"
import { startDriverProcess } from "./driverProcess.mts"
import type { StoredStatus } from "./engine.mts"
import { gate, readTasks, type Tasks } from "./engineTasks.mts"
import { installExecutions } from "./installExecutions.mts"
import { documentedRules, logInAs, type Rule, without, writeKubeconfig } from "./logins.mts"
import { openGate } from "./openGate.mts"
import { until } from "./until.mts"
import { type HiddenDefinition, withoutDefinition } from "./withoutDefinition.mts"

let bed: Cluster
let hidden: HiddenDefinition
let user: readonly Rule[]
let driver: readonly Rule[]
const processes = openRun()
const folder = mkdtempSync(path.join(tmpdir(), "kx-record-"))

before(async () => {
  bed = await useCluster()
  await installExecutions(bed)
  hidden = await withoutDefinition(bed)
  user = await documentedRules("kube-executions-user-without-definition")
  driver = await documentedRules("kube-executions-driver")
})

after(async () => {
  await processes.close()
  hidden?.close()
  rmSync(folder, { recursive: true, force: true })
  bed?.close()
})

suite("where the cluster does not know Executions", { concurrency: true }, () => {
  test("with exactly the documented Role, the command line runs, shows, stops, retries and deletes", async () => {
    await inNamespace(user, async (world) => {
      const chain = spec("chain", { a: "echo one", b: { run: "echo two", after: "a" } })
      const refused = await world.cli("run", chain)
      assert.equal(refused.code, 1)
      assert.match(refused.stderr, /does not know Executions yet.*run --without-definition\./)
      const run = await world.cli("run", chain, "--without-definition", "--follow")
      assert.equal(run.code, 0, run.stderr)
      assert.match(run.stderr, /so runs are kept in ConfigMaps of/)
      assert.deepEqual(run.stdout.trim().split("\n").sort(), ["a.0 | one", "b.0 | two", "chain"])
      // From the first run on nobody has to say it again.
      assert.match((await world.cli("get")).stdout, /^chain +Succeeded +2\/2 /m)
      assert.match((await world.cli("describe", "chain")).stdout, /Succeeded/)
      assert.equal((await world.cli("logs", "chain", "--step", "b")).stdout, "two\n")
      assert.match((await world.cli("events", "chain")).stdout, /Normal +Succeeded/)

      const halt = spec("halt", { a: gate, b: { run: "true", after: "a" } })
      assert.equal((await world.cli("run", halt)).code, 0)
      await until("a.0 runs", async () => {
        return (await world.status("halt"))?.vertices["halt.a.0"]?.phase === "Running"
      })
      const stop = await world.cli("stop", "halt", "--no-logs")
      assert.equal(stop.code, 0, stop.stderr)
      assert.match((await world.status("halt"))?.message ?? "", /^stopped by /)
      assert.equal((await world.cli("retry", "halt")).code, 0)
      await world.open("halt.a.0.r2")
      await until("it has succeeded", async () => {
        return (await world.status("halt"))?.phase === "Succeeded"
      })
      const resumed = await world.cli("run", chain, "--resume-from", "chain", "--wait")
      assert.equal(resumed.code, 0, resumed.stderr)
      assert.equal((await world.status("chain-2"))?.vertices["chain-2.a.0"]?.phase, "Reused")

      for (const name of ["chain", "halt", "chain-2"]) {
        const gone = await world.cli("delete", name, "--yes")
        assert.equal(gone.code, 0, gone.stderr)
        assert.equal(await world.status(name), undefined)
      }
      const left = await bed.kubectl("get", "jobs,pods", "-n", world.namespace, "-o", "name")
      assert.equal(left.stdout, "")
    })
  })

  test("a Job belongs to the ConfigMap and does not keep it from going", async () => {
    await inNamespace(user, async (world) => {
      await world.start("own", { a: gate })
      const job = await until("the Job is there", () => world.job("own.a.0").catch(() => undefined))
      const record = await world.record("own")
      assert.deepEqual(job.metadata.ownerReferences, [
        {
          apiVersion: "v1",
          kind: "ConfigMap",
          name: "execution.own",
          uid: record?.metadata.uid,
          controller: true,
          blockOwnerDeletion: false,
        },
      ])
      // Also who deletes the ConfigMap alone leaves nothing behind.
      await bed.api.remove(world.path("own"))
      await until("Jobs and pods are gone", async () => {
        const left = await bed.kubectl("get", "jobs,pods", "-n", world.namespace, "-o", "name")
        return left.stdout === ""
      })
    })
  })

  test("a run whose spec somebody edits stops with a sentence", async () => {
    await inNamespace(user, async (world) => {
      await world.start("edited", { a: gate, b: { run: "true", after: "a" } })
      await until("a.0 runs", async () => {
        return (await world.status("edited"))?.vertices["edited.a.0"]?.phase === "Running"
      })
      const text = (await world.record("edited"))?.data.spec.replace("true", "false")
      await bed.api.patch(world.path("edited"), { data: { spec: text } })
      const status = await until("it has ended", async () => {
        const now = await world.status("edited")
        return now?.phase === "Error" ? now : undefined
      })
      assert.equal(
        status.message,
        'The spec in the ConfigMap "execution.edited" was changed after the run began. A run keeps the spec it began with: run the new text as another run.',
      )
    })
  })

  test("a deletion that nobody finished is finished by whoever sees it, its Jobs first", async () => {
    await inNamespace(user, async (world) => {
      await world.start("half", { a: gate })
      await until("the Job is there", () => world.job("half.a.0").catch(() => undefined))
      await world.killEngine()
      const at = new Date().toISOString()
      await bed.api.patch(world.path("half"), {
        metadata: { annotations: { "execution.kubegene.io/deleted": at } },
      })
      await world.cli("get")
      await until("it is gone", async () => (await world.status("half")) === undefined)
      const left = await bed.kubectl("get", "jobs,pods", "-n", world.namespace, "-o", "name")
      assert.equal(left.stdout, "")
    })
  })

  test("with exactly the documented Role a driver in the cluster takes runs, and another follows one that was killed", async () => {
    await inNamespace(driver, async (world) => {
      const drive = (id: string) =>
        startDriverProcess(processes, {
          kubeconfig: world.kubeconfig,
          namespace: world.namespace,
          id,
        })
      const one = drive("one")
      await world.createFor("cluster", "x", { a: gate, b: { run: "true", after: "a" } })
      const driverOf = async () => (await world.status("x"))?.driver?.id
      await until("one drives", async () => (await driverOf()) === "one")
      const two = drive("two")
      await until("two waits", async () => two.said().includes("drives as"))
      await one.kill()
      await until("two drives", async () => (await driverOf()) === "two")
      await world.open("x.a.0")
      await until("it has ended", async () => (await world.status("x"))?.phase === "Succeeded")
      await two.end()
    })
  })

  test("a right that is missing is named with the Role that has it", async () => {
    await inNamespace(without(user, "create", "configmaps"), async (world) => {
      const run = await world.cli("run", spec("no", { a: "true" }), "--without-definition")
      assert.equal(run.code, 1)
      assert.match(
        run.stderr,
        /You may not create configmaps in .* Ask for the Role "kube-executions-user-without-definition"/,
      )
    })
  })
})

suite("where the definition was installed later", () => {
  test("runs that are ConfigMaps are still there, and new ones are Executions", async () => {
    await inNamespace(user, async (world) => {
      await world.start("old", { a: "true" }, "--wait")
      const request: PlaceRequest = { kind: "kube", kubeconfig: bed.kubeconfig }
      const { namespace } = world
      const { cluster, info } = await openKubePlace({ ...request, namespace })
      try {
        assert.equal(info.caution, undefined)
        await cluster.start({ onRun: () => {}, onStale: () => {} })
        assert.deepEqual([...cluster.runs()], [`${namespace}/old`])
        await assert.rejects(create(cluster, namespace, "old"), { kind: "already-exists" })
        await create(cluster, namespace, "new")
        assert.ok(await bed.api.get(executions(namespace, "new")))
        await cluster.deleteExecution(`${namespace}/old`)
        await until("the old one is gone", async () => {
          return cluster.execution(`${namespace}/old`) === undefined
        })
      } finally {
        await cluster.close()
      }
    })
  })
})

const executions = (namespace: string, name: string) =>
  `/apis/execution.kubegene.io/v1alpha1/namespaces/${namespace}/executions/${name}`

function create(cluster: Pick<KubeCluster, "createExecution">, namespace: string, name: string) {
  return cluster.createExecution(execution(namespace, name, { a: "true" }))
}

function execution(namespace: string | undefined, name: string, tasks: Tasks) {
  return {
    apiVersion: "execution.kubegene.io/v1alpha1",
    kind: "Execution",
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    spec: { tasks: readTasks(tasks) },
  } as never
}

/** A file with the spec. */
function spec(name: string, tasks: Tasks): string {
  const file = path.join(folder, `${name}-${randomUUID()}.execution.json`)
  writeFileSync(file, JSON.stringify(execution(undefined, name, tasks)))
  return file
}

interface Record {
  readonly metadata: { readonly uid: string }
  readonly data: { readonly spec: string; readonly status?: string }
}

type Status = StoredStatus & { readonly driver?: { readonly id: string } }

/** A namespace, somebody with these rights in it and no others, and an engine of their own. */
async function inNamespace(rules: readonly Rule[], work: (world: World) => Promise<void>) {
  const namespace: Namespace = await bed.namespace("record")
  const home = path.join(folder, namespace.name)
  mkdirSync(home, { mode: 0o700 })
  const world = await worldOf(namespace.name, home, rules)
  try {
    await work(world)
  } finally {
    await world.killEngine()
    await namespace.remove()
  }
}

type World = Awaited<ReturnType<typeof worldOf>>

async function worldOf(namespace: string, home: string, rules: readonly Rule[]) {
  const token = await logInAs(bed, namespace, rules)
  const kubeconfig = await writeKubeconfig(bed, path.join(home, "kubeconfig"), {
    user: { token },
    cluster: hidden.cluster,
  })
  const configMap = (name: string) => `/api/v1/namespaces/${namespace}/configmaps/execution.${name}`
  const record = async (name: string) => {
    const { items } = await bed.api.get<{
      items: readonly (Record & { metadata: { name: string } })[]
    }>(`/api/v1/namespaces/${namespace}/configmaps`)
    return items.find(({ metadata }) => metadata.name === `execution.${name}`)
  }
  const cli = (...args: string[]) => call([...args, "-n", namespace], { kubeconfig, home })
  return {
    namespace,
    kubeconfig,
    path: configMap,
    record,
    status: async (name: string): Promise<Status | undefined> => {
      const found = await record(name)
      return found && (JSON.parse(found.data.status ?? '{"vertices":{}}') as Status)
    },
    job: (name: string) =>
      bed.api.get<{ metadata: { ownerReferences: readonly object[] } }>(
        `/apis/batch/v1/namespaces/${namespace}/jobs/${name}`,
      ),
    cli,
    start: async (name: string, tasks: Tasks, ...more: string[]) => {
      const run = await cli("run", spec(name, tasks), "--without-definition", ...more)
      assert.equal(run.code, 0, run.stderr)
    },
    /** A run as our tools make it, meant for any driver in the cluster. */
    createFor: async (driver: string, name: string, tasks: Tasks) => {
      const { configMapStore } = await import("../../engine/kube/configMapStore.ts")
      const object = execution(namespace, name, tasks) as { metadata: object }
      const annotations = { "execution.kubegene.io/driver": driver }
      const made = { ...object, metadata: { ...object.metadata, annotations } }
      await bed.api.create(
        configMapStore.path(namespace),
        configMapStore.creation(made as never).body as object,
      )
    },
    /** Lets a step that runs the command `gate` go on. */
    open: (job: string) => openGate(bed, namespace, job),
    killEngine: async () => {
      const lock = path.join(home, "engine.lock")
      const pid = Number(read(lock))
      if (pid > 0) process.kill(pid, "SIGKILL")
    },
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8")
  } catch {
    return ""
  }
}

function call(
  args: readonly string[],
  { kubeconfig, home }: { readonly kubeconfig: string; readonly home: string },
): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, KUBECONFIG: kubeconfig, KUBE_EXECUTIONS_HOME: home }
  return new Promise((resolve) => {
    const program = [path.join(root, "dist/cli.js"), ...args]
    const child = execFile(process.execPath, program, { env }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? 1, stdout, stderr })
    })
  })
}
