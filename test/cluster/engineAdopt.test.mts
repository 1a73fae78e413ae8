import assert from "node:assert/strict"
import { after, before, suite, test } from "node:test"
import { type Cluster, type Namespace, useCluster } from "./cluster.mts"
import {
  type ApiObject,
  type Engine,
  type Execution,
  executionsPath,
  openEngine,
  phases,
  vertexOf,
} from "./engine.mts"
import { readTasks, type Tasks } from "./engineTasks.mts"
import { installExecutions } from "./installExecutions.mts"

let bed: Cluster
/** The engines come after what they find is there. */
let namespace: Namespace
const engines: Engine[] = []

before(async () => {
  bed = await useCluster()
  await installExecutions(bed)
  namespace = await bed.namespace("engine-adopt")
  await Promise.all([makeAdopted(), makeForgotten(), makeUpstream(), makeUpstreamEnd()])
  // Two at once, as when a machine takes over from one that is not dead after all.
  engines.push(await openEngine(bed, namespace.name), await openEngine(bed, namespace.name))
})

after(async () => {
  await Promise.all(engines.map((engine) => engine.close()))
  await namespace?.remove()
  bed?.close()
})

suite("an engine takes up what it finds:", { concurrency: true }, () => {
  test("a Job of the step, made by another version, is adopted and not made again", async () => {
    const end = await first().follow("adopted").ended()
    assert.equal(end.status.phase, "Succeeded", end.status.message)
    const job = await first().follow("adopted").job("a.0")
    assert.equal(job.metadata.annotations?.["execution.kubegene.io/template-hash"], "older")
    assert.equal(await first().follow("adopted").log("a.0"), "made by another version\n")
  })

  test("a Job that bears only KubeGene's own label is adopted and followed to its end", async () => {
    const end = await first().follow("unlabelled").ended()
    assert.equal(end.status.phase, "Succeeded", end.status.message)
    assert.equal(await first().follow("unlabelled").log("a.0"), "made by upstream\n")
  })

  test("a status that KubeGene's controller wrote is understood and carried on", async () => {
    const run = first().follow("upstream")
    const end = await run.ended()
    assert.equal(end.status.phase, "Succeeded", end.status.message)
    assert.equal(end.status.message, "execution has run successfully")
    assert.deepEqual(phases(end, "upstream"), {
      "a.0": "Succeeded",
      "b.0": "Succeeded",
      "b.1": "Succeeded",
    })
    assert.equal(vertexOf(end, "upstream", "a.0").message, "success")
    // The step that had ended there was not run again.
    assert.deepEqual((await run.jobs()).map(({ metadata }) => metadata.name).sort(), [
      "upstream.b.0",
      "upstream.b.1",
    ])
  })

  test("an Execution that KubeGene's controller has ended is left as it is", async () => {
    // The others of this namespace have moved by then, so this one had its turn.
    await first().follow("adopted").ended()
    const { status } = await first().get<Execution>(executionsPath(namespace.name, "upstream-end"))
    assert.deepEqual(status, upstreamEnd)
    assert.equal(first().follow("upstream-end").look()?.view.phase, "succeeded")
  })

  test("two engines at once make each Job once and reach one end", async () => {
    const run = await first().run("shared", {
      a: ["true", "true", "true"],
      b: { run: ["true", "true", "true"], after: "=a" },
      c: { run: "true", after: "b" },
    })
    const end = await run.ended()
    assert.equal(end.status.phase, "Succeeded", end.status.message)
    const jobs = await run.jobs()
    assert.equal(jobs.length, 7)
    const other = await engines[1]?.follow("shared").ended()
    assert.deepEqual(other?.status, end.status)
  })
})

const first = (): Engine => {
  const [engine] = engines
  assert.ok(engine)
  return engine
}

const execution = "execution.kubegene.io"

async function create(name: string, tasks: Tasks): Promise<ApiObject> {
  return bed.api.create(executionsPath(namespace.name), {
    apiVersion: "execution.kubegene.io/v1alpha1",
    kind: "Execution",
    metadata: { name },
    spec: { tasks: readTasks(tasks) },
  })
}

/** The Job of an Execution's step, as somebody else makes it. */
function createJob(
  owner: ApiObject,
  name: string,
  labels: object,
  annotations: object,
  says: string,
) {
  return bed.api.create(`/apis/batch/v1/namespaces/${namespace.name}/jobs`, {
    metadata: {
      name,
      labels: { "controller-uid": owner.metadata.uid, ...labels },
      annotations,
      ownerReferences: [
        {
          apiVersion: `${execution}/v1alpha1`,
          kind: "Execution",
          name: owner.metadata.name,
          uid: owner.metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      backoffLimit: 0,
      template: {
        spec: {
          restartPolicy: "Never",
          terminationGracePeriodSeconds: 1,
          containers: [{ name: "x", image: "busybox", command: ["sh", "-c", `echo ${says}`] }],
        },
      },
    },
  })
}

async function makeAdopted(): Promise<void> {
  const owner = await create("adopted", { a: "echo mine", b: { run: "true", after: "a" } })
  const labels = { execution: "adopted", task: "a", index: "0", attempt: "1" }
  await createJob(
    owner,
    "adopted.a.0",
    Object.fromEntries(
      Object.entries(labels).map(([key, value]) => [`${execution}/${key}`, value]),
    ),
    { [`${execution}/template-hash`]: "older" },
    "made by another version",
  )
}

async function makeForgotten(): Promise<void> {
  const owner = await create("unlabelled", { a: "echo mine", b: { run: "true", after: "a" } })
  await createJob(owner, "unlabelled.a.0", {}, {}, "made by upstream")
}

/** a has ended and its Job is gone; b's Jobs are still to be made. */
async function makeUpstream(): Promise<void> {
  await create("upstream", {
    a: "exit 1",
    b: {
      after: "a",
      commandsIter: { command: "echo ${1}", varsIter: [["x", "y"]] },
    },
  })
  await bed.api.patch(`${executionsPath(namespace.name, "upstream")}/status`, {
    status: {
      phase: "Running",
      message: "execution is running",
      startedAt: "2026-11-20T10:00:00Z",
      finishedAt: null,
      vertices: {
        "upstream.a.0": {
          id: "upstream.a.0",
          name: "upstream.a.0",
          type: "Job",
          phase: "Succeeded",
          message: "success",
          startedAt: null,
          finishedAt: null,
          children: ["upstream.b."],
        },
      },
    },
  })
}

const upstreamEnd = {
  phase: "Succeeded",
  message: "execution has run successfully",
  startedAt: "2026-11-20T10:00:00Z",
  finishedAt: "2026-11-20T10:01:00Z",
  vertices: {
    "upstream-end.a.0": {
      id: "upstream-end.a.0",
      name: "upstream-end.a.0",
      type: "",
      phase: "Succeeded",
      message: "success",
      startedAt: null,
      finishedAt: null,
    },
  },
}

async function makeUpstreamEnd(): Promise<void> {
  await create("upstream-end", { a: "true" })
  // A merge patch would take each null for a wish to remove the field.
  const patch = JSON.stringify([{ op: "add", path: "/status", value: upstreamEnd }])
  const how = ["--subresource=status", "--type=json", "-p", patch, "-n", namespace.name]
  const patched = await bed.kubectl("patch", "executions", "upstream-end", ...how)
  assert.equal(patched.code, 0, patched.stderr)
}
