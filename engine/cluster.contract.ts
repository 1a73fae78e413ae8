import assert from "node:assert/strict"
import { readExecution } from "#core/plan/execution"
import { type JobManifest, jobManifest } from "#core/plan/jobManifest"
import type { Cluster, StoredExecution } from "./cluster.ts"
import { ClusterError, type ClusterErrorKind } from "./clusterError.ts"

/** What a place is tried with: a fresh cluster, and a way to wait for what it shows. */
export interface ContractWorld {
  readonly cluster: Cluster
  readonly namespace: string
  /** Resolves when the condition holds; asked again whenever the cluster tells of a change. */
  readonly until: (what: string, condition: () => boolean) => Promise<void>
}

export interface ContractCase {
  readonly name: string
  readonly run: (world: ContractWorld) => Promise<void>
}

/**
 * What every place promises the engine. It runs on the memory place always and on a real API server
 * with a real kubelet in test/cluster, so the one cannot drift into a bad copy of the other.
 */
export const clusterContract: readonly ContractCase[] = [
  {
    name: "an Execution that was created is shown at once, and its name is taken",
    run: async ({ cluster, namespace }) => {
      const made = await create(cluster, namespace, "taken")
      assert.equal(cluster.execution(`${namespace}/taken`)?.uid, made.uid)
      await refused("already-exists", create(cluster, namespace, "taken"))
    },
  },
  {
    name: "a status is written over the version it was read from and over no other",
    run: async ({ cluster, namespace }) => {
      const first = await create(cluster, namespace, "status")
      await cluster.writeStatus(first, { phase: "Running", message: "one" })
      const second = cluster.execution(first.key)
      assert.deepEqual(second?.object.status, { phase: "Running", message: "one" })
      await refused("conflict", cluster.writeStatus(first, { phase: "Failed", message: "two" }))
      assert.deepEqual(cluster.execution(first.key)?.object.status, {
        phase: "Running",
        message: "one",
      })
    },
  },
  {
    name: "a Job runs, what it printed can be read, and its end is shown",
    run: async ({ cluster, namespace, until }) => {
      const execution = await create(cluster, namespace, "good")
      const manifest = job(execution, "echo one; echo two")
      await cluster.createJob(namespace, manifest)
      const { name } = manifest.metadata
      assert.ok(cluster.world(execution.key).jobs.has(name), "the Job is not shown at once")
      await until("the Job is complete", () => {
        return cluster.world(execution.key).jobs.get(name)?.end?.kind === "complete"
      })
      const [pod] = cluster.world(execution.key).pods.get(name) ?? []
      assert.ok(pod, "the Job has no pod")
      const [container] = pod.containers
      assert.ok(container, "the pod has no container")
      assert.deepEqual(container.state.kind === "terminated" && container.state.exitCode, 0)
      const request = { namespace, pod: pod.name, container: container.name }
      assert.equal(await text(cluster.readLog(request)), "one\ntwo\n")
      assert.equal(await text(cluster.readLog({ ...request, limitBytes: 5 })), "one\nt")
    },
  },
  {
    name: "a Job that fails says so, with its exit code",
    run: async ({ cluster, namespace, until }) => {
      const execution = await create(cluster, namespace, "bad")
      const manifest = job(execution, "exit 3")
      await cluster.createJob(namespace, manifest)
      const { name } = manifest.metadata
      await until("the Job failed", () => {
        return cluster.world(execution.key).jobs.get(name)?.end?.kind === "failed"
      })
      const state = cluster.world(execution.key).pods.get(name)?.[0]?.containers[0]?.state
      assert.equal(state?.kind === "terminated" && state.exitCode, 3)
    },
  },
  {
    name: "the same Job is created once; the second try finds it there",
    run: async ({ cluster, namespace }) => {
      const execution = await create(cluster, namespace, "twice")
      const manifest = job(execution, "echo once")
      await cluster.createJob(namespace, manifest)
      await refused("already-exists", cluster.createJob(namespace, manifest))
      assert.equal(await cluster.lookForJob(execution.key, manifest.metadata.name), true)
      assert.equal(await cluster.lookForJob(execution.key, "never-created"), false)
    },
  },
  {
    name: "a deleted Job goes, with its pods; deleting it again, or another by its name, is no error",
    run: async ({ cluster, namespace, until }) => {
      const execution = await create(cluster, namespace, "gone")
      const manifest = job(execution, "sleep 600")
      await cluster.createJob(namespace, manifest)
      const { name } = manifest.metadata
      await until("a pod runs", () => {
        return cluster.world(execution.key).pods.get(name)?.[0]?.phase === "Running"
      })
      const uid = cluster.world(execution.key).jobs.get(name)?.uid ?? ""
      await cluster.deleteJob(namespace, name, "another-uid")
      assert.ok(cluster.world(execution.key).jobs.has(name), "the wrong Job was deleted")
      await cluster.deleteJob(namespace, name, uid)
      await until("Job and pods are gone", () => {
        const { jobs, pods } = cluster.world(execution.key)
        return !jobs.has(name) && !pods.has(name)
      })
      await cluster.deleteJob(namespace, name, uid)
    },
  },
  {
    name: "a run that is deleted goes with its Jobs and pods, and is seen until then",
    run: async ({ cluster, namespace, until }) => {
      const execution = await create(cluster, namespace, "deleted")
      const manifest = job(execution, "sleep 600")
      await cluster.createJob(namespace, manifest)
      const { name } = manifest.metadata
      assert.equal(cluster.world(execution.key).jobs.get(name)?.ownerUid, execution.uid)
      await until("a pod runs", () => {
        return cluster.world(execution.key).pods.get(name)?.[0]?.phase === "Running"
      })
      const { resourceVersion, uid } = execution
      await cluster.annotate(execution.key, { note: "changed" })
      await refused("conflict", cluster.deleteExecution(execution.key, { uid, resourceVersion }))
      await refused(
        "conflict",
        cluster.deleteExecution(execution.key, { uid: "another", resourceVersion }),
      )
      await cluster.deleteExecution(execution.key)
      await until("the run is gone", () => {
        const isThere = cluster.execution(execution.key) !== undefined
        const { jobs, pods } = cluster.world(execution.key)
        if (!isThere) assert.deepEqual([jobs.has(name), pods.has(name)], [false, false])
        return !isThere
      })
      assert.equal(await cluster.readExecution(execution.key), undefined)
      const again = await create(cluster, namespace, "deleted")
      assert.notEqual(again.uid, execution.uid)
    },
  },
  {
    name: "a driver's Lease is made once, moved over the version that was read, and seen by others",
    run: async ({ cluster, namespace }) => {
      const driver = { kind: "cluster", id: "driver-1", name: "a driver" } as const
      const wish = { namespace, driver, holder: "one" }
      assert.equal(await cluster.readLease(namespace, driver.id), undefined)
      const first = await cluster.writeLease(wish, undefined)
      await refused("already-exists", cluster.writeLease(wish, undefined))
      const second = await cluster.writeLease({ ...wish, holder: "two" }, first.version)
      assert.notEqual(second.version, first.version)
      await refused("conflict", cluster.writeLease(wish, first.version))
      assert.deepEqual(await cluster.readLease(namespace, driver.id), {
        key: `${namespace}/driver-1`,
        kind: "cluster",
        holder: "two",
        version: second.version,
      })
      // Leases move in silence, so something that is told of makes us look.
      const execution = await create(cluster, namespace, "leased")
      const isSeen = () => {
        return cluster.leases()?.get(`${namespace}/driver-1`)?.version === second.version
      }
      while (!isSeen()) await cluster.annotate(execution.key, { look: String(Math.random()) })
      await refused("conflict", cluster.deleteLease(namespace, driver.id, first.version))
      await cluster.deleteLease(namespace, driver.id, second.version)
      await cluster.deleteLease(namespace, driver.id, second.version)
      assert.equal(await cluster.readLease(namespace, driver.id), undefined)
    },
  },
  {
    name: "what is told of a run can be read again, and not by another run",
    async run({ cluster, namespace }) {
      const execution = await create(cluster, namespace, "told")
      const other = await create(cluster, namespace, "told-2")
      const news = { type: "Normal", reason: "Started", message: "execution has started" } as const
      await cluster.tell(execution, news, Date.parse("2026-01-01T10:00:00Z"))
      const [event, ...more] = await cluster.readNews(execution.key)
      assert.equal(more.length, 0)
      assert.deepEqual(event, {
        ...news,
        count: 1,
        firstAt: Date.parse("2026-01-01T10:00:00Z"),
        lastAt: Date.parse("2026-01-01T10:00:00Z"),
      })
      assert.deepEqual(await cluster.readNews(other.key), [])
    },
  },
]

