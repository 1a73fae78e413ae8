import { expect, test } from "vitest"
import { readExecutionMetadata } from "#core/plan/execution"
import type { EventFacts } from "#core/run/observed"
import type { ExecRequest, OwnedIdentity, OwnedObject, StoredExecution } from "./cluster.ts"
import { ClusterPlace } from "./clusterPlace.ts"
import type { FileMover } from "./fileMover.ts"
import { MemoryCluster } from "./memory/memoryCluster.ts"
import type { FilesSource, SpecSource } from "./protocol.ts"

const self = { kind: "local", id: "local-1", name: "ann on lab", holder: "ann on lab (1)" } as const
const info = {
  id: "memory",
  kind: "kube",
  kubeconfig: "",
  context: "lab",
  namespace: "gene",
  server: "here",
} as const

/** A cluster in memory that keeps Secrets too; `files-in` ends once somebody sent something. */
class Cluster extends MemoryCluster {
  readonly owned = new Map<string, OwnedObject>()
  /** What was created and deleted, and when the run was over by then. */
  readonly told: string[] = []
  readonly sent = Promise.withResolvers<string>()
  failures = 0

  async createOwned(run: StoredExecution, object: OwnedObject): Promise<string> {
    this.told.push(`create ${object.kind}/${object.name} of ${run.key}`)
    this.owned.set(object.kind, object)
    return `uid-of-${object.kind}`
  }

  async deleteOwned(namespace: string, { kind, name, uid }: OwnedIdentity): Promise<void> {
    expect(uid).toBe(`uid-of-${kind}`)
    const { finishedAt } = (this.execution(`${namespace}/execute`)?.object.status ?? {}) as Status
    this.told.push(`delete ${kind}/${name} ${finishedAt ? "after" : "before"} the end is known`)
    this.owned.delete(kind)
  }

  async exec({ input, command }: ExecRequest): Promise<void> {
    if (this.failures-- > 0) throw new Error("the line was cut")
    let text = `${command.at(-1)} `
    for await (const chunk of input) text += Buffer.from(chunk).toString()
    this.sent.resolve(text)
  }
}

interface Status {
  readonly finishedAt?: string | null
}

const mover: FileMover = {
  image: "node:24",
  look: async ({ kind }) => {
    const profile = kind === "colony" ? "the keys" : undefined
    return { from: "somewhere", files: 2, bytes: 10, snapshot: "s1", profile }
  },
  program: async () => "program",
  async *send(folder, _wanted, run) {
    yield Buffer.from(`${folder} for ${run}`)
  },
}

const spec = {
  conditions: {
    executortype: "kube",
    nodes: 1,
    processespernode: 1,
    cpu: "500m",
    mem: "256Mi",
    walltime: 120,
  },
  funcname: "execute",
  kwargs: { "docker-image": "busybox", cmd: "true" },
  fs: { mount: "/cfs", dirs: [{ label: "/in", dir: "/in" }] },
  maxexectime: 100,
  maxretries: 1,
}

function source(files: FilesSource | undefined, claim: string | undefined = "lab"): SpecSource {
  return { path: "x.json", text: JSON.stringify(spec), document: 0, claim, files }
}

const colony: FilesSource = { kind: "colony", profile: { name: "lab", variables: {} } }

async function placeOf(cluster: Cluster): Promise<ClusterPlace> {
  const place = new ClusterPlace({ info, cluster, self, log: () => {}, mover })
  await place.start()
  return place
}

const phaseOf = (place: ClusterPlace) => () => place.opened.summary("gene/execute")?.phase
const ended = { timeout: 10_000 }

test("what moves a run's files is created with it and gone before its end is known", async () => {
  const cluster = new Cluster(async () => ({ log: "", exitCode: 0 }), Date.now)
  const place = await placeOf(cluster)
  const prepared = await place.prepareRun(source(colony), {})
  expect(prepared).toMatchObject({
    name: "execute",
    jobs: 3,
    files: { claim: "lab", objects: ["ConfigMap/execute.files", "Secret/execute.files"] },
  })
  expect(cluster.told).toEqual([])
  await place.startRun(source(colony), { name: "execute" })
  await expect.poll(phaseOf(place), ended).toBe("succeeded")
  expect(cluster.told.slice(0, 4)).toEqual([
    "create ConfigMap/execute.files of gene/execute",
    "create Secret/execute.files of gene/execute",
    "delete Secret/execute.files before the end is known",
    "delete ConfigMap/execute.files before the end is known",
  ])
  expect(JSON.stringify(cluster.execution("gene/execute"))).not.toContain("the keys")
  const retry = place.wish("execute", { kind: "retry", by: "ann" })
  await expect(retry).rejects.toThrow(/the keys for that were deleted at its end/)
  await place.stop()
})

test("a Secret that a run did not create stays, whatever its name and whatever the run says of files", async () => {
  const cluster = new Cluster(async () => ({ log: "", exitCode: 0 }), Date.now)
  const place = await placeOf(cluster)
  await cluster.createExecution({
    apiVersion: "execution.kubegene.io/v1alpha1",
    kind: "Execution",
    metadata: {
      name: "execute",
      namespace: "gene",
      annotations: {
        "execution.kubegene.io/driver": "local-1",
        "execution.kubegene.io/files": JSON.stringify({ from: "colony", claim: "lab", tasks: [] }),
      },
    },
    spec: { tasks: [{ name: "t", type: "Job", image: "busybox", commandSet: ["true"] }] },
  })
  await expect.poll(phaseOf(place), ended).toBe("succeeded")
  expect(cluster.told).toEqual([])
  await place.stop()
})

