import assert from "node:assert/strict"
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { networkInterfaces } from "node:os"
import { join } from "node:path"
import { after, before, suite, test } from "node:test"
import { connectColonies } from "#colonies/client/server"
import { listRemote, newestRecord } from "#colonies/files/colonyFiles"
import { openFileStore } from "#colonies/files/fileStore"
import { applySync, planSync, type SyncWorld } from "#colonies/files/sync"
import { download, storedFile } from "#colonies/files/transfer"
import type { FilesSource } from "#engine/protocol"
import type { ColoniesServer } from "../support/colonies/coloniesServer.mts"
import { devKeys, startDevColony } from "../support/colonies/devColony.mts"
import { type S3Server, startS3 } from "../support/colonies/s3.mts"
import { openRun } from "../support/run.mts"
import { type Cluster, type Namespace, useCluster } from "./cluster.mts"
import { type Execution, executionsPath } from "./engine.mts"
import { type EngineProcess, startEngineProcess } from "./engineProcess.mts"
import { installExecutions } from "./installExecutions.mts"
import { documentedRules, logInAs, writeKubeconfig } from "./logins.mts"
import { until } from "./until.mts"
import { withoutDefinition } from "./withoutDefinition.mts"

const keys = { accessKey: "suite", secretKey: "suite-secret-that-is-nowhere", region: "eu-north-1" }
const signal = AbortSignal.timeout(600_000)

let bed: Cluster
let namespace: Namespace
let engine: EngineProcess
let place: string
let server: ColoniesServer
let s3: S3Server
let world: SyncWorld
let variables: Record<string, string>
let volume: string
const processes = openRun()

before(async () => {
  bed = await useCluster("wholeCluster")
  await installExecutions(bed)
  namespace = await bed.namespace("files")
  const { name } = namespace
  volume = name
  const host = await addressForPods()
  server = await startDevColony({ host })
  s3 = await startS3(keys, host)
  variables = {
    COLONIES_SERVER_HOST: host,
    COLONIES_SERVER_PORT: String(server.port),
    COLONIES_TLS: "false",
    COLONIES_COLONY_NAME: "dev",
    COLONIES_PRVKEY: devKeys.user,
    AWS_S3_ENDPOINT: s3.endpoint,
    AWS_S3_ACCESSKEY: keys.accessKey,
    AWS_S3_SECRETKEY: keys.secretKey,
    AWS_S3_REGION: keys.region,
    AWS_S3_BUCKET: "suite",
  }
  const storage = { ...keys, endpoint: s3.endpoint, bucket: "suite", tls: false, skipVerify: false }
  const colony = connectColonies({ host, port: server.port, tls: false, privateKey: devKeys.user })
  world = {
    files: { server: colony, colony: "dev" },
    store: await openFileStore(storage, signal),
    storage,
  }
  await makeClaim(name)
  engine = await startEngineProcess(processes, "files")
  const request = { kind: "kube", kubeconfig: bed.kubeconfig, namespace: name } as const
  place = (await engine.call("place/open", request)).place.id
})

after(async () => {
  await processes.close()
  world?.store.close()
  await world?.files.server.close()
  await Promise.all([server?.close(), s3?.close()])
  await namespace?.remove()
  if (volume) await bed.kubectl("delete", "pv", volume, "--wait=false")
  bed?.close()
})

/** Reads what came, and leaves a file that says it in capitals. */
const spec = {
  conditions: {
    executortype: "kube",
    nodes: 1,
    processespernode: 1,
    cpu: "100m",
    mem: "64Mi",
    walltime: 300,
  },
  funcname: "execute",
  kwargs: {
    "docker-image": "busybox",
    cmd: "mkdir -p /cfs/out && tr a-z A-Z < /cfs/in/hello.txt > /cfs/out/hello.txt && cat /cfs/out/hello.txt",
  },
  fs: {
    mount: "/cfs",
    dirs: [
      { label: "/in", dir: "/in", keepfiles: true },
      {
        label: "/out",
        dir: "/out",
        keepfiles: true,
        onconflicts: { onclose: { keeplocal: true } },
      },
    ],
  },
  maxexectime: 200,
  maxretries: 1,
}

