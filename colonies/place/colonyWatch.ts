import { ColonyError } from "../client/colonyError.ts"
import { listenToProcesses, type ProcessEvents } from "../client/processEvents.ts"
import {
  type ExecutorRecord,
  type GraphRecord,
  type ProcessRecord,
  type ProcessState,
  processState,
} from "../client/records.ts"
import type { ColoniesServer } from "../client/server.ts"
import { eachLimited } from "../files/eachLimited.ts"
import { pause } from "../pause.ts"
import { isOver } from "./shownRun.ts"

/** How many of each state the server tells at once: older ones are not shown. */
const most = 100
/** The counts of the colony tell that something happened, but not each retry. */
const countsMs = 1_500
const listMs = 15_000
/** While the server is not reached. */
const longestPauseMs = 15_000
const requests = 8

interface WatchSetting {
  readonly server: ColoniesServer
  readonly colony: string
  /** A single process or a workflow that changed or is gone, by its id. */
  readonly onRun: (id: string) => void
  /** What is shown begins to be out of date, with why, or is up to date again. */
  readonly onStale: (error: ColonyError | undefined) => void
}

/**
 * The processes and workflows of a colony as they were seen last. The server tells of single
 * processes by subscription; that there is a new one is seen from its counts.
 */
export class ColonyWatch {
  readonly #setting: WatchSetting
  readonly #ended = new AbortController()
  readonly #woken = new Set<string>()
  readonly #events: ProcessEvents
  #processes = new Map<string, ProcessRecord>()
  #graphs = new Map<string, GraphRecord>()
  #executors: readonly ExecutorRecord[] = []
  #counts = ""
  #listAt = 0
  #isWatched = () => true
  /** They wait for a look that begins after they asked. */
  #askers: (() => void)[] = []
  #ring = () => {}
  #loop: Promise<void> | undefined

  constructor(setting: WatchSetting) {
    this.#setting = setting
    const { server, colony } = setting
    this.#events = listenToProcesses(server, colony, (id) => this.#wake(id), this.#ended.signal)
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

  /** Resolves with the first whole picture. From then on it looks while `isWatched` says so. */
  async start(isWatched: () => boolean): Promise<void> {
    this.#isWatched = isWatched
    await this.#list()
    this.#loop = this.#run()
  }

  /** Looks at once, for example because somebody began to watch; resolves when that is done, or failed. */
  look(): Promise<void> {
    if (this.#ended.signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      this.#askers.push(resolve)
      this.#ring()
    })
  }

  async stop(): Promise<void> {
    this.#ended.abort(new Error("The place was closed."))
    this.#ring()
    await this.#loop
    for (const answer of this.#askers) answer()
  }

  /** A fresh look at one of them, known or not; undefined: it is not there. */
  async readProcess(id: string): Promise<ProcessRecord | undefined> {
    const process = await this.#missingAsNothing(this.#call("getprocessmsg", { processid: id }))
    if (process) this.#take(process)
    else if (this.#processes.delete(id)) this.#setting.onRun(id)
    this.#follow()
    return process
  }

  async readGraph(id: string): Promise<GraphRecord | undefined> {
    const graph = await this.#missingAsNothing(
      this.#call("getprocessgraphmsg", { processgraphid: id }),
    )
    if (graph) {
      this.#takeGraph(graph)
      await this.#readMissing(graph)
    } else if (this.#graphs.delete(id)) this.#setting.onRun(id)
    this.#follow()
    return graph
  }

  #wake(id: string): void {
    this.#woken.add(id)
    this.#ring()
  }

  async #run(): Promise<void> {
    const { signal } = this.#ended
    let pauseMs = countsMs
    while (!signal.aborted) {
      const rung = new Promise<void>((resolve) => {
        this.#ring = resolve
      })
      if (this.#woken.size === 0 && this.#askers.length === 0) {
        await Promise.race([rung, pause(pauseMs, signal).catch(() => {})])
      }
      const askers = this.#askers
      this.#askers = []
      if (askers.length > 0) this.#listAt = 0
      if (askers.length > 0 || this.#isWatched()) {
        const isReached = await this.#lookOrTell()
        pauseMs = isReached ? countsMs : Math.min(pauseMs * 2, longestPauseMs)
      } else {
        this.#listAt = 0
        this.#woken.clear()
      }
      for (const answer of askers) answer()
    }
  }

