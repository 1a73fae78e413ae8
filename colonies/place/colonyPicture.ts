import { ColonyError } from "../client/colonyError.ts"
import {
  type ExecutorRecord,
  type GraphRecord,
  type ProcessRecord,
  processState,
  type StatisticsRecord,
} from "../client/records.ts"
import type { ColoniesServer } from "../client/server.ts"
import { eachLimited } from "../files/eachLimited.ts"
import { type ColonyList, isCut, listColony } from "./listColony.ts"
import { outOfDate } from "./outOfDate.ts"
import { isOver } from "./shownRun.ts"

/** At the same time. */
const requests = 8

export interface PictureSetting {
  readonly call: ColoniesServer["call"]
  readonly colony: string
  /** A single process or a workflow that changed or is gone, by its id. */
  readonly onRun: (id: string) => void
  /** Whether somebody looks into it: then all of it is kept up to date, however long the lists are. */
  readonly isLookedAt: (id: string) => boolean
}

/** The processes, workflows and executors of a colony as they were read last. */
export class ColonyPicture {
  readonly #setting: PictureSetting
  readonly #processes = new Map<string, ProcessRecord>()
  readonly #graphs = new Map<string, GraphRecord>()
  #executors: readonly ExecutorRecord[] = []

  constructor(setting: PictureSetting) {
    this.#setting = setting
  }

  get processes(): ReadonlyMap<string, ProcessRecord> {
    return this.#processes
  }

  get graphs(): ReadonlyMap<string, GraphRecord> {
    return this.#graphs
  }

  get executors(): readonly ExecutorRecord[] {
    return this.#executors
  }

  /** A fresh look at one of them, known or not; undefined: it is not there. */
  async readProcess(id: string): Promise<ProcessRecord | undefined> {
    const process = await this.#missingAsNothing(
      this.#setting.call("getprocessmsg", { processid: id }),
    )
    if (process) this.#take(process)
    else if (this.#processes.delete(id)) this.#setting.onRun(id)
    return process
  }

  async readGraph(id: string): Promise<GraphRecord | undefined> {
    const graph = await this.#missingAsNothing(
      this.#setting.call("getprocessgraphmsg", { processgraphid: id }),
    )
    if (graph) {
      this.#takeGraph(graph)
      await this.#readAll(outOfDate(graph, this.#processes))
    } else if (this.#graphs.delete(id)) this.#setting.onRun(id)
    return graph
  }

  /**
   * Reads what the server lists, and all of the runs that somebody looks into. The answer: whether
   * there is more.
   */
  async list(counted: StatisticsRecord): Promise<boolean> {
    const { call, colony, isLookedAt } = this.#setting
    const list = await listColony(call, colony)
    this.#executors = list.executors
    for (const process of list.processes.values()) this.#take(process)
    for (const graph of list.graphs.values()) this.#takeGraph(graph)
    await this.#forgetMissing(list)
    const open = [...this.#graphs.values()].filter(
      (graph) =>
        isIncomplete(graph, this.#processes) ||
        (isLookedAt(graph.processgraphid) && !isOver(graph)),
    )
    await eachLimited(
      open,
      requests,
      async ({ processgraphid: id }) => void (await this.readGraph(id)),
    )
    // Where more than a hundred run, one that was given back and runs again is in no list.
    const unlisted = [...this.#processes.values()].filter(
      ({ processid, processgraphid, state }) =>
        state === processState.running &&
        !list.processes.has(processid) &&
        isLookedAt(processgraphid),
    )
    await this.#readAll(unlisted.map(({ processid }) => processid))
    return isCut(list, counted, this)
  }

  /** What was known and is not listed was removed, moved back, or is behind a hundred others. */
  async #forgetMissing(list: ColonyList): Promise<void> {
    const { isLookedAt, onRun } = this.#setting
    const lostGraphs = [...this.#graphs.values()].filter(
      ({ processgraphid: id }) => !list.graphs.has(id),
    )
    await eachLimited(lostGraphs, requests, async (graph) => {
      const id = graph.processgraphid
      const isBehind = isOver(graph) && list.fullOfGraphs.has(graph.state)
      if (!isBehind || isLookedAt(id)) await this.readGraph(id)
      else if (this.#graphs.delete(id)) onRun(id)
    })
    const lost = [...this.#processes.values()].filter(
      ({ processid: id }) => !list.processes.has(id),
    )
    await eachLimited(lost, requests, async (process) => {
      const { processid: id, processgraphid } = process
      const isBehind = isOver(process) && list.fullOfProcesses.has(process.state)
      if (processgraphid !== "") {
        if (!this.#graphs.has(processgraphid)) this.#processes.delete(id)
      } else if (!isBehind || isLookedAt(id)) await this.readProcess(id)
      else if (this.#processes.delete(id)) onRun(id)
    })
  }

  #readAll(ids: readonly string[]): Promise<void> {
    return eachLimited(ids, requests, async (id) => void (await this.readProcess(id)))
  }

  #take(process: ProcessRecord): void {
    const { processid: id, processgraphid } = process
    const before = this.#processes.get(id)
    this.#processes.set(id, process)
    if (before === undefined || stampOf(before) !== stampOf(process)) {
      this.#setting.onRun(processgraphid === "" ? id : processgraphid)
    }
  }

  #takeGraph(graph: GraphRecord): void {
    const before = this.#graphs.get(graph.processgraphid)
    this.#graphs.set(graph.processgraphid, graph)
    if (before === undefined || graphStampOf(before) !== graphStampOf(graph)) {
      this.#setting.onRun(graph.processgraphid)
    }
  }

  async #missingAsNothing<T>(answer: Promise<T>): Promise<T | undefined> {
    try {
      return await answer
    } catch (error) {
      if (error instanceof ColonyError && isMissing(error)) return undefined
      throw error
    }
  }
}

/** The real server says so of a graph with another status than of a process. */
function isMissing({ kind, said }: ColonyError): boolean {
  return kind === "not-found" || /not found|does not exist/i.test(said)
}

/** A workflow that is over well is told of by its state; of the others one wants to know which failed. */
function isIncomplete(
  { processids, state }: GraphRecord,
  processes: ReadonlyMap<string, ProcessRecord>,
): boolean {
  if (state === processState.successful) return false
  return (processids ?? []).some((id) => {
    const known = processes.get(id)
    return known === undefined || (isOver({ state }) && !isOver(known))
  })
}

function stampOf(process: ProcessRecord): string {
  const { state, retries, assignedexecutorid, starttime, endtime, waitforparents } = process
  const sizes = `${process.errors?.length ?? 0} ${process.out?.length ?? 0}`
  return `${state} ${retries} ${assignedexecutorid} ${starttime} ${endtime} ${waitforparents} ${sizes}`
}

function graphStampOf({ state, starttime, endtime, processids }: GraphRecord): string {
  return `${state} ${starttime} ${endtime} ${processids?.length ?? 0}`
}
