import { type Disposable, EventEmitter, type LogOutputChannel, l10n, workspace } from "vscode"
import { applyRunChange, type RunChange, type TaskHead, type TaskSteps } from "#core/view/runChange"
import type { RunView } from "#core/view/statusTree"
import { connectEngine, type EngineConnection } from "#engine/engineClient"
import type {
  JobChange,
  LogText,
  PlaceChange,
  PlaceRequest,
  PlaceState,
  RunChange as ToldChange,
} from "#engine/protocol"
import type { LoginPlugins } from "./loginPlugins.ts"
import { LostPlaces } from "./lostPlaces.ts"
import { placeFault } from "./placeFault.ts"
import { UntrustedFolder } from "./untrustedFolder.ts"
import { watchSilence } from "./watchSilence.ts"

/** What became different in an opened run; `isWhole`: everything may have. */
export interface OpenedRunChange {
  readonly place: string
  readonly run: string
  readonly isWhole: boolean
  readonly tasks: readonly TaskHead[]
  readonly steps: readonly TaskSteps[]
}

interface OpenedRun {
  readonly place: string
  readonly run: string
  users: number
  opening: Promise<void>
  view: RunView | undefined
}

interface StoreSetting {
  /** The engine's program, started when none runs. */
  readonly program: string
  readonly version: string
  readonly log: LogOutputChannel
  readonly plugins: LoginPlugins
}

/**
 * The latest picture of the runs of each place that somebody looks at. Pushed by the engine, never
 * polled; when the engine's process goes, a new one is started and the places are opened again.
 */
