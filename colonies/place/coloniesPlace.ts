import { summaryOf } from "#core/view/runSummary"
import type { RunSource, RunView } from "#core/view/statusTree"
import { factsOf } from "#engine/clusterError"
import type { Colony, OnLines, Place, WatchedRun } from "#engine/place"
import type {
  EventView,
  LogOptions,
  ObjectText,
  PlaceChange,
  PlaceInfo,
  PlaceState,
  RunChange,
  RunOptions,
  RunPrepared,
  RunStarted,
  RunWish,
  SpecSource,
} from "#engine/protocol"
import { RunFeed } from "#engine/runFeed"
import { UserError } from "#engine/userError"
import type { GraphRecord, ProcessRecord } from "../client/records.ts"
import { type ColoniesServer, connectColonies } from "../client/server.ts"
import type { Profile } from "../profile.ts"
import { clusterError, translated } from "./clusterError.ts"
import { colonyThings } from "./colonyThings.ts"
import { ColonyWatch } from "./colonyWatch.ts"
import { copyProcessLogs } from "./processLogs.ts"
import { processEvents, processText } from "./processText.ts"
import { processName, shortName, workflowName } from "./runName.ts"
import { isOver, processRun, taskName, workflowRun } from "./shownRun.ts"
import { readySpec, submitReady } from "./submitReady.ts"

/** A colony: its processes and workflows are runs that move without us. */
export class ColoniesPlace implements Place {
  readonly info: PlaceInfo
  readonly colony: Colony
  readonly #profile: Profile
  readonly #server: ColoniesServer
  readonly #watch: ColonyWatch
  readonly #feed: RunFeed
  /** Of what was started from here: the server has no place for it. */
  readonly #sources = new Map<string, RunSource>()
  readonly #ended = new AbortController()
  #started: Promise<void> | undefined

