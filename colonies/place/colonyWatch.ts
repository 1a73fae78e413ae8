import { ColonyError } from "../client/colonyError.ts"
import { listenToProcesses, type ProcessEvents } from "../client/processEvents.ts"
import type {
  ExecutorRecord,
  GraphRecord,
  ProcessRecord,
  StatisticsRecord,
} from "../client/records.ts"
import type { ColoniesServer } from "../client/server.ts"
import { eachLimited } from "../files/eachLimited.ts"
import { pause } from "../pause.ts"
import { ColonyPicture, type PictureSetting } from "./colonyPicture.ts"
import { listedMost } from "./listColony.ts"
import { isOver } from "./shownRun.ts"

/** How many processes are listened to. */
const heardMost = 100
/** The counts of the colony tell that something happened, but not each retry. */
const countsMs = 1_500
const listMs = 15_000
/** While the server is not reached. */
const longestPauseMs = 15_000
/** At the same time. */
const requests = 8

interface WatchSetting extends Omit<PictureSetting, "call"> {
  readonly server: ColoniesServer
  /** There are more than so many of a state, and the server tells no others; undefined: all are told. */
  readonly onCut: (most: number | undefined) => void
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
  readonly #picture: ColonyPicture
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
    this.#picture = new ColonyPicture({ ...setting, call: this.#call })
    this.#events = listenToProcesses(server, colony, (id) => this.#wake(id), this.#ended.signal)
  }

  get processes(): ReadonlyMap<string, ProcessRecord> {
    return this.#picture.processes
  }

  get graphs(): ReadonlyMap<string, GraphRecord> {
    return this.#picture.graphs
  }

  get executors(): readonly ExecutorRecord[] {
    return this.#picture.executors
  }

  /** Resolves with the first whole picture. From then on it looks while `isWatched` says so. */
  async start(isWatched: () => boolean): Promise<void> {
    this.#isWatched = isWatched
    await this.#list(await this.#count())
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
    const process = await this.#picture.readProcess(id)
    this.#follow()
    return process
  }

  async readGraph(id: string): Promise<GraphRecord | undefined> {
    const graph = await this.#picture.readGraph(id)
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
      const process = await this.#picture.readProcess(id)
      if (process && process.processgraphid !== "") graphs.add(process.processgraphid)
    })
    // When one of a workflow ends, others of it may begin or be given up without a word.
    await eachLimited(graphs, requests, async (id) => void (await this.#picture.readGraph(id)))
    this.#follow()
    const counted = await this.#count()
    const counts = JSON.stringify(counted)
    if (counts === this.#counts && performance.now() < this.#listAt) return
    await this.#list(counted)
    this.#counts = counts
  }

  async #list(counted: StatisticsRecord): Promise<void> {
    const isCut = await this.#picture.list(counted)
    this.#setting.onCut(isCut ? listedMost : undefined)
    this.#follow()
    this.#listAt = performance.now() + listMs
  }

  /** What is not over is listened to, first what somebody looks at. */
  #follow(): void {
    const { isLookedAt } = this.#setting
    const open = [...this.processes.values()].filter((process) => !isOver(process))
    const [first, rest] = partition(open, (one) => isLookedAt(one.processgraphid || one.processid))
    const heard = [...first, ...rest].slice(0, heardMost)
    this.#events.follow(new Set(heard.map(({ processid }) => processid)))
  }

  #count(): Promise<StatisticsRecord> {
    return this.#call("getcolonystatsmsg", { colonyname: this.#setting.colony })
  }

  #call: ColoniesServer["call"] = (type, fields) =>
    this.#setting.server.call(type, fields, { signal: this.#ended.signal })
}

function partition<Item>(
  items: readonly Item[],
  isFirst: (item: Item) => boolean,
): [Item[], Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))]
}
