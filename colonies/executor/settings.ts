import { readCpu, readMemory } from "#core/spec/coloniesAmounts"
import type { ServerSettings } from "../client/server.ts"
import { type StorageSettings, storageOfEnvironment } from "../files/storageSettings.ts"

/** What an executor is told by its environment, in the variables that the published one reads. */
export interface ExecutorSettings {
  /** Without a key: it follows from the colony's, or is `privateKey`. */
  readonly server: Omit<ServerSettings, "privateKey">
  readonly colony: string
  readonly name: string
  readonly type: string
  /** With it the executor registers itself. */
  readonly colonyKey: string | undefined
  /** Of an executor that somebody registered. */
  readonly privateKey: string | undefined
  /** Where the shared volume is mounted in the executor's own pod. */
  readonly folder: string | undefined
  /** The claim of the same volume, which Jobs mount. */
  readonly claim: string | undefined
  readonly namespace: string | undefined
  readonly storage: StorageSettings | undefined
  readonly capacity: Capacity
  /** The most processes at a time, whatever else there is room for. */
  readonly parallelism: number
  /** Steps of the work are logged to the process in today's words too. */
  readonly hasDebugLogs: boolean
  /** Every process is successful, as with the published executor, however its containers end. */
  readonly isCompatible: boolean
  readonly hardware: Hardware
  readonly software: { readonly name: string; readonly type: string; readonly version: string }
  readonly location: Location
}

export interface Capacity {
  readonly milliCpu: bigint
  readonly bytes: bigint
}

export interface Hardware {
  readonly model: string
  readonly nodes: number
  readonly storage: string
  readonly gpu: {
    readonly name: string
    readonly mem: string
    readonly count: number
    readonly nodecount: number
  }
}

export interface Location {
  readonly description: string
  readonly longitude: number
  readonly latitude: number
}

/** What is missing or wrong, a sentence each. */
export interface SettingsFaults {
  readonly faults: readonly string[]
}

type Environment = Readonly<Record<string, string | undefined>>

