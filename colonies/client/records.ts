/** What a Colonies server tells of its things, as it arrives; a list that is null was empty. */

export const processState = {
  waiting: 0,
  running: 1,
  successful: 2,
  failed: 3,
  cancelled: 4,
} as const

export type ProcessState = (typeof processState)[keyof typeof processState]

export type Listed<Item> = readonly Item[] | null

/** A function spec as the server reads and returns it: JSON keys and nothing else. */
export type FunctionSpecRecord = Readonly<Record<string, unknown>> & {
  readonly nodename?: string
  readonly funcname?: string
  readonly args?: Listed<unknown>
  readonly kwargs?: Readonly<Record<string, unknown>> | null
  readonly maxwaittime?: number
  readonly maxexectime?: number
  readonly maxretries?: number
  readonly conditions?: ConditionsRecord
  readonly label?: string
  readonly fs?: FilesystemRecord
  readonly env?: Readonly<Record<string, string>> | null
}

export interface ConditionsRecord {
  readonly colonyname?: string
  readonly executornames?: Listed<string>
  readonly executortype?: string
  readonly dependencies?: Listed<string>
  readonly nodes?: number
  readonly cpu?: string
  readonly processes?: number
  readonly processespernode?: number
  readonly mem?: string
  readonly storage?: string
  readonly gpu?: { readonly name?: string; readonly count?: number; readonly mem?: string }
  readonly walltime?: number
}

export interface FilesystemRecord {
  readonly mount?: string
  readonly dirs?: Listed<SyncDirRecord>
  readonly snapshots?: Listed<SnapshotMountRecord>
}

export interface SyncDirRecord {
  readonly label?: string
  readonly dir?: string
  readonly keepfiles?: boolean
  readonly onconflicts?: {
    readonly onstart?: { readonly keeplocal?: boolean }
    readonly onclose?: { readonly keeplocal?: boolean }
  }
}

export interface SnapshotMountRecord {
  readonly snapshotid?: string
  readonly label?: string
  readonly dir?: string
  readonly keepfiles?: boolean
  readonly keepsnapshot?: boolean
}

export interface ProcessRecord {
  readonly processid: string
  readonly initiatorname: string
  readonly assignedexecutorid: string
  readonly isassigned: boolean
  readonly state: ProcessState
  readonly submissiontime: string
  readonly starttime: string
  readonly endtime: string
  readonly waitdeadline: string
  readonly execdeadline: string
  readonly retries: number
  readonly spec: FunctionSpecRecord
  readonly waitforparents: boolean
  readonly parents: Listed<string>
  readonly children: Listed<string>
  readonly processgraphid: string
  readonly in: Listed<unknown>
  readonly out: Listed<unknown>
  readonly errors: Listed<string>
}

export interface GraphRecord {
  readonly processgraphid: string
  readonly initiatorname: string
  readonly colonyname: string
  readonly state: ProcessState
  readonly submissiontime: string
  readonly starttime: string
  readonly endtime: string
  readonly processids: Listed<string>
  /** Its picture; lists come without. */
  readonly nodes?: Listed<GraphNodeRecord>
}

/** A process as the server draws it. */
export interface GraphNodeRecord {
  readonly id: string
  readonly style?: { readonly background?: string }
}

export interface LogRecord {
  readonly processid: string
  readonly executorname: string
  readonly message: string
  /** Nanoseconds since 1970. */
  readonly timestamp: bigint | number
}

/** 0 pending, 1 approved, 2 rejected, 3 unregistered. */
export type ExecutorState = 0 | 1 | 2 | 3

export interface ExecutorRecord {
  readonly executorid: string
  readonly executortype: string
  readonly executorname: string
  readonly colonyname: string
  readonly state: ExecutorState
  readonly lastheardfromtime: string
  readonly locationname?: string
  readonly capabilities?: unknown
}

export interface FunctionRecord {
  readonly functionid: string
  readonly executorname: string
  readonly executortype: string
  readonly funcname: string
  readonly description?: string
  readonly counter: number
}

export interface StatisticsRecord {
  readonly executors: number
  readonly activeexecutors: number
  readonly waitingprocesses: number
  readonly runningprocesses: number
  readonly successfulprocesses: number
  readonly failedprocesses: number
  readonly cancelledprocesses: number
  readonly waitingworkflows: number
  readonly runningworkflows: number
  readonly successfulworkflows: number
  readonly failedworkflows: number
  readonly cancelledworkflows: number
}

export interface S3ObjectRecord {
  readonly server: string
  readonly port: number
  readonly tls: boolean
  readonly accesskey: string
  readonly secretkey: string
  readonly region: string
  readonly encryptionkey: string
  readonly encryptionalg: string
  readonly object: string
  readonly bucket: string
}

/** A file as it is sent; the server adds the rest. */
export interface NewFileRecord {
  readonly colonyname: string
  readonly label: string
  readonly name: string
  readonly size: number
  readonly checksum: string
  readonly checksumalg: string
  readonly ref: { readonly protocol: string; readonly s3object: S3ObjectRecord }
}

export interface FileRecord extends NewFileRecord {
  readonly fileid: string
  readonly sequencenr: number
  readonly added: string
}

export interface FileGlance {
  readonly name: string
  readonly checksum: string
  readonly size: number
  readonly s3filename: string
}

export interface LabelRecord {
  readonly name: string
  readonly files: number
}

export interface SnapshotRecord {
  readonly snapshotid: string
  readonly colonyname: string
  readonly label: string
  readonly name: string
  readonly fileids: Listed<string>
  readonly added: string
}

/** Undefined: not yet. Postgres sends the year 1, in whatever zone it thinks in. */
export function timeOf(text: string): Date | undefined {
  if (/^000[01]-/.test(text)) return undefined
  const time = new Date(text)
  return Number.isNaN(time.getTime()) ? undefined : time
}