  /** Whether the server was reached; if not, those who look are told. */
  async #lookOrTell(): Promise<boolean> {
    try {
      await this.#lookAround()
      this.#setting.onStale(undefined)
      return true
    } catch (error) {
      this.#counts = ""
      if (!this.#ended.signal.aborted) {
        this.#setting.onStale(
          error instanceof ColonyError ? error : new ColonyError("server", String(error)),
        )
      }
      return false
    }
  }

  async #lookAround(): Promise<void> {
    const woken = [...this.#woken]
    this.#woken.clear()
    const graphs = new Set<string>()
    await eachLimited(woken, requests, async (id) => {
      const process = await this.readProcess(id)
      if (process && process.processgraphid !== "") graphs.add(process.processgraphid)
    })
    await eachLimited([...graphs], requests, async (id) => {
      const graph = await this.readGraph(id)
      await this.#readOthers(graph, woken)
    })
    const { colony } = this.#setting
    const counts = JSON.stringify(await this.#call("getcolonystatsmsg", { colonyname: colony }))
    if (counts === this.#counts && performance.now() < this.#listAt) return
    await this.#list()
    this.#counts = counts
  }

  /** When one of a workflow ends, others of it may begin or be given up without a word. */
  async #readOthers(graph: GraphRecord | undefined, seen: readonly string[]): Promise<void> {
    const others = (graph?.processids ?? []).filter((id) => {
      const process = this.#processes.get(id)
      return !seen.includes(id) && process !== undefined && !isOver(process)
    })
    await eachLimited(others, requests, async (id) => void (await this.readProcess(id)))
  }

  /** In the order that processes go through: one that moves on meanwhile is seen twice, not never. */
  async #list(): Promise<void> {
    const { colony } = this.#setting
    const processes = new Map<string, ProcessRecord>()
    const graphs = new Map<string, GraphRecord>()
    const full = new Set<ProcessState>()
    this.#executors = (await this.#call("getexecutorsmsg", { colonyname: colony })) ?? []
    for (const state of Object.values(processState)) {
      const asked = { colonyname: colony, count: most, state }
      const graphList = (await this.#call("getprocessgraphsmsg", asked)) ?? []
      for (const graph of graphList) graphs.set(graph.processgraphid, graph)
      const list = (await this.#call("getprocessesmsg", asked)) ?? []
      for (const process of list) processes.set(process.processid, process)
      if (list.length >= most || graphList.length >= most) full.add(state)
    }
    for (const process of processes.values()) this.#take(process)
    for (const graph of graphs.values()) this.#takeGraph(graph)
    await this.#forgetMissing(processes, graphs, full)
    const open = [...this.#graphs.values()].filter(isIncomplete(this.#processes))
    await eachLimited(open, requests, (graph) => this.#readMissing(graph))
    this.#follow()
    this.#listAt = performance.now() + listMs
  }

  /** What was known and is not listed was removed, moved back, or is behind a hundred newer ones. */
  async #forgetMissing(
    processes: ReadonlyMap<string, ProcessRecord>,
    graphs: ReadonlyMap<string, GraphRecord>,
    full: ReadonlySet<ProcessState>,
  ): Promise<void> {
    const lostGraphs = [...this.#graphs.values()].filter(
      (graph) => !graphs.has(graph.processgraphid),
    )
    await eachLimited(lostGraphs, requests, async ({ processgraphid: id, state }) => {
      if (!full.has(state) || !isOver({ state })) await this.readGraph(id)
      else if (this.#graphs.delete(id)) this.#setting.onRun(id)
    })
    const lost = [...this.#processes.values()].filter(({ processid }) => !processes.has(processid))
    await eachLimited(lost, requests, async ({ processid: id, processgraphid, state }) => {
      if (processgraphid !== "") {
        if (!this.#graphs.has(processgraphid)) this.#processes.delete(id)
      } else if (!full.has(state) || !isOver({ state })) await this.readProcess(id)
      else if (this.#processes.delete(id)) this.#setting.onRun(id)
    })
  }

  async #readMissing({ processids, state }: GraphRecord): Promise<void> {
    const missing = (processids ?? []).filter((id) => {
      const known = this.#processes.get(id)
      return known === undefined || (isOver({ state }) && !isOver(known))
    })
    await eachLimited(missing, requests, async (id) => void (await this.readProcess(id)))
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

  /** Whatever is not over is listened to. */
  #follow(): void {
    const open = [...this.#processes.values()].filter((process) => !isOver(process))
    this.#events.follow(new Set(open.slice(0, most).map(({ processid }) => processid)))
  }

  #call: ColoniesServer["call"] = (type, fields) =>
    this.#setting.server.call(type, fields, { signal: this.#ended.signal })

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
function isIncomplete(processes: ReadonlyMap<string, ProcessRecord>) {
  return ({ processids, state }: GraphRecord) =>
    state !== processState.successful &&
    (processids ?? []).some((id) => {
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
