import type { DriverView } from "#core/view/driverView"
import { type RunChange as RunDifference, runChange } from "#core/view/runChange"
import type { RunSummary } from "#core/view/runSummary"
import type { RunView } from "#core/view/statusTree"
import { Claims, type ClaimsSetting, type DriverSelf } from "./claims.ts"
import type { Cluster, RunKey } from "./cluster.ts"
import { factsOf } from "./clusterError.ts"
import { Controller } from "./controller.ts"
import type { PlaceChange, PlaceInfo, PlaceState, RunChange } from "./protocol.ts"

/** Changes are told together, at most this often. */
const tellMs = 50
/** Of one processor: pictures of large runs are made as often as this allows. */
const tellShare = 0.25

/** A run that somebody looks into. */
interface OpenedRun {
  view: RunView | undefined
  readonly listeners: Set<(change: RunChange) => void>
}

/** A place that somebody looks at or that runs something: its cluster, its controller, its pictures. */
export class OpenedPlace {
  readonly info: PlaceInfo
  readonly cluster: Cluster
  readonly #claims: Claims
  readonly #controller: Controller
  readonly #summaries = new Map<RunKey, RunSummary>()
  readonly #opened = new Map<RunKey, OpenedRun>()
  readonly #changed = new Set<RunKey>()
  readonly #listeners = new Set<(change: PlaceChange) => void>()
  readonly #waiters = new Set<() => void>()
  #started: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #tellAt = 0
  #stale: PlaceState["stale"]
  #staleChanged = false
  #plainChanged = false

  constructor(
    info: PlaceInfo,
    cluster: Cluster,
    self: DriverSelf,
    log: (line: string) => void,
    elected?: ClaimsSetting["elected"],
  ) {
    this.info = info
    this.cluster = cluster
    this.#claims = new Claims({
      cluster,
      self,
      log,
      again: (run) => this.#controller.again(run),
      elected,
    })
    this.#controller = new Controller({
      cluster,
      now: Date.now,
      log,
      mayDrive: (run) => this.#claims.take(run),
      claim: (run) => this.#claims.claim(run),
      onRun: (run) => {
        this.#changed.add(run)
        this.#tellSoon()
      },
      onPlain: () => {
        this.#plainChanged = true
        this.#tellSoon()
      },
      onStale: (error) => {
        this.#stale = error && {
          since: this.#stale?.since ?? Date.now(),
          message: error.message,
          kind: factsOf(error).fault,
        }
        this.#staleChanged = true
        this.#tellSoon()
      },
    })
  }

  /** Resolves with the first whole picture, however many ask for it. */
  start(): Promise<void> {
    this.#started ??= this.#begin()
    return this.#started
  }

  async #begin(): Promise<void> {
    await this.#controller.start()
    this.#claims.start()
    for (const run of this.cluster.runs()) this.#look(run)
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#controller.stop()
    await this.#claims.stop()
    await this.cluster.close()
  }

  state(): PlaceState {
    this.#tellNow()
    return {
      place: this.info,
      runs: [...this.#summaries.values()],
      plain: this.cluster.plainJobs(),
      stale: this.#stale,
    }
  }

  /** True while a run needs this very driver. */
  isBusy(): boolean {
    return this.#summaries.keys().some((run) => this.#claims.isMeant(run))
  }

  /** A driver in the cluster lives that would take a run made here. */
  hasClusterDriver(): boolean {
    return this.#claims.seesClusterDriver(this.info.namespace)
  }

  /** Names of the runs that are not over and are driven so. */
  runsDriven(kind: DriverView["kind"]): readonly string[] {
    return [...this.#summaries.values()]
      .filter(({ driver }) => driver?.kind === kind)
      .map(({ name }) => name)
  }

  summary(run: RunKey): RunSummary | undefined {
    return this.#summaries.get(run)
  }

  /** All of a run, made anew. */
  view(run: RunKey): RunView | undefined {
    if (!this.cluster.execution(run)) return undefined
    return this.#withDriver(run, this.#controller.driver(run).view())
  }

  /** The run as it was told last; from there on every change of it reaches the listener. */
  openRun(
    run: RunKey,
    listener: (change: RunChange) => void,
  ): { readonly view: RunView; readonly close: () => void } | undefined {
    this.#tellNow()
    const opened = this.#opened.get(run) ?? { view: undefined, listeners: new Set() }
    opened.view ??= this.view(run)
    const { view, listeners } = opened
    if (view === undefined) return undefined
    this.#opened.set(run, opened)
    listeners.add(listener)
    const close = () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#opened.delete(run)
    }
    return { view, close }
  }

  onChange(listener: (change: PlaceChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Resolves at the next change of anything in the place. */
  nextChange(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        signal.removeEventListener("abort", abort)
        this.#waiters.delete(settle)
        resolve()
      }
      const abort = () => {
        this.#waiters.delete(settle)
        reject(signal.reason)
      }
      if (signal.aborted) return abort()
      this.#waiters.add(settle)
      signal.addEventListener("abort", abort, { once: true })
    })
  }

  #tellSoon(): void {
    const wait = Math.max(tellMs, this.#tellAt - performance.now())
    this.#timer ??= setTimeout(() => this.#tellNow(), wait)
  }

  /** Whoever asks is answered with what everybody else was told. */
  #tellNow(): void {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    const began = performance.now()
    this.#tell()
    const now = performance.now()
    this.#tellAt = now + (now - began) / tellShare
  }

  #tell(): void {
    const runs: RunSummary[] = []
    const removed: string[] = []
    for (const key of this.#changed) {
      const before = this.#summaries.get(key)
      const summary = this.#look(key)
      if (summary) runs.push(summary)
      else if (before) removed.push(before.name)
    }
    this.#changed.clear()
    if (runs.length > 0 || removed.length > 0 || this.#staleChanged || this.#plainChanged) {
      const change: PlaceChange = {
        place: this.info.id,
        runs,
        removed,
        ...(this.#plainChanged ? { plain: this.cluster.plainJobs() } : {}),
        stale: this.#stale,
      }
      for (const listener of this.#listeners) listener(change)
    }
    this.#staleChanged = false
    this.#plainChanged = false
    for (const waiter of [...this.#waiters]) waiter()
  }

  #look(key: RunKey): RunSummary | undefined {
    const opened = this.#opened.get(key)
    const change = opened && this.#difference(opened, key)
    const summary = change?.summary ?? this.#summary(key)
    if (summary) this.#summaries.set(key, summary)
    else this.#summaries.delete(key)
    if (opened && change) {
      const told: RunChange = { place: this.info.id, run: change.summary.name, ...change }
      for (const listener of opened.listeners) listener(told)
    }
    return summary
  }

  #summary(key: RunKey): RunSummary | undefined {
    if (!this.cluster.execution(key)) return undefined
    return this.#withDriver(key, this.#controller.driver(key).summary())
  }

  #withDriver<T extends Pick<RunView, "driver" | "trouble">>(
    key: RunKey,
    shown: T | undefined,
  ): T | undefined {
    if (shown === undefined) return undefined
    const driver = this.#claims.view(key)
    const [refusal, lack] = [this.#claims.refusal(key), this.#claims.lacks()]
    const trouble = refusal ?? driver?.sentence ?? shown.trouble ?? lack
    return { ...shown, ...(driver && { driver }), ...(trouble !== undefined && { trouble }) }
  }

  #difference(opened: OpenedRun, key: RunKey): RunDifference | undefined {
    const view = this.view(key)
    const change = view && runChange(opened.view, view)
    opened.view = view
    return change
  }
}