export class RunStore implements Disposable {
  readonly #program: string
  readonly #version: string
  readonly #log: LogOutputChannel
  readonly #plugins: LoginPlugins
  readonly #places = new Map<string, { readonly request: PlaceRequest; state: PlaceState }>()
  readonly #opened = new Map<string, OpenedRun>()
  readonly #changed = new EventEmitter<PlaceState>()
  readonly #placeChanged = new EventEmitter<PlaceChange>()
  readonly #runChanged = new EventEmitter<OpenedRunChange>()
  readonly #jobChanged = new EventEmitter<JobChange>()
  readonly #reopened = new EventEmitter<string>()
  readonly #silence = new EventEmitter<number | undefined>()
  readonly #logText = new EventEmitter<LogText>()
  readonly #logEnd = new EventEmitter<string>()
  readonly #lost = new LostPlaces({
    open: (place) => this.#openAgain(place),
    onRefused: (place, since, error) => {
      this.#note(error)
      const { message, kind } = placeFault(error)
      const before = this.#places.get(place)?.state.stale?.since
      this.#takeStale(place, { since: before ?? since, message, kind })
    },
  })
  #connection: Promise<EngineConnection> | undefined
  #watch: Disposable | undefined
  #isDisposed = false

  readonly onDidChange = this.#changed.event
  /** Which runs of a place changed or went; `onDidChange` has the whole of it. */
  readonly onDidChangePlace = this.#placeChanged.event
  readonly onDidChangeRun = this.#runChanged.event
  readonly onDidChangeJob = this.#jobChanged.event
  /** A new engine knows the place: what was opened there with `call` has to be opened again. */
  readonly onDidReopen = this.#reopened.event
  /** Since when the engine's process lives and does not answer; undefined: it does again, or is gone. */
  readonly onSilence = this.#silence.event
  readonly onLogText = this.#logText.event
  readonly onLogEnd = this.#logEnd.event

  constructor({ program, version, log, plugins }: StoreSetting) {
    this.#program = program
    this.#version = version
    this.#log = log
    this.#plugins = plugins
  }

  get places(): readonly PlaceState[] {
    return [...this.#places.values()].map(({ state }) => state)
  }

  /** Begins to watch a place; what is already watched is asked for again only if it is another. */
  async open(request: PlaceRequest): Promise<PlaceState> {
    const state = await this.call("place/open", request)
    const { id } = state.place
    const wasLost = this.#lost.find(id)
    const there = new Set(state.runs.map(({ name }) => name))
    const before = this.#places.get(id)?.state.runs ?? []
    const removed = before.map(({ name }) => name).filter((name) => !there.has(name))
    this.#places.set(id, { request, state })
    this.#changed.fire(state)
    // Nobody else tells of what is there already.
    const { runs, plain, stale, cutAt } = state
    this.#placeChanged.fire({ place: id, runs, removed, plain, stale, cutAt })
    // Of more runs than are told of one that is missing may be there.
    if (cutAt === undefined) this.#forgetRuns(id, removed)
    if (wasLost) this.#openWhatWasOpen(id)
    return state
  }

  /** Whether the engine of now does not know a place that an earlier one knew. */
  isLost(place: string): boolean {
    return this.#lost.has(place)
  }

  /** The run as it is known now; undefined while nobody has it open. */
  run(place: string, name: string): RunView | undefined {
    return this.#opened.get(idOf(place, name))?.view
  }

  /**
   * Keeps all of a run up to date until what is answered is disposed of. `run` knows it once
   * `onDidChangeRun` told of it first; whoever cannot wait for that may await `opened`.
   */
  openRun(place: string, name: string): Disposable & { readonly opened: Promise<void> } {
    const id = idOf(place, name)
    const known = this.#opened.get(id)
    const entry = known ?? {
      place,
      run: name,
      users: 0,
      view: undefined,
      opening: Promise.resolve(),
    }
    entry.users++
    if (!known) {
      this.#opened.set(id, entry)
      entry.opening = this.#openRun(entry)
      // Whoever awaits it is told; the others see that the run is not known.
      entry.opening.catch(() => {})
    }
    let isOpen = true
    const dispose = () => {
      if (!isOpen) return
      isOpen = false
      entry.users--
      if (entry.users > 0 || this.#isDisposed) return
      this.#opened.delete(id)
      this.call("run/close", { place, run: name }).catch((error: unknown) => this.#note(error))
    }
    return { opened: entry.opening, dispose }
  }

  readonly call: EngineConnection["call"] = async (method, params) => {
    const connection = await this.#connect()
    const isCluster = "kind" in params && params.kind === "kube" && !("plugins" in params)
    if (!isCluster) return connection.call(method, params)
    // Whatever talks to a cluster starts no program that the user was not asked about.
    const call = () => connection.call(method, { ...params, plugins: this.#plugins.allowed })
    try {
      return await call()
    } catch (error) {
      const { kind, command } = placeFault(error)
      if (kind !== "plugin-asks" || command === undefined) throw error
      if (!(await this.#plugins.ask(command))) throw error
      return await call()
    }
  }

  dispose(): void {
    this.#isDisposed = true
    this.#lost.dispose()
    this.#watch?.dispose()
    this.#changed.dispose()
    this.#placeChanged.dispose()
    this.#runChanged.dispose()
    this.#jobChanged.dispose()
    this.#reopened.dispose()
    this.#silence.dispose()
    this.#logText.dispose()
    this.#logEnd.dispose()
    void this.#connection?.then(
      (connection) => connection.close(),
      () => {},
    )
  }

  #connect(): Promise<EngineConnection> {
    if (!workspace.isTrusted) return Promise.reject(new UntrustedFolder())
    this.#connection ??= this.#start().catch((error: unknown) => {
      this.#connection = undefined
      throw error
    })
    return this.#connection
  }

  async #start(): Promise<EngineConnection> {
    const connecting = connectEngine(this.#program, this.#version, "vscode")
    const greeting = watchSilence(
      () => connecting,
      (since) => this.#silence.fire(since),
    )
    const connection = await connecting.finally(() => {
      greeting.dispose()
      this.#silence.fire(undefined)
    })
    connection.onNotification("place/changed", (change) => this.#take(change))
    connection.onNotification("run/changed", (change) => this.#takeRun(change))
    connection.onNotification("job/changed", (change) => this.#jobChanged.fire(change))
    connection.onNotification("log/text", (text) => this.#logText.fire(text))
    connection.onNotification("log/end", ({ log }) => this.#logEnd.fire(log))
    this.#watch?.dispose()
    const watch = watchSilence(
      () => connection.call("engine/ping", {}),
      (since) => this.#takeSilence(since),
    )
    this.#watch = watch
    connection.onClose(() => {
      watch.dispose()
      this.#connection = undefined
      if (this.#isDisposed) return
      this.#silence.fire(undefined)
      this.#log.info("The engine went away; its places are opened again.")
      for (const id of this.#places.keys()) this.#lost.lose(id)
    })
    return connection
  }

  /** What a silent engine told last is as old as its last answer. */
  #takeSilence(since: number | undefined): void {
    this.#silence.fire(since)
    if (since === undefined) {
      for (const id of [...this.#places.keys()])
        this.#openAgain(id).catch(() => this.#lost.lose(id))
      return
    }
    const message = l10n.t("The engine on this machine does not answer.")
    for (const { state } of [...this.#places.values()]) {
      this.#takeStale(state.place.id, state.stale ?? { since, message, kind: "other" })
    }
  }

  #takeStale(place: string, stale: NonNullable<PlaceState["stale"]>): void {
    const cutAt = this.#places.get(place)?.state.cutAt
    this.#take({ place, runs: [], removed: [], stale, cutAt })
  }

  /** The very same place, also when kubectl's own choice is another by now. */
  async #openAgain(id: string): Promise<void> {
    const known = this.#places.get(id)
    if (!known) return
    const { request, state } = known
    const { kubeconfig, context, namespace } = state.place
    await this.open(
      request.kind === "kube" ? { ...request, kubeconfig, context, namespace } : request,
    )
  }

  #openWhatWasOpen(place: string): void {
    for (const entry of this.#opened.values()) {
      if (entry.place !== place) continue
      entry.opening = this.#openRun(entry)
      entry.opening.catch((error: unknown) => this.#note(error))
    }
    this.#reopened.fire(place)
  }

  async #openRun(entry: OpenedRun): Promise<void> {
    const { place, run } = entry
    entry.view = await this.call("run/open", { place, run })
    this.#runChanged.fire({ place, run, isWhole: true, tasks: [], steps: [] })
  }

  #takeRun(change: ToldChange): void {
    const { place, run, tasks, steps, whole } = change
    const entry = this.#opened.get(idOf(place, run))
    // Between the question and its answer nothing is told; after a close a last message may come.
    if (!entry || (!entry.view && !whole)) return
    entry.view = applyRunChange(entry.view, change satisfies RunChange)
    this.#runChanged.fire({ place, run, isWhole: whole !== undefined, tasks, steps })
  }

  #forgetRuns(place: string, names: readonly string[]): void {
    for (const run of names) {
      const opened = this.#opened.get(idOf(place, run))
      if (!opened) continue
      opened.view = undefined
      this.#runChanged.fire({ place, run, isWhole: true, tasks: [], steps: [] })
    }
  }

  #note(error: unknown): void {
    this.#log.error(error instanceof Error ? error : String(error))
  }

  #take(change: PlaceChange): void {
    const entry = this.#places.get(change.place)
    if (!entry) return
    const runs = new Map(entry.state.runs.map((run) => [run.name, run]))
    for (const name of change.removed) runs.delete(name)
    this.#forgetRuns(change.place, change.removed)
    for (const run of change.runs) runs.set(run.name, run)
    entry.state = {
      place: entry.state.place,
      runs: [...runs.values()],
      plain: change.plain ?? entry.state.plain,
      stale: change.stale,
      cutAt: change.cutAt,
    }
    this.#changed.fire(entry.state)
    this.#placeChanged.fire(change)
  }
}

function idOf(place: string, run: string): string {
  return `${place}\n${run}`
}