function create(cluster: Cluster, namespace: string, name: string): Promise<StoredExecution> {
  const task = { name: "t", type: "Job", image: "busybox", commandSet: ["true"] }
  return cluster.createExecution({
    apiVersion: "execution.kubegene.io/v1alpha1",
    kind: "Execution",
    metadata: { name, namespace },
    spec: { tasks: [task] },
  })
}

function job(execution: StoredExecution, command: string): JobManifest {
  const read = readExecution(execution.object)
  assert.equal(read.kind, "execution")
  const [task] = read.execution.spec.tasks
  assert.ok(task)
  const manifest = jobManifest(read.execution, {
    task: { ...task, jobTemplate: quickToEnd },
    index: 0,
    attempt: 1,
    command,
    stepHash: "none",
  })
  return manifest
}

/** Shells as process 1 ignore the polite signal, so do not wait for them long. */
const quickToEnd = { spec: { template: { spec: { terminationGracePeriodSeconds: 1 } } } }

async function text(chunks: Promise<AsyncIterable<string>>): Promise<string> {
  let all = ""
  for await (const chunk of await chunks) all += chunk
  return all
}

async function refused(kind: ClusterErrorKind, request: Promise<unknown>): Promise<void> {
  await assert.rejects(request, (error: unknown) => {
    assert.ok(error instanceof ClusterError, String(error))
    assert.equal(error.kind, kind)
    return true
  })
}