test("of a run whose files come from a folder only what was created is deleted", async () => {
  const cluster: Cluster = new Cluster(async (_command, job) => {
    if (job.includes("files-in")) await cluster.sent.promise
    return { log: "", exitCode: 0 }
  }, Date.now)
  const place = await placeOf(cluster)
  await place.startRun(source({ kind: "folder", path: "/data" }), { name: "execute" })
  await expect.poll(phaseOf(place), ended).toBe("succeeded")
  expect(new Set(cluster.told)).toEqual(
    new Set([
      "create ConfigMap/execute.files of gene/execute",
      "delete ConfigMap/execute.files before the end is known",
      "delete ConfigMap/execute.files after the end is known",
    ]),
  )
  await place.stop()
})

test("keys that come only when the run is over already do not stay either", async () => {
  class Late extends Cluster {
    override async createOwned(run: StoredExecution, object: OwnedObject): Promise<string> {
      const finishedAt = () => (this.execution(run.key)?.object.status as Status)?.finishedAt
      await expect.poll(finishedAt, ended).toBeTruthy()
      return super.createOwned(run, object)
    }
  }
  const cluster = new Late(async () => ({ log: "", exitCode: 0 }), Date.now)
  const place = await placeOf(cluster)
  await place.startRun(source(colony), { name: "execute" })
  expect(cluster.told).toContain("create Secret/execute.files of gene/execute")
  expect([...cluster.owned.keys()]).toEqual([])
  await place.stop()
})

test("the files of a folder are sent to the step that waits, again when that failed, and it is said", async () => {
  const cluster: Cluster = new Cluster(async (_command, job) => {
    if (job.includes("files-in")) await cluster.sent.promise
    return { log: "", exitCode: 0 }
  }, Date.now)
  cluster.failures = 1
  const place = await placeOf(cluster)
  const folder: FilesSource = { kind: "folder", path: "/data" }
  await place.startRun(source(folder), { name: "execute" })
  const trouble = () => place.opened.summary("gene/execute")?.trouble
  await expect.poll(trouble, ended).toBe('The files of "/data" do not come: the line was cut')
  expect(place.isBusy()).toBe(true)
  expect(await cluster.sent.promise).toBe("take /data for execute")
  await expect.poll(phaseOf(place), ended).toBe("succeeded")
  expect(trouble()).toBeUndefined()
  expect(cluster.told).not.toContain("create Secret/execute.files of gene/execute")
  await place.stop()
})

test("without a claim, or where nothing can be brought, that is said before anything is created", async () => {
  const cluster = new Cluster(async () => ({ log: "", exitCode: 0 }), Date.now)
  const place = await placeOf(cluster)
  const unclaimed = { ...source(colony), claim: undefined }
  await expect(place.startRun(unclaimed, { name: "execute" })).rejects.toThrow(/none is named/)
  const plain = new ClusterPlace({
    info,
    cluster: new MemoryCluster(async () => ({ log: "", exitCode: 0 }), Date.now),
    self,
    log: () => {},
    mover,
  })
  await plain.start()
  await expect(plain.startRun(source(colony), { name: "execute" })).rejects.toThrow(
    /brought to a cluster only/,
  )
  expect([...cluster.runs()]).toEqual([])
  await Promise.all([place.stop(), plain.stop()])
})

test("events of a Job and its pods come from a fresh look, oldest first; a place that keeps none says so", async () => {
  class Telling extends Cluster {
    async readEvents(namespace: string, about: string): Promise<readonly EventFacts[]> {
      const at = about.startsWith("Pod/") ? 1 : 2
      const event = { type: "Normal", reason: `${namespace} ${about}`, message: "", count: 1 }
      return about === "Job/b" ? [] : [{ ...event, firstAt: at, lastAt: at }]
    }
  }
  const perform = async () => ({ log: "", exitCode: 0 })
  const place = await placeOf(new Telling(perform, Date.now))
  const events = await place.readEvents(["Job/a", "Job/b", "Pod/a-x"])
  expect(events?.map(({ about, reason }) => [about, reason])).toEqual([
    ["Pod/a-x", "gene Pod/a-x"],
    ["Job/a", "gene Job/a"],
  ])
  const silent = await placeOf(new Cluster(perform, Date.now))
  expect(await silent.readEvents(["Job/a"])).toBeNull()
  await Promise.all([place.stop(), silent.stop()])
})

test("a run is left to a driver in the cluster only when that is seen to live, and it is said", async () => {
  const cluster = new Cluster(async () => undefined, Date.now)
  const place = new ClusterPlace({ info, cluster, self, log: () => {}, mover: undefined })
  await place.start()
  const driver = { kind: "cluster", id: "one", name: "one" } as const
  const wish = { namespace: "gene", driver, holder: "one" }
  const wantedBy = (name: string) => {
    const { annotations } = readExecutionMetadata(cluster.execution(`gene/${name}`)?.object)
    return annotations["execution.kubegene.io/driver"]
  }
  const plain = { ...source(undefined), files: undefined }
  expect(await place.startRun(plain, { name: "alone" })).toMatchObject({ driver: "here" })
  expect(wantedBy("alone")).toBe("local-1")
  const { version } = await cluster.writeLease(wish)
  const started = place.startRun(plain, { name: "left" })
  await new Promise(setImmediate)
  await cluster.writeLease(wish, version)
  expect(await started).toMatchObject({ driver: "cluster" })
  expect(wantedBy("left")).toBe("cluster")
  await place.stop()
})