export function settingsOfEnvironment(env: Environment): ExecutorSettings | SettingsFaults {
  const faults: string[] = []
  const needed = (name: string, what: string): string => {
    const value = env[name]
    if (!value) faults.push(`${name} is not set: ${what}.`)
    return value ?? ""
  }
  const whole = (name: string, fallback: number): number => {
    const text = env[name]
    if (!text) return fallback
    if (/^\d{1,9}$/.test(text)) return Number(text)
    faults.push(`${name} is "${text}": it has to be a whole number.`)
    return fallback
  }
  const real = (name: string): number => {
    const number = Number(env[name] || "0")
    if (Number.isFinite(number)) return number
    faults.push(`${name} is "${env[name]}": it has to be a number.`)
    return 0
  }

  const host = needed("COLONIES_SERVER_HOST", "the name of the Colonies server")
  const port = Number(
    env.COLONIES_SERVER_HTTP_PORT ||
      needed("COLONIES_SERVER_PORT", "the port of the Colonies server"),
  )
  if (!Number.isInteger(port) || port > 65_535) faults.push("COLONIES_SERVER_PORT is no port.")
  const colony = needed("COLONIES_COLONY_NAME", "the colony whose processes are run")
  const name = needed("COLONIES_EXECUTOR_NAME", "the name of this executor, its own in the colony")
  const type = needed("EXECUTOR_TYPE", 'what specs say as "executortype"')
  const colonyKey = env.COLONIES_COLONY_PRVKEY || undefined
  const privateKey = env.COLONIES_PRVKEY || undefined
  if (colonyKey === undefined && privateKey === undefined) {
    faults.push(
      "Neither COLONIES_COLONY_PRVKEY, with which the executor registers itself, nor COLONIES_PRVKEY, the key of a registered executor, is set.",
    )
  }
  const folder = env.EXECUTOR_FS_DIR || undefined
  const claim = env.EXECUTOR_K8S_PVC || undefined
  if ((folder === undefined) !== (claim === undefined)) {
    faults.push(
      "EXECUTOR_FS_DIR and EXECUTOR_K8S_PVC belong together: where the shared volume is mounted here, and the claim that Jobs mount.",
    )
  }
  if (folder !== undefined && !folder.startsWith("/")) {
    faults.push(`EXECUTOR_FS_DIR is "${folder}": it has to be a whole path.`)
  }
  const storage = storageOfEnvironment(env)
  if (storage !== undefined && "missing" in storage) {
    faults.push(`The S3 settings are not whole: ${storage.missing.join(", ")} not set.`)
    return { faults }
  }
  const settings: ExecutorSettings = {
    // The published executor, too, takes TLS for granted where nothing is said.
    server: { host, port, tls: env.COLONIES_TLS?.toLowerCase() !== "false" },
    colony,
    name,
    type,
    colonyKey,
    privateKey,
    folder: folder?.replace(/\/+$/, ""),
    claim,
    namespace: env.EXECUTOR_K8S_NAMESPACE || undefined,
    storage,
    capacity: capacityOf(env, faults),
    parallelism: whole("EXECUTOR_PARALLELISM", 100),
    hasDebugLogs: isTrue(env.EXECUTOR_ADD_DEBUG_LOGS),
    isCompatible: isTrue(env.EXECUTOR_COMPATIBLE),
    hardware: {
      model: env.EXECUTOR_HW_MODEL ?? "",
      nodes: whole("EXECUTOR_HW_NODES", 1),
      storage: env.EXECUTOR_HW_STORAGE ?? "",
      gpu: {
        name: env.EXECUTOR_HW_GPU_NAME ?? "",
        mem: env.EXECUTOR_HW_GPU_MEM ?? "",
        count: whole("EXECUTOR_HW_GPU_COUNT", 0),
        nodecount: whole("EXECUTOR_HW_GPU_NODES_COUNT", 0),
      },
    },
    software: {
      name: env.EXECUTOR_SW_NAME || "kube-executions",
      type: env.EXECUTOR_SW_TYPE || "k8s",
      version: env.EXECUTOR_SW_VERSION ?? "",
    },
    location: {
      description: env.EXECUTOR_LOCATION_DESC ?? "",
      longitude: real("EXECUTOR_LOCATION_LONG"),
      latitude: real("EXECUTOR_LOCATION_LAT"),
    },
  }
  if (settings.parallelism < 1) faults.push("EXECUTOR_PARALLELISM has to be 1 or more.")
  return faults.length > 0 ? { faults } : settings
}

/** The shipped sample settings leave the word TOTAL out, which made the published executor wait for ever. */
function capacityOf(env: Environment, faults: string[]): Capacity {
  const cpuText = env.EXECUTOR_HW_TOTAL_CPU || env.EXECUTOR_HW_CPU || ""
  const memText = env.EXECUTOR_HW_TOTAL_MEM || env.EXECUTOR_HW_MEM || ""
  const cpu = readCpu(cpuText)
  const mem = readMemory(memText)
  const milliCpu = cpu.kind === "milli" ? cpu.milli : 0n
  const bytes = mem.kind === "bytes" ? mem.bytes : 0n
  if (milliCpu <= 0n) {
    faults.push(
      `EXECUTOR_HW_TOTAL_CPU is "${cpuText}": it has to say how many thousandths of a processor Jobs may ask for in all, such as "8000m".`,
    )
  }
  if (bytes <= 0n) {
    faults.push(
      `EXECUTOR_HW_TOTAL_MEM is "${memText}": it has to say how much memory Jobs may ask for in all, such as "32Gi".`,
    )
  }
  return { milliCpu, bytes }
}

function isTrue(text: string | undefined): boolean {
  return text?.toLowerCase() === "true"
}
