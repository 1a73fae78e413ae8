import { type Disposable, EventEmitter, type LogOutputChannel } from "vscode"
import type { RunView } from "#core/view/statusTree"
import { connectEngine, type EngineConnection } from "#engine/engineClient"
import type { LogText, PlaceChange, PlaceRequest, PlaceState } from "#engine/protocol"

/**
 * The latest picture of the runs of each place that somebody looks at. Pushed by the engine, never
 * polled; when the engine's process goes, a new one is started and the places are opened again.
 */
export class RunStore implements Disposable {
  readonly #program: string
  readonly #version: string
  readonly #log: LogOutputChannel
  readonly #places = new Map<string, { readonly request: PlaceRequest; state: PlaceState }>()
  readonly #changed = new EventEmitter<PlaceState>()
  readonly #runChanged = new EventEmitter<{ readonly place: string; readonly run: string }>()
  readonly #logText = new EventEmitter<LogText>()
  readonly #logEnd = new EventEmitter<string>()
  #connection: Promise<EngineConnection> | undefined
  #isDisposed = false

  readonly onDidChange = this.#changed.event
  readonly onDidChangeRun = this.#runChanged.event
  readonly onLogText = this.#logText.event
  readonly onLogEnd = this.#logEnd.event

  constructor(program: string, version: string, log: LogOutputChannel) {
    this.#program = program
    this.#version = version
    this.#log = log
  }

  get places(): readonly PlaceState[] {
    return [...this.#places.values()].map(({ state }) => state)
  }

  /** Begins to watch a place; what is already watched is asked for again only if it is another. */
  async open(request: PlaceRequest): Promise<PlaceState> {
    const state = await this.call("place/open", request)
    this.#places.set(state.place.id, { request, state })
    this.#changed.fire(state)
    return state
  }

  /** The run as it is known now. */
  run(place: string, name: string): RunView | undefined {
    return this.#places.get(place)?.state.runs.find((run) => run.name === name)
  }

  openRun(_place: string, _name: string): Disposable & { readonly opened: Promise<void> } {
    return { opened: Promise.resolve(), dispose: () => {} }
  }

  readonly call: EngineConnection["call"] = async (method, params) => {
    const connection = await this.#connect()
    return connection.call(method, params)
  }

  dispose(): void {
    this.#isDisposed = true
    this.#changed.dispose()
    this.#logText.dispose()
    void this.#connection?.then(
      (connection) => connection.close(),
      () => {},
    )
  }

  #connect(): Promise<EngineConnection> {
    this.#connection ??= this.#start().catch((error: unknown) => {
      this.#connection = undefined
      throw error
    })
    return this.#connection
  }

  async #start(): Promise<EngineConnection> {
    const connection = await connectEngine(this.#program, this.#version, "vscode")
    connection.onNotification("place/changed", (change) => this.#take(change))
    connection.onNotification("log/text", (text) => this.#logText.fire(text))
    connection.onNotification("log/end", ({ log }) => this.#logEnd.fire(log))
    connection.onClose(() => {
      this.#connection = undefined
      if (!this.#isDisposed) void this.#reopen()
    })
    return connection
  }

  async #reopen(): Promise<void> {
    this.#log.info("The engine went away; its places are opened again.")
    for (const { request } of [...this.#places.values()]) {
      try {
        await this.open(request)
      } catch (error) {
        this.#log.error(error instanceof Error ? error : String(error))
      }
    }
  }

  #take(change: PlaceChange): void {
    const entry = this.#places.get(change.place)
    if (!entry) return
    const runs = new Map(entry.state.runs.map((run) => [run.name, run]))
    for (const name of change.removed) runs.delete(name)
    for (const run of change.runs) runs.set(run.name, run)
    entry.state = {
      place: entry.state.place,
      runs: [...runs.values()],
      plain: change.plain ?? entry.state.plain,
      stale: change.stale,
    }
    this.#changed.fire(entry.state)
    for (const { name } of change.runs) {
      this.#runChanged.fire({ place: change.place, run: name })
    }
  }
}