suite("the files of a run in a cluster", () => {
  test("come from the colony before the first step and go back after the last, and no key stays", async () => {
    await upload("/in", "hello from the colony\n")
    const files = colonySource()
    const prepared = await engine.call("run/prepare", { place, spec: source(files) })
    assert.deepEqual(prepared.files, {
      from: `the colony "dev" at ${variables.COLONIES_SERVER_HOST}:${server.port}`,
      claim: "lab",
      files: 1,
      bytes: 22,
      objects: ["ConfigMap/execute.files", "Secret/execute.files"],
    })
    assert.equal(prepared.jobs, 3)
    assert.deepEqual(await named("secret,configmap"), [])
    await start("first", files)
    assert.equal(await phase("first"), "Succeeded")
    assert.match(await log("first.execute.0"), /HELLO FROM THE COLONY/)
    assert.match(
      await log("first.files-in.0"),
      /ColonyOS: Starting directory synchronization: Label:\/in Dir:\/in Download:1 Upload:0 Conflicts:0 ConflictResolutionStrategy:keepremote/,
    )
    assert.equal(await contentOf("/out", "hello.txt"), "HELLO FROM THE COLONY\n")
    assert.deepEqual(await named("secret,configmap"), [])
    const stored = JSON.stringify(await bed.api.get(executionsPath(namespace.name, "first")))
    for (const secret of [keys.secretKey, devKeys.user]) assert.ok(!stored.includes(secret))
  })

  test("are not fetched again while they are the same, and are when one is another", async () => {
    const files = colonySource()
    await start("second", files, { resumeFrom: { name: "first" } })
    await phase("second")
    // What the first run sent back is a new file of the colony.
    await start("third", files, { resumeFrom: { name: "second" } })
    assert.equal(await phase("third"), "Succeeded")
    assert.deepEqual(await vertices("third"), {
      "third.execute.0": "Reused",
      "third.files-in.0": "Reused",
      "third.files-out.0": "Reused",
    })
    await upload("/in", "hello again\n")
    await start("fourth", files, { resumeFrom: { name: "third" } })
    assert.equal(await phase("fourth"), "Succeeded")
    assert.deepEqual(Object.values(await vertices("fourth")), [
      "Succeeded",
      "Succeeded",
      "Succeeded",
    ])
    assert.equal(await contentOf("/out", "hello.txt"), "HELLO AGAIN\n")
  })

  test("stay on the claim after a failure, which is said, and go back with the run that takes it up", async () => {
    await upload("/in", "hello for two\n")
    const files = colonySource()
    await start("broken", files, {}, workflow("sleep 600", 5))
    assert.equal(await phase("broken"), "Failed")
    assert.match(
      (await read("broken")).status?.message ?? "",
      /^"check" failed: .*; what its steps left was not sent back to the colony: it is on the claim "lab"$/,
    )
    assert.equal(await contentOf("/out", "hello.txt"), "HELLO AGAIN\n")
    assert.deepEqual(await named("secret,configmap"), [])
    await start("mended", files, { resumeFrom: { name: "broken" } }, workflow("true", 300))
    assert.equal(await phase("mended"), "Succeeded")
    assert.deepEqual(await vertices("mended"), {
      "mended.check.0": "Succeeded",
      "mended.files-in.0": "Reused",
      "mended.files-out.0": "Succeeded",
      "mended.make.0": "Reused",
    })
    assert.equal(await contentOf("/out", "hello.txt"), "HELLO FOR TWO\n")
  })

  test("a run that moved files is not retried without its keys: it is said what to do", async () => {
    const wish = { place, run: "first", wish: "retry", by: "suite" } as const
    await assert.rejects(engine.call("run/wish", wish), /deleted at its end. Run its spec again/)
  })

  test("come from a folder of this machine, checked, also after an engine that was killed", async () => {
    const folder = join(processes.folder, "data")
    mkdirSync(join(folder, "in", "deep"), { recursive: true })
    mkdirSync(join(folder, "out"))
    writeFileSync(join(folder, "in", "hello.txt"), "hello from a folder\n")
    writeFileSync(join(folder, "in", "deep", "large"), Buffer.alloc(5_000_000, 7))
    const files: FilesSource = { kind: "folder", path: folder }
    const prepared = await engine.call("run/prepare", { place, spec: source(files) })
    assert.deepEqual(prepared.files?.objects, ["ConfigMap/execute.files"])
    assert.equal(prepared.files?.files, 2)
    await start("fifth", files)
    await engine.kill()
    engine = await startEngineProcess(processes, "files")
    const request = { kind: "kube", kubeconfig: bed.kubeconfig, namespace: namespace.name } as const
    place = (await engine.call("place/open", request)).place.id
    assert.equal(await phase("fifth"), "Succeeded")
    assert.match(await log("fifth.execute.0"), /HELLO FROM A FOLDER/)
    assert.match(await log("fifth.files-in.0"), /2 files have arrived/)
    assert.deepEqual(await named("secret,configmap"), [])
  })

  test("come from the colony with exactly the documented Role where the cluster does not know Executions", async () => {
    await upload("/in", "hello to a record\n")
    const rules = await documentedRules("kube-executions-user-without-definition")
    const token = await logInAs(bed, namespace.name, rules)
    const hidden = await withoutDefinition(bed)
    try {
      const kubeconfig = await writeKubeconfig(bed, join(processes.folder, "user"), {
        user: { token },
        cluster: hidden.cluster,
      })
      const own = await engine.call("place/open", {
        kind: "kube",
        kubeconfig,
        namespace: namespace.name,
        withoutDefinition: true,
      })
      const spec = source(colonySource())
      const run = { place: own.place.id, run: "recorded" }
      await engine.call("run/start", { ...run, spec, options: { name: run.run } })
      const ended = await until("it has ended", async () => {
        const view = await engine.call("run/open", run)
        return view.finishedAt === null ? undefined : view
      })
      assert.equal(ended.phase, "succeeded", ended.trouble)
      assert.match(await log("recorded.execute.0"), /HELLO TO A RECORD/)
      assert.deepEqual(await named("secret,configmap"), [])
    } finally {
      hidden.close()
    }
  })

  test("a Secret of somebody else stays, though its name is that of a run's keys", async () => {
    await bed.kubectl("create", "secret", "generic", "seventh.files", "-n", namespace.name)
    const folder = join(processes.folder, "seventh")
    mkdirSync(join(folder, "in"), { recursive: true })
    mkdirSync(join(folder, "out"))
    writeFileSync(join(folder, "in", "hello.txt"), "hello beside a Secret\n")
    await start("seventh", { kind: "folder", path: folder })
    assert.equal(await phase("seventh"), "Succeeded")
    assert.deepEqual(await named("secret,configmap"), ["secret/seventh.files"])
    await bed.kubectl("delete", "secret", "seventh.files", "-n", namespace.name)
  })

  test("a folder without what the spec wants is refused before anything is created", async () => {
    const folder = join(processes.folder, "empty")
    mkdirSync(folder)
    const asked = { place, spec: source({ kind: "folder", path: folder }) }
    await assert.rejects(
      engine.call("run/start", { ...asked, options: { name: "sixth" } }),
      /"execute" wants the files of "\/in", and there is no folder/,
    )
    const found = await bed.kubectl("get", "executions", "sixth", "-n", namespace.name)
    assert.notEqual(found.code, 0)
  })
})