  constructor(info: PlaceInfo, profile: Profile) {
    this.info = info
    this.#profile = profile
    this.#server = connectColonies(profile.server)
    this.#feed = new RunFeed({
      info,
      view: (id) => this.#view(id),
      summary: (id) => {
        const view = this.#view(id)
        return view && summaryOf(view)
      },
      plain: () => [],
    })
    this.#watch = new ColonyWatch({
      server: this.#server,
      colony: profile.colony,
      onRun: (id) => this.#feed.changed(id),
      isLookedAt: (id) => this.#feed.isOpened(id),
      onCut: (most) => this.#feed.wasCutAt(most),
      onStale: (error) =>
        this.#feed.becameStale(
          error && { message: error.message, kind: factsOf(clusterError(error)).fault },
        ),
    })
    const things = colonyThings(this.#server, profile, this.#ended.signal)
    this.colony = {
      look: () => translated(things.look()),
      files: (label) => translated(things.files(label)),
      download: (file, path) => translated(things.download(file, path)),
      removeFile: (file) => translated(things.removeFile(file)),
    }
  }

  /** Whoever opens it again sees what there is now, not what was seen when somebody last looked. */
  async start(): Promise<void> {
    if (this.#started === undefined) {
      this.#started = translated(this.#watch.start(() => this.#feed.hasListeners))
      return this.#started
    }
    await this.#started
    if (this.#feed.state().stale === undefined) await this.#watch.look()
  }

  async stop(): Promise<void> {
    this.#ended.abort(new Error("The place was closed."))
    this.#feed.stop()
    await this.#watch.stop()
    await this.#server.close()
  }

  state(): PlaceState {
    return this.#feed.state()
  }

  onChange(listener: (change: PlaceChange) => void): () => void {
    const isFirst = !this.#feed.hasListeners
    const end = this.#feed.onChange(listener)
    if (isFirst) void this.#watch.look()
    return end
  }

  /** What runs there needs nobody here. */
  isBusy(): boolean {
    return false
  }

  async openRun(
    run: string,
    listener: (change: RunChange) => void,
  ): Promise<WatchedRun | undefined> {
    const found = this.#find(run)
    if (found === undefined) return undefined
    if (found.kind === "workflow") await translated(this.#watch.readGraph(found.id))
    return this.#feed.openRun(found.id, listener)
  }

  async prepareRun(spec: SpecSource, { until }: Pick<RunOptions, "until">): Promise<RunPrepared> {
    const ready = readySpec(spec, this.#profile.colony, { until })
    return { name: ready.name, jobs: ready.processes, orMore: false }
  }

  async startRun(spec: SpecSource, options: RunOptions): Promise<RunStarted> {
    const ready = readySpec(spec, this.#profile.colony, options)
    const { kind, record } = await translated(
      submitReady(ready.submission, this.#server, this.#profile.colony, this.#ended.signal),
    )
    const [id, name] =
      kind === "process"
        ? [record.processid, processName(record)]
        : [record.processgraphid, workflowName(record)]
    if (options.source) this.#sources.set(id, options.source)
    await translated(this.#read({ kind, id }))
    return { name }
  }

  async wish(run: string, { kind }: RunWish): Promise<void> {
    if (kind !== "stop") {
      throw new UserError(
        `A Colonies server cannot ${kind} what was submitted to it. ${kind === "retry" ? "Run the spec again." : "It can be stopped."}`,
      )
    }
    const found = this.#mustFind(run)
    if (isOver(found.record)) throw new UserError(`"${run}" is over already.`)
    await translated(this.#cancel(found))
    await translated(this.#read(found))
  }

  async deleteRun(run: string): Promise<void> {
    const found = this.#mustFind(run)
    await translated(
      (async () => {
        // The server keeps what still runs.
        if (!isOver(found.record)) await this.#cancel(found)
        await (found.kind === "process"
          ? this.#call("removeprocessmsg", { processid: found.id, all: false })
          : this.#call("removeprocessgraphmsg", { processgraphid: found.id, all: false }))
        await this.#read(found)
      })(),
    )
  }

  async events(run: string): Promise<readonly EventView[]> {
    const { executors } = this.#watch
    await this.#readMissing(this.#mustFind(run))
    return this.#processesOf(this.#mustFind(run))
      .flatMap((one) => processEvents(one, executors))
      .sort((a, b) => a.lastAt - b.lastAt)
  }

  async readObject(_kind: "Job" | "Pod", name: string): Promise<ObjectText | null> {
    const process = [...this.#watch.processes.values()].find(
      (one) => shortName(taskName(one), one.processid) === name,
    )
    return process ? { text: processText(process), asked: null, conditions: [] } : null
  }

  async readEvents(about: readonly string[]): Promise<readonly EventView[]> {
    const { executors, processes } = this.#watch
    const names = new Set(about.map((object) => object.slice(object.indexOf("/") + 1)))
    return [...processes.values()]
      .filter((one) => names.has(shortName(taskName(one), one.processid)))
      .flatMap((one) => processEvents(one, executors))
  }

  async copyLog(
    run: string,
    options: LogOptions,
    onLines: OnLines,
    signal: AbortSignal,
  ): Promise<void> {
    const ends = AbortSignal.any([signal, this.#ended.signal])
    const looked = this.#find(run)
    if (looked) await this.#readMissing(looked)
    // All of it is kept up to date as long as somebody reads what it prints.
    const opened = looked && this.#feed.openRun(looked.id, () => {})
    const copied = copyProcessLogs({
      server: this.#server,
      colony: this.#profile.colony,
      processes: () => {
        const found = this.#find(run)
        return found ? this.#processesOf(found) : []
      },
      isOver: () => {
        const found = this.#find(run)
        return found === undefined || isOver(found.record)
      },
      nextChange: () => this.#feed.nextChange(ends),
      options,
      onLines,
      signal: ends,
    })
    await translated(copied.finally(() => opened?.close()))
  }

  /** A workflow that ended well was told of by its state alone. */
  async #readMissing(found: Found): Promise<void> {
    const isWhole =
      found.kind === "process" ||
      this.#processesOf(found).length === (found.record.processids?.length ?? 0)
    if (!isWhole) await translated(this.#watch.readGraph(found.id))
  }

  #view(id: string): RunView | undefined {
    const { colony } = this.#profile
    const { executors, processes, graphs } = this.#watch
    const shown = { colony, executors, source: this.#sources.get(id) ?? null }
    const process = processes.get(id)
    if (process) return processRun(process, shown)
    const graph = graphs.get(id)
    return graph && workflowRun(graph, processes, shown)
  }

  #find(run: string): Found | undefined {
    for (const record of this.#watch.graphs.values()) {
      if (workflowName(record) === run) {
        return { kind: "workflow", id: record.processgraphid, record }
      }
    }
    for (const record of this.#watch.processes.values()) {
      if (record.processgraphid === "" && processName(record) === run) {
        return { kind: "process", id: record.processid, record }
      }
    }
    return undefined
  }

  #mustFind(run: string): Found {
    const found = this.#find(run)
    if (found) return found
    throw new UserError(`There is no run "${run}" in "${this.info.namespace}" any more.`)
  }

  #processesOf(found: Found): readonly ProcessRecord[] {
    if (found.kind === "process") return [found.record]
    return (found.record.processids ?? []).flatMap((id) => this.#watch.processes.get(id) ?? [])
  }

  async #cancel({ kind, id }: Found): Promise<void> {
    await (kind === "process"
      ? this.#call("cancelprocessmsg", { processid: id })
      : this.#call("cancelprocessgraphmsg", { processgraphid: id }))
  }

  async #read({ kind, id }: Pick<Found, "kind" | "id">): Promise<void> {
    if (kind === "process") await this.#watch.readProcess(id)
    else await this.#watch.readGraph(id)
  }

  #call: ColoniesServer["call"] = (type, fields) =>
    this.#server.call(type, fields, { signal: this.#ended.signal })
}

type Found =
  | { readonly kind: "process"; readonly id: string; readonly record: ProcessRecord }
  | { readonly kind: "workflow"; readonly id: string; readonly record: GraphRecord }
