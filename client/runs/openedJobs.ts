import { Disposable, EventEmitter } from "vscode"
import { applyJobChange } from "#core/view/jobChange"
import type { JobView } from "#core/view/jobView"
import type { RunStore } from "./runStore.ts"

interface OpenedJob {
  readonly place: string
  readonly name: string
  view: Promise<JobView>
}

/** Jobs that no run made, with their pods, for as long as somebody looks into them. */
export class OpenedJobs implements Disposable {
  readonly #runs: RunStore
  readonly #opened = new Map<string, OpenedJob>()
  readonly #changed = new EventEmitter<void>()
  readonly #listeners: Disposable

  /** Pods of a Job that is open changed. */
  readonly onDidChange = this.#changed.event

  constructor(runs: RunStore) {
    this.#runs = runs
    this.#listeners = Disposable.from(
      this.#changed,
      runs.onDidChangeJob((change) => {
        const entry = this.#opened.get(idOf(change.place, change.view.name))
        if (!entry || change.view.kind !== "Job") return
        entry.view = entry.view.then((view) => applyJobChange(view, change))
        this.#changed.fire()
      }),
      runs.onDidReopen((place) => {
        // Panels close and open what they look at at the same word: they come first.
        queueMicrotask(() => {
          for (const entry of this.#opened.values()) if (entry.place === place) this.#ask(entry)
          this.#changed.fire()
        })
      }),
    )
  }

  /** The Job as it is now; from now on it is kept up to date. */
  view(place: string, name: string): Promise<JobView> {
    const id = idOf(place, name)
    const known = this.#opened.get(id)
    if (known) return known.view
    const entry = { place, name, view: this.#call(place, name) }
    this.#opened.set(id, entry)
    this.#forgetUnlessThere(entry)
    return entry.view
  }

  close(place: string, name: string): void {
    if (!this.#opened.delete(idOf(place, name))) return
    // An engine that went away watches nothing.
    this.#runs.call("job/close", { place, kind: "Job", name }).catch(() => {})
  }

  /** Lets go of the Jobs of a place that are not among these. */
  keepOnly(place: string, names: ReadonlySet<string>): void {
    for (const entry of [...this.#opened.values()]) {
      if (entry.place === place && !names.has(entry.name)) this.close(place, entry.name)
    }
  }

  dispose(): void {
    this.#listeners.dispose()
  }

  #ask(entry: OpenedJob): void {
    entry.view = this.#call(entry.place, entry.name)
    this.#forgetUnlessThere(entry)
  }

  #call(place: string, name: string): Promise<JobView> {
    return this.#runs.call("job/open", { place, kind: "Job", name })
  }

  /** Asked for again, it is opened again. */
  #forgetUnlessThere(entry: OpenedJob): void {
    const id = idOf(entry.place, entry.name)
    const { view } = entry
    view.catch(() => {
      if (this.#opened.get(id) === entry && entry.view === view) this.#opened.delete(id)
    })
  }
}

function idOf(place: string, name: string): string {
  return `${place}\n${name}`
}
