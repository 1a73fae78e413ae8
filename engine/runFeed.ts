import type { PlainJobView } from "#core/view/plainJob"
import { runChange } from "#core/view/runChange"
import type { RunSummary } from "#core/view/runSummary"
import type { RunView } from "#core/view/statusTree"
import type { WatchedRun } from "./place.ts"
import type { PlaceChange, PlaceInfo, PlaceState, RunChange } from "./protocol.ts"

/** Changes are told together, at most this often. */
const tellMs = 50
/** Of one processor: pictures of large runs are made as often as this allows. */
const tellShare = 0.1
/** The same while nobody looks. */
const unseenShare = 0.03

/** Where the pictures come from; runs go by whatever the place calls them. */
interface RunPictures {
  readonly info: PlaceInfo
  /** All of a run, made anew; undefined: it is gone. */
  readonly view: (run: string) => RunView | undefined
  /** The same in short, at less cost. */
  readonly summary: (run: string) => RunSummary | undefined
  readonly plain: () => readonly PlainJobView[]
}

/** A run that somebody looks into. */
interface OpenedRun {
  view: RunView | undefined
  readonly listeners: Set<(change: RunChange) => void>
}

/** What is told of the runs of a place to those who look: first all of it, then what changed. */
export class RunFeed {
  readonly #pictures: RunPictures
  readonly #summaries = new Map<string, RunSummary>()
  readonly #opened = new Map<string, OpenedRun>()
  readonly #changed = new Set<string>()
  readonly #listeners = new Set<(change: PlaceChange) => void>()
  readonly #waiters = new Set<() => void>()
  #timer: NodeJS.Timeout | undefined
  #tellAt = 0
  #stale: PlaceState["stale"]
  #cutAt: number | undefined
  #isPlaceOther = false
  #plainChanged = false

  constructor(pictures: RunPictures) {
    this.#pictures = pictures
  }

  /** By what the place calls them, as they were told last. */
  get summaries(): ReadonlyMap<string, RunSummary> {
    return this.#summaries
  }

  get hasListeners(): boolean {
    return this.#listeners.size > 0
  }

  /** The run changed, or it is gone. */
  changed(run: string): void {
    this.#changed.add(run)
    this.#tellSoon()
  }

  plainChanged(): void {
    this.#plainChanged = true
    this.#tellSoon()
  }

  /** Since when is kept from the first of several in a row. */
  becameStale(why: Omit<NonNullable<PlaceState["stale"]>, "since"> | undefined): void {
    if (why === undefined && this.#stale === undefined) return
    this.#stale = why && { since: this.#stale?.since ?? Date.now(), ...why }
    this.#isPlaceOther = true
    this.#tellSoon()
  }

  /** Of each state only so many runs are told, and there are more; undefined: all are told. */
  wasCutAt(most: number | undefined): void {
    if (most === this.#cutAt) return
    this.#cutAt = most
    this.#isPlaceOther = true
    this.#tellSoon()
  }

  /** Whether somebody looks into the run. */
  isOpened(run: string): boolean {
    return this.#opened.has(run)
  }

  /** Takes a run into the picture at once, without telling of it. */
  look(run: string): void {
    this.#look(run)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  state(): PlaceState {
    this.#tellNow()
    return {
      place: this.#pictures.info,
      runs: [...this.#summaries.values()],
      plain: this.#pictures.plain(),
      stale: this.#stale,
      cutAt: this.#cutAt,
    }
  }

  /** The run as it was told last; from there on every change of it reaches the listener. */
  openRun(run: string, listener: (change: RunChange) => void): WatchedRun | undefined {
    this.#tellNow()
    const opened = this.#opened.get(run) ?? { view: undefined, listeners: new Set() }
    opened.view ??= this.#pictures.view(run)
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
    const isSeen = this.#listeners.size > 0 || this.#opened.size > 0
    this.#tellAt = now + (now - began) / (isSeen ? tellShare : unseenShare)
  }

  #tell(): void {
    const runs: RunSummary[] = []
    const removed: string[] = []
    for (const run of this.#changed) {
      const before = this.#summaries.get(run)
      const summary = this.#look(run)
      if (summary) runs.push(summary)
      else if (before) removed.push(before.name)
    }
    this.#changed.clear()
    if (runs.length > 0 || removed.length > 0 || this.#isPlaceOther || this.#plainChanged) {
      const change: PlaceChange = {
        place: this.#pictures.info.id,
        runs,
        removed,
        ...(this.#plainChanged ? { plain: this.#pictures.plain() } : {}),
        stale: this.#stale,
        cutAt: this.#cutAt,
      }
      for (const listener of this.#listeners) listener(change)
    }
    this.#isPlaceOther = false
    this.#plainChanged = false
    for (const waiter of [...this.#waiters]) waiter()
  }

  #look(run: string): RunSummary | undefined {
    const opened = this.#opened.get(run)
    const change = opened && this.#difference(opened, run)
    const summary = change?.summary ?? this.#pictures.summary(run)
    if (summary) this.#summaries.set(run, summary)
    else this.#summaries.delete(run)
    if (opened && change) {
      const told: RunChange = {
        place: this.#pictures.info.id,
        run: change.summary.name,
        ...change,
      }
      for (const listener of opened.listeners) listener(told)
    }
    return summary
  }

  #difference(opened: OpenedRun, run: string) {
    const view = this.#pictures.view(run)
    const change = view && runChange(opened.view, view)
    opened.view = view
    return change
  }
}
