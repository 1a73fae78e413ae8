import { objectOf } from "#core/plan/json"
import { readClaim } from "#core/run/claim"
import type { DriverView } from "#core/view/driverView"
import type { RunSummary } from "#core/view/runSummary"
import type { RunView } from "#core/view/statusTree"
import { Claims, type ClaimsSetting, type DriverSelf } from "./claims.ts"
import type { Cluster, RunKey } from "./cluster.ts"
import { factsOf } from "./clusterError.ts"
import { Controller } from "./controller.ts"
import type { WatchedRun } from "./place.ts"
import type { PlaceChange, PlaceInfo, PlaceState, RunChange } from "./protocol.ts"
import { RunFeed } from "./runFeed.ts"

/** A place that somebody looks at or that runs something: its cluster, its controller, its pictures. */
export class OpenedPlace {
  readonly info: PlaceInfo
  readonly cluster: Cluster
  readonly #claims: Claims
  readonly #controller: Controller
  readonly #feed: RunFeed
  readonly #told = new Map<RunKey, string>()
  #started: Promise<void> | undefined

  constructor(
    info: PlaceInfo,
    cluster: Cluster,
    self: DriverSelf,
    log: (line: string) => void,
    elected?: ClaimsSetting["elected"],
  ) {
    this.info = info
    this.cluster = cluster
    this.#feed = new RunFeed({
      info,
      view: (run) => this.view(run),
      summary: (run) => this.#summary(run),
      plain: () => cluster.plainJobs(),
    })
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
      mayCreate: (run) => this.#claims.mayCreate(run),
      onRun: (run) => this.#feed.changed(run),
      onPlain: () => this.#feed.plainChanged(),
      onStale: (error) =>
        this.#feed.becameStale(error && { message: error.message, kind: factsOf(error).fault }),
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
    for (const run of this.cluster.runs()) this.#feed.look(run)
  }

  async stop(): Promise<void> {
    this.#feed.stop()
    this.#controller.stop()
    await this.#claims.stop()
    await this.cluster.close()
  }

  state(): PlaceState {
    return this.#feed.state()
  }

  /** True while a run needs this very driver. */
  isBusy(): boolean {
    return this.#feed.summaries.keys().some((run) => this.#claims.isMeant(run))
  }

  /** A driver in the cluster lives that would take a run made here. */
  hasClusterDriver(): Promise<boolean> {
    return this.#claims.findClusterDriver(this.info.namespace)
  }

  /** Names of the runs that are not over and are driven so. */
  runsDriven(kind: DriverView["kind"]): readonly string[] {
    return [...this.#feed.summaries.values()]
      .filter(({ driver }) => driver?.kind === kind)
      .map(({ name }) => name)
  }

  /** Names of the runs that are not over and that the driver with this id has. */
  runsOf(id: string): readonly string[] {
    return [...this.cluster.runs()].flatMap((run) => {
      const claim = readClaim(objectOf(this.cluster.execution(run)?.object.status).driver)
      const isOver = this.#claims.view(run) === undefined
      return !isOver && claim?.id === id ? [run.slice(run.indexOf("/") + 1)] : []
    })
  }

  summary(run: RunKey): RunSummary | undefined {
    return this.#feed.summaries.get(run)
  }

  /** What hinders a run that its driver knows nothing of; undefined: nothing any more. */
  tellTrouble(run: RunKey, sentence: string | undefined): void {
    if (this.#told.get(run) === sentence) return
    if (sentence === undefined) this.#told.delete(run)
    else this.#told.set(run, sentence)
    this.#feed.changed(run)
  }

  /** All of a run, made anew. */
  view(run: RunKey): RunView | undefined {
    if (!this.cluster.execution(run)) return undefined
    return this.#withDriver(run, this.#controller.driver(run).view())
  }

  /** The run as it was told last; from there on every change of it reaches the listener. */
  openRun(run: RunKey, listener: (change: RunChange) => void): WatchedRun | undefined {
    return this.#feed.openRun(run, listener)
  }

  onChange(listener: (change: PlaceChange) => void): () => void {
    return this.#feed.onChange(listener)
  }

  /** Resolves at the next change of anything in the place. */
  nextChange(signal: AbortSignal): Promise<void> {
    return this.#feed.nextChange(signal)
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
    const told = this.#told.get(key)
    const trouble = refusal ?? driver?.sentence ?? told ?? shown.trouble ?? lack
    return { ...shown, ...(driver && { driver }), ...(trouble !== undefined && { trouble }) }
  }
}