function colonySource(): FilesSource {
  return { kind: "colony", profile: { name: "lab", variables } }
}

function source(files: FilesSource, written: unknown = spec) {
  return { path: "/x/spec.json", text: JSON.stringify(written), document: 0, claim: "lab", files }
}

/** What `spec` does, and then a look at it that may take so many seconds. */
function workflow(command: string, seconds: number): unknown {
  const { conditions, kwargs } = spec
  return [
    { ...spec, nodename: "make" },
    {
      nodename: "check",
      funcname: "execute",
      conditions: { ...conditions, dependencies: ["make"], walltime: seconds },
      kwargs: { ...kwargs, cmd: command },
      maxexectime: seconds,
      maxretries: 1,
    },
  ]
}

async function start(
  name: string,
  files: FilesSource,
  rest: object = {},
  written: unknown = spec,
): Promise<void> {
  const options = { name, ...rest }
  await engine.call("run/start", { place, spec: source(files, written), options })
}

function read(name: string): Promise<Execution> {
  return bed.api.get<Execution>(executionsPath(namespace.name, name))
}

async function phase(name: string): Promise<string | undefined> {
  const status = await until(`${name} has ended`, async () => {
    const { status } = await read(name)
    return status?.finishedAt ? status : undefined
  })
  return status.phase
}

