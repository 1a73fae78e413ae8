import type { DriverView } from "#core/view/driverView"
import type { RunView } from "#core/view/statusTree"
import { Claims, type ClaimsSetting, type DriverSelf } from "./claims.ts"
import type { Cluster, RunKey } from "./cluster.ts"
import { Controller } from "./controller.ts"
import type { PlaceChange, PlaceInfo, PlaceState } from "./protocol.ts"

/** Changes are told together, at most this often. */
const tellMs = 50

/** A place that somebody looks at or that runs something: its cluster, its controller, its pictures. */
export class OpenedPlace {
  readonly info: PlaceInfo
  readonly cluster: Cluster
  readonly #claims: Claims
  readonly #controller: Controller
  readonly #views = new Map<RunKey, RunView>()
  readonly #changed = new Set<RunKey>()
  readonly #listeners = new Set<(change: PlaceChange) => void>()
  readonly #waiters = new Set<() => void>()
  #started: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
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
        this.#stale = error && { since: this.#stale?.since ?? Date.now(), message: error.message }
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
    return {
      place: this.info,
      runs: [...this.#views.values()],
      plain: this.cluster.plainJobs(),
      stale: this.#stale,
    }
  }

  /** True while a run needs this very driver. */
  isBusy(): boolean {
    return this.#views.keys().some((run) => this.#claims.isMeant(run))
  }

  /** A driver in the cluster lives that would take a run made here. */
  hasClusterDriver(): boolean {
    return this.#claims.seesClusterDriver(this.info.namespace)
  }

  /** Names of the runs that are not over and are driven so. */
  runsDriven(kind: DriverView["kind"]): readonly string[] {
    return [...this.#views.values()]
      .filter(({ driver }) => driver?.kind === kind)
      .map(({ name }) => name)
  }

  view(run: RunKey): RunView | undefined {
    return this.#views.get(run)
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
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#tell()
    }, tellMs)
  }

  #tell(): void {
    const runs: RunView[] = []
    const removed: string[] = []
    for (const key of this.#changed) {
      const before = this.#views.get(key)
      const view = this.#look(key)
      if (view) runs.push(view)
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

  #look(key: RunKey): RunView | undefined {
    const view = this.cluster.execution(key) && this.#controller.driver(key).view()
    if (!view) {
      this.#views.delete(key)
      return undefined
    }
    const driver = this.#claims.view(key)
    const [refusal, lack] = [this.#claims.refusal(key), this.#claims.lacks()]
    const trouble = refusal ?? driver?.sentence ?? view.trouble ?? lack
    const shown = { ...view, ...(driver && { driver }), ...(trouble !== undefined && { trouble }) }
    this.#views.set(key, shown)
    return shown
  }
}
