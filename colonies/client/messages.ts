import type {
  ExecutorRecord,
  FileGlance,
  FileRecord,
  FunctionRecord,
  FunctionSpecRecord,
  GraphRecord,
  LabelRecord,
  Listed,
  LogRecord,
  NewFileRecord,
  ProcessRecord,
  ProcessState,
  SnapshotRecord,
  StatisticsRecord,
} from "./records.ts"

interface InColony {
  readonly colonyname: string
}

interface OfProcess {
  readonly processid: string
}

interface OfGraph {
  readonly processgraphid: string
}

interface OfExecutor extends InColony {
  readonly executorname: string
}

type Nothing = Readonly<Record<string, never>>

interface Message<Fields, Reply> {
  readonly fields: Fields
  readonly reply: Reply
}

/** Every message this product sends: what goes in and what comes back. */
export interface Messages {
  getserverinfomsg: Message<Nothing, { readonly buildversion: string }>
  getcolonystatsmsg: Message<InColony, StatisticsRecord>
  getcolonymsg: Message<InColony, { readonly colonyid: string; readonly name: string }>

  submitfuncspecmsg: Message<{ readonly spec: FunctionSpecRecord }, ProcessRecord>
  submitworkflowspecmsg: Message<
    { readonly spec: InColony & { readonly functionspecs: readonly FunctionSpecRecord[] } },
    GraphRecord
  >
  getprocessmsg: Message<OfProcess, ProcessRecord>
  getprocessesmsg: Message<
    InColony & {
      readonly count: number
      readonly state: ProcessState
      readonly executortype?: string
      readonly label?: string
      readonly initiator?: string
    },
    Listed<ProcessRecord>
  >
  cancelprocessmsg: Message<OfProcess, Nothing>
  removeprocessmsg: Message<OfProcess & { readonly all: false }, Nothing>
  getprocessgraphmsg: Message<OfGraph, GraphRecord>
  getprocessgraphsmsg: Message<
    InColony & { readonly count: number; readonly state: ProcessState },
    Listed<GraphRecord>
  >
  cancelprocessgraphmsg: Message<OfGraph, Nothing>
  removeprocessgraphmsg: Message<OfGraph & { readonly all: false }, Nothing>

  getlogsmsg: Message<
    InColony &
      OfProcess & {
        readonly executorname: string
        readonly count: number
        readonly since: bigint | number
        readonly latest: boolean
      },
    Listed<LogRecord>
  >
  addlogmsg: Message<OfProcess & { readonly message: string }, Nothing>

  assignprocessmsg: Message<
    InColony & {
      readonly timeout: number
      readonly availablecpu: string
      readonly availablemem: string
    },
    ProcessRecord
  >
  closesuccessfulmsg: Message<OfProcess & { readonly out: readonly unknown[] }, Nothing>
  closefailedmsg: Message<OfProcess & { readonly errors: readonly string[] }, Nothing>

  addexecutormsg: Message<{ readonly executor: object }, ExecutorRecord>
  approveexecutormsg: Message<OfExecutor, Nothing>
  removeexecutormsg: Message<OfExecutor, Nothing>
  getexecutorsmsg: Message<InColony, Listed<ExecutorRecord>>
  addfunctionmsg: Message<{ readonly fun: object }, FunctionRecord>
  getfunctionsmsg: Message<OfExecutor, Listed<FunctionRecord>>

  addfilemsg: Message<{ readonly file: NewFileRecord }, FileRecord>
  getfilemsg: Message<
    InColony &
      (
        | { readonly fileid: string }
        | { readonly label: string; readonly name: string; readonly latest: boolean }
      ),
    Listed<FileRecord>
  >
  getfilesmsg: Message<InColony & { readonly label: string }, Listed<FileGlance>>
  getfilelabelsmsg: Message<
    InColony & { readonly name: string; readonly exact: boolean },
    Listed<LabelRecord>
  >
  removefilemsg: Message<
    InColony & ({ readonly fileid: string } | { readonly label: string; readonly name: string }),
    Nothing
  >
  createsnapshotmsg: Message<
    InColony & { readonly label: string; readonly name: string },
    SnapshotRecord
  >
  getsnapshotmsg: Message<
    InColony & { readonly snapshotid: string; readonly name: string },
    SnapshotRecord
  >
  getsnapshotsmsg: Message<InColony, Listed<SnapshotRecord>>
  removesnapshotmsg: Message<
    InColony & { readonly snapshotid: string; readonly name: string },
    Nothing
  >
  removeallsnapshotmsg: Message<InColony, Nothing>
}

export type MessageType = keyof Messages

/**
 * Asked twice, these change nothing more than asked once; a reply that was lost may be asked for
 * again. The others are only sent again when they surely did not arrive.
 */
export function isRepeatable(type: MessageType): boolean {
  return type.startsWith("get") || repeatable.has(type)
}

const repeatable: ReadonlySet<MessageType> = new Set(["closesuccessfulmsg", "approveexecutormsg"])
