import assert from "node:assert/strict"
import type { JobManifest } from "#core/plan/jobManifest"
import type { Json, JsonObject } from "#core/plan/json"
import type { StoredExecution } from "#engine/cluster"
import { LocalCluster } from "#engine/local/localCluster"
import type { Runtime } from "#engine/local/runtime"

/** A place in a folder, and a way to wait for what it shows. */
export interface LocalWorld {
  readonly cluster: LocalCluster
  readonly until: (condition: () => boolean) => Promise<void>
}

export async function localWorld(
  folder: string,
  runtime: Runtime,
  works?: (runtime: Runtime) => Promise<boolean>,
  now: () => number = Date.now,
): Promise<LocalWorld> {
  const looks = new Set<() => void>()
  const cluster = new LocalCluster(folder, runtime, now, works)
  const lookAll = () => {
    for (const look of [...looks]) look()
  }
  await cluster.start({ onRun: lookAll, onStale: () => {} })
  return {
    cluster,
    until: (condition) =>
      new Promise((resolve) => {
        const look = () => {
          if (!condition()) return
          looks.delete(look)
          resolve()
        }
        looks.add(look)
        look()
      }),
  }
}

export function createRun({ cluster }: LocalWorld, name: string): Promise<StoredExecution> {
  return cluster.createExecution({
    apiVersion: "execution.kubegene.io/v1alpha1",
    kind: "Execution",
    metadata: { name, namespace: "default" },
    spec: { tasks: [] },
  })
}

/** A Job of one shell line, with further parts of its specs. */
export function shellJob(
  run: StoredExecution,
  line: string,
  more: {
    readonly job?: JsonObject
    readonly pod?: JsonObject
    readonly container?: JsonObject
  } = {},
): JobManifest {
  const name = run.key.split("/")[1] ?? ""
  const container: Json = {
    name: "main",
    image: "busybox",
    command: ["sh", "-c", line],
    ...more.container,
  }
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: `${name}.t.0`,
      labels: { "execution.kubegene.io/execution": name },
      annotations: {},
      ownerReferences: [],
    },
    spec: {
      backoffLimit: 0,
      ...more.job,
      template: { metadata: { labels: {} }, spec: { containers: [container], ...more.pod } },
    },
  } as unknown as JobManifest
}

/** Creates a Job and answers what its only container printed once the Job is over. */
export async function runToEnd(world: LocalWorld, run: StoredExecution, job: JobManifest) {
  const { name } = job.metadata
  await world.cluster.createJob("default", job)
  const facts = () => world.cluster.world(run.key).jobs.get(name)
  await world.until(() => facts()?.end !== undefined)
  const pods = world.cluster.world(run.key).pods.get(name) ?? []
  const pod = pods.at(-1)
  assert.ok(pod)
  return { end: facts()?.end, pods, log: await logOf(world, pod.name, undefined) }
}

export async function logOf({ cluster }: LocalWorld, pod: string, container: string | undefined) {
  let text = ""
  for await (const chunk of await cluster.readLog({ namespace: "default", pod, container })) {
    text += chunk
  }
  return text
}