async function vertices(name: string): Promise<Record<string, string>> {
  const found = (await read(name)).status?.vertices ?? {}
  return Object.fromEntries(
    Object.entries(found)
      .map(([vertex, { phase }]) => [vertex, phase] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

async function log(job: string): Promise<string> {
  return (await bed.kubectl("logs", "-n", namespace.name, `job/${job}`)).stdout
}

/** Of what runs bring along; the root certificates are in every namespace. */
async function named(kinds: string): Promise<string[]> {
  const found = await bed.kubectl("get", kinds, "-n", namespace.name, "-o", "name")
  return found.stdout.split("\n").filter((name) => name.endsWith(".files"))
}

async function upload(label: string, text: string): Promise<void> {
  const folder = join(processes.folder, "up")
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, "hello.txt"), text)
  await applySync(world, folder, await planSync(world.files, folder, label, true, signal), signal)
}

async function contentOf(label: string, name: string): Promise<string> {
  assert.ok((await listRemote(world.files, label, signal)).get(label)?.length)
  const record = await newestRecord(world.files, label, name, signal)
  const path = join(processes.folder, "content")
  await download(world.store, storedFile(record), path, signal)
  return readFileSync(path, "utf8")
}

/** The bed has no provisioner: the volume is a folder of its node. */
async function makeClaim(name: string): Promise<void> {
  const capacity = { storage: "1Gi" }
  const accessModes = ["ReadWriteMany"]
  await bed.api.create("/api/v1/persistentvolumes", {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name },
    spec: {
      capacity,
      accessModes,
      persistentVolumeReclaimPolicy: "Retain",
      storageClassName: name,
      hostPath: { path: join(processes.folder, "claim"), type: "DirectoryOrCreate" },
    },
  })
  await bed.api.create(`/api/v1/namespaces/${name}/persistentvolumeclaims`, {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "lab", namespace: name },
    spec: { accessModes, storageClassName: name, resources: { requests: capacity } },
  })
}

/** Of this machine, in the network that the node is in. */
async function addressForPods(): Promise<string> {
  const { items } = await bed.api.get<Nodes>("/api/v1/nodes")
  const nodes = items.flatMap(({ status }) =>
    (status.addresses ?? [])
      .filter(({ type }) => type === "InternalIP")
      .map(({ address }) => address),
  )
  const netOf = (address: string) => address.split(".").slice(0, 2).join(".")
  const near = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .map(({ address }) => address)
    .filter((address) => nodes.some((node) => netOf(node) === netOf(address)))
  // A bridge that no pod is at yet is not among the interfaces, and can be listened at all the same.
  for (const address of [...nodes, ...near]) if (await canListen(address)) return address
  assert.fail(`no address of this machine is near the nodes: ${nodes.join(", ")}`)
}

function canListen(address: string): Promise<boolean> {
  const probe = createServer()
  return new Promise((resolve) => {
    probe.once("error", () => resolve(false))
    probe.listen(0, address, () => probe.close(() => resolve(true)))
  })
}

interface Nodes {
  readonly items: readonly {
    readonly status: {
      readonly addresses: readonly { readonly type: string; readonly address: string }[]
    }
  }[]
}
