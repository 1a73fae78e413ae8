import { type Disposable, EventEmitter, type Uri } from "vscode"
import type { RunView } from "#core/view/statusTree"
import type { PlaceState } from "#engine/protocol"
import { namesOf } from "../run/runnable.ts"
import type { RunStore } from "../runs/runStore.ts"

export interface RunName {
  readonly place: string
  readonly run: string
}

/** A run in short, as places know it. */
export type KnownRun = PlaceState["runs"][number]

/**
 * Which run is shown beside a workflow's text: the newest that was made from it, unless somebody
 * chose another. Nothing is asked for: only what is known of the places that are open counts.
 */
export class ChosenRuns implements Disposable {
  readonly #runs: RunStore
  readonly #chosen = new Map<string, RunName | "none">()
  readonly #changed = new EventEmitter<void>()
  readonly #listeners: readonly Disposable[]
  readonly #opened = new Map<string, Disposable>()

  /** Another run may be shown, or the shown one changed. */
  readonly onDidChange = this.#changed.event

  constructor(runs: RunStore) {
    this.#runs = runs
    this.#listeners = [
      runs.onDidChange(() => this.#changed.fire()),
      runs.onDidChangeRun(() => this.#changed.fire()),
    ]
  }

  /** Runs that were made from the workflow, the newest first. */
  runsOf(uri: Uri, index: number): readonly (RunName & { readonly known: KnownRun })[] {
    const names = namesOf(uri)
    return this.#runs.places
      .flatMap(({ place, runs }) =>
        runs.map((known) => ({ place: place.id, run: known.name, known })),
      )
      .filter(({ known: { source } }) => source?.document === index && names.has(source.file))
      .sort((a, b) => (b.known.createdAt ?? "9").localeCompare(a.known.createdAt ?? "9"))
  }

  /** Whether there may be a run to show beside some workflow of the file. */
  isAnyOf(uri: Uri): boolean {
    const names = namesOf(uri)
    const isMade = this.#runs.places.some(({ runs }) =>
      runs.some(({ source }) => source && names.has(source.file)),
    )
    return isMade || [...this.#chosen.keys()].some((key) => key.endsWith(` ${uri.toString()}`))
  }

  /** The run that is shown beside the workflow. */
  of(uri: Uri, index: number): RunName | undefined {
    const chosen = this.#chosen.get(keyOf(uri, index))
    if (chosen === "none") return undefined
    return chosen ?? this.runsOf(uri, index)[0]
  }

  choose(uri: Uri, index: number, run: RunName | "none" | "newest"): void {
    if (run === "newest") this.#chosen.delete(keyOf(uri, index))
    else this.#chosen.set(keyOf(uri, index), run)
    this.#changed.fire()
  }

  /** A run was made from the workflow just now: it is the one to look at. */
  started(uri: Uri, index: number, run: RunName): void {
    this.choose(uri, index, run)
  }

  /** All of a run that is shown; it is kept up to date while `keepOnly` names it. */
  view(name: RunName): RunView | undefined {
    const id = JSON.stringify(name)
    if (!this.#opened.has(id)) this.#opened.set(id, this.#runs.openRun(name.place, name.run))
    return this.#runs.run(name.place, name.run)
  }

  /** Lets go of every other run that was looked at. */
  keepOnly(names: readonly RunName[]): void {
    const kept = new Set(names.map((name) => JSON.stringify(name)))
    for (const [id, opened] of this.#opened) {
      if (kept.has(id)) continue
      opened.dispose()
      this.#opened.delete(id)
    }
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose()
    this.keepOnly([])
    this.#changed.dispose()
  }
}

function keyOf(uri: Uri, index: number): string {
  return `${index} ${uri.toString()}`
}
