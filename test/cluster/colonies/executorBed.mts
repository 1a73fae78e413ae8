import { randomBytes } from "node:crypto"
import { chmodSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { type ProcessRecord, processState } from "#colonies/client/records"
import { type Bed, type Cli, openBed } from "../../colonies/bed.mts"
import { type Cluster, type Namespace, useCluster } from "../cluster.mts"
import { until } from "../until.mts"
import { type Gate, openGate } from "./gate.mts"

/** A colony, a real cluster with a shared volume, and executors between the two. */
export interface ExecutorBed {
  readonly colonies: Bed
  readonly cluster: Cluster
  readonly namespace: string
  /** The shared volume, as the executor sees it. */
  readonly volume: string
  /** What stands between the executors and the server, and can be shut. */
  readonly gate: Gate
  /** Unlike any other's, so that nobody else takes the work. */
  readonly executorType: string
  /** Starts `kube-executions colonies executor`; of one name it is the same executor again. */
  start(changes?: Readonly<Record<string, string>>, ...options: readonly string[]): Promise<Cli>
  submit(changes?: SpecChanges): Promise<string>
  read(processId: string): Promise<ProcessRecord>
  /** Resolves with the process when it is over. */
  ended(processId: string): Promise<ProcessRecord>
  /** All that the process has logged. */
  logOf(processId: string): Promise<string>
  jobs(): Promise<readonly Job[]>
  noJobs(): Promise<void>
  close(): Promise<void>
}

export interface Job {
  readonly metadata: {
    readonly name: string
    readonly annotations: Readonly<Record<string, string>>
  }
  readonly spec: object
  readonly status: { readonly active?: number; readonly ready?: number }
}

export interface SpecChanges {
  readonly conditions?: object
  readonly kwargs?: object
  readonly maxexectime?: number
  readonly maxretries?: number
  readonly fs?: object
  readonly funcname?: string
}

export async function openExecutorBed(): Promise<ExecutorBed> {
  const cluster = await useCluster("wholeCluster", "sharedFolders")
  const colonies = await openBed()
  const space = await cluster.namespace("executor")
  const namespace = space.name
  const volume = join(colonies.folder, "volume")
  mkdirSync(volume)
  // Containers of Jobs may be anybody.
  chmodSync(volume, 0o777)
  chmodSync(colonies.folder, 0o755)
  const claim = await makeClaim(cluster, space, volume)
  const gate = await openGate(colonies.server)
  const executorType = `kube-${randomBytes(4).toString("hex")}`
  let files = 0
  const bed: ExecutorBed = {
    colonies,
    cluster,
    namespace,
    volume,
    gate,
    executorType,
    start: async (changes = {}, ...options) => {
      files += 1
      const path = join(colonies.folder, `executor-${files}.env`)
      const env = {
        COLONIES_SERVER_HOST: "127.0.0.1",
        COLONIES_SERVER_HTTP_PORT: String(gate.port),
        COLONIES_EXECUTOR_NAME: executorType,
        EXECUTOR_TYPE: executorType,
        EXECUTOR_FS_DIR: volume,
        EXECUTOR_K8S_PVC: claim,
        EXECUTOR_K8S_NAMESPACE: namespace,
        EXECUTOR_HW_TOTAL_CPU: "64000m",
        EXECUTOR_HW_TOTAL_MEM: "64Gi",
        ...changes,
      }
      const lines = Object.entries(env).map(([name, value]) => `export ${name}="${value}"\n`)
      writeFileSync(path, lines.join(""))
      const kubeconfig = ["--kubeconfig", cluster.kubeconfig]
      const cli = colonies.cli("executor", "--env", path, ...kubeconfig, ...options)
      await cli.until(/Kube Executor started/)
      return cli
    },
    submit: async ({ conditions, kwargs, ...changes } = {}) => {
      const spec = {
        funcname: "execute",
        conditions: {
          colonyname: colonies.colony,
          executortype: executorType,
          nodes: 1,
          processespernode: 1,
          cpu: "50m",
          mem: "32Mi",
          walltime: 120,
          ...conditions,
        },
        kwargs: { "docker-image": "busybox:1.36", ...kwargs },
        maxexectime: 110,
        maxwaittime: -1,
        maxretries: 1,
        ...changes,
      }
      const { processid } = await colonies.user.call("submitfuncspecmsg", { spec })
      return processid
    },
    read: (processid) => colonies.user.call("getprocessmsg", { processid }),
    ended: (processid) =>
      until("the process is over", async () => {
        const process = await bed.read(processid)
        return process.state > processState.running ? process : undefined
      }),
    logOf: (processid) => wholeLog(colonies, processid),
    jobs: async () => {
      const path = `/apis/batch/v1/namespaces/${namespace}/jobs`
      return (await cluster.api.get<{ readonly items: readonly Job[] }>(path)).items
    },
    noJobs: async () => {
      await until("all Jobs are gone", async () => (await bed.jobs()).length === 0)
    },
    close: async () => {
      await colonies.close()
      await gate.close()
      await space.remove()
      await cluster.api.remove(`/api/v1/persistentvolumes/${namespace}`)
      cluster.close()
    },
  }
  return bed
}

async function wholeLog(colonies: Bed, processid: string): Promise<string> {
  let text = ""
  let since = 0n
  for (;;) {
    const page = await colonies.user.call("getlogsmsg", {
      colonyname: colonies.colony,
      processid,
      executorname: "",
      count: 500,
      since,
      latest: false,
    })
    for (const { message, timestamp } of page ?? []) {
      text += message
      since = BigInt(timestamp)
    }
    if ((page?.length ?? 0) < 500) return text
  }
}

/** A folder of this machine as a volume for one claim: the node is this machine. */
export async function makeVolume(
  cluster: Cluster,
  space: Pick<Namespace, "name">,
  folder: string,
  claim: string,
  name = space.name,
): Promise<void> {
  await cluster.api.create("/api/v1/persistentvolumes", {
    metadata: { name },
    spec: {
      capacity: { storage: "1Gi" },
      accessModes: ["ReadWriteMany"],
      storageClassName: "",
      persistentVolumeReclaimPolicy: "Retain",
      hostPath: { path: folder },
      claimRef: { namespace: space.name, name: claim },
    },
  })
}

async function makeClaim(cluster: Cluster, space: Namespace, folder: string): Promise<string> {
  const { name } = space
  await makeVolume(cluster, space, folder, "cfs")
  await cluster.api.create(`/api/v1/namespaces/${name}/persistentvolumeclaims`, {
    metadata: { name: "cfs" },
    spec: {
      accessModes: ["ReadWriteMany"],
      storageClassName: "",
      volumeName: name,
      resources: { requests: { storage: "1Gi" } },
    },
  })
  const path = `/api/v1/namespaces/${name}/persistentvolumeclaims/cfs`
  await until("the claim is bound", async () => {
    const { status } = await cluster.api.get<{ status?: { phase?: string } }>(path)
    return status?.phase === "Bound"
  })
  return "cfs"
}
