import {
  type ExecutorRecord,
  type GraphRecord,
  type ProcessRecord,
  type ProcessState,
  processState,
  type StatisticsRecord,
} from "../client/records.ts"
import type { ColoniesServer } from "../client/server.ts"

/** How many processes and how many workflows of each state the server tells at once. */
export const listedMost = 100

/** What a colony has, as far as the server lists it. */
export interface ColonyList {
  readonly executors: readonly ExecutorRecord[]
  readonly processes: ReadonlyMap<string, ProcessRecord>
  readonly graphs: ReadonlyMap<string, GraphRecord>
  /** Of these states there may be more than is listed. */
  readonly fullOfProcesses: ReadonlySet<ProcessState>
  readonly fullOfGraphs: ReadonlySet<ProcessState>
}

/** In the order that processes go through: one that moves on meanwhile is seen twice, not never. */
export async function listColony(
  call: ColoniesServer["call"],
  colony: string,
): Promise<ColonyList> {
  const processes = new Map<string, ProcessRecord>()
  const graphs = new Map<string, GraphRecord>()
  const fullOfProcesses = new Set<ProcessState>()
  const fullOfGraphs = new Set<ProcessState>()
  const executors = (await call("getexecutorsmsg", { colonyname: colony })) ?? []
  for (const state of Object.values(processState)) {
    const asked = { colonyname: colony, count: listedMost, state }
    const graphList = (await call("getprocessgraphsmsg", asked)) ?? []
    for (const graph of graphList) graphs.set(graph.processgraphid, graph)
    if (graphList.length >= listedMost) fullOfGraphs.add(state)
    const list = (await call("getprocessesmsg", asked)) ?? []
    for (const process of list) processes.set(process.processid, process)
    if (list.length >= listedMost) fullOfProcesses.add(state)
  }
  return { executors, processes, graphs, fullOfProcesses, fullOfGraphs }
}

/** Whether the server counts more than what is known, where its list was full. */
export function isCut(
  { fullOfProcesses, fullOfGraphs }: Pick<ColonyList, "fullOfProcesses" | "fullOfGraphs">,
  counted: StatisticsRecord,
  known: {
    readonly processes: ReadonlyMap<string, Pick<ProcessRecord, "state">>
    readonly graphs: ReadonlyMap<string, Pick<GraphRecord, "state" | "processids">>
  },
): boolean {
  return stateNames.some((name) => {
    const state = processState[name]
    const graphs = [...known.graphs.values()].filter((graph) => graph.state === state)
    if (fullOfGraphs.has(state) && counted[`${name}workflows`] > graphs.length) return true
    if (!fullOfProcesses.has(state)) return false
    const alone = [...known.processes.values()].filter((process) => process.state === state)
    // Of a workflow that ended well its processes are not read, and are as it is.
    const unread = graphs
      .flatMap(({ processids }) => processids ?? [])
      .filter((id) => !known.processes.has(id))
    return counted[`${name}processes`] > alone.length + unread.length
  })
}

const stateNames = Object.keys(processState) as (keyof typeof processState)[]
