import { Disposable } from "vscode"
import type { RunSummary } from "#core/view/runSummary"
import type { RunView } from "#core/view/statusTree"
import type { PlaceState } from "#engine/protocol"
import type { RunStore } from "./runStore.ts"

/** A run as a panel shows it: where it is, and how it stands. */
export interface FollowedRun {
  readonly place: PlaceState["place"]
  readonly view: RunView
  readonly stale: PlaceState["stale"]
}

/** A run that is kept open for as long as it is the one that is meant. */
export class FollowRun implements Disposable {
  readonly #runs: RunStore
  readonly #isMeant: (place: string, run: RunSummary) => boolean
  readonly #take: (run: FollowedRun | undefined) => void
  readonly #listeners: Disposable
  #open: { readonly place: string; readonly run: string; readonly end: Disposable } | undefined

  /** Of several that are meant the newest counts; undefined is told when there is none any more. */
  constructor(
    runs: RunStore,
    isMeant: (place: string, run: RunSummary) => boolean,
    take: (run: FollowedRun | undefined) => void,
  ) {
    this.#runs = runs
    this.#isMeant = isMeant
    this.#take = take
    this.#listeners = Disposable.from(
      runs.onDidChange(() => this.look()),
      runs.onDidChangeRun(({ place, run }) => {
        if (this.#open?.place === place && this.#open.run === run) this.#tell()
      }),
    )
  }

  /** Which run is meant may have changed. */
  look(): void {
    let newest: { readonly place: string; readonly run: RunSummary } | undefined
    for (const { place, runs } of this.#runs.places) {
      for (const run of runs) {
        if (!this.#isMeant(place.id, run)) continue
        if (newest === undefined || isNewer(run, newest.run)) newest = { place: place.id, run }
      }
    }
    if (newest?.place !== this.#open?.place || newest?.run.name !== this.#open?.run) {
      this.#open?.end.dispose()
      this.#open = newest && {
        place: newest.place,
        run: newest.run.name,
        end: this.#runs.openRun(newest.place, newest.run.name),
      }
    }
    this.#tell()
  }

  dispose(): void {
    this.#listeners.dispose()
    this.#open?.end.dispose()
  }

  #tell(): void {
    const open = this.#open
    if (open === undefined) {
      this.#take(undefined)
      return
    }
    const state = this.#runs.places.find(({ place }) => place.id === open.place)
    const view = this.#runs.run(open.place, open.run)
    // Just opened: its view comes with the next change.
    if (view && state) this.#take({ place: state.place, view, stale: state.stale })
  }
}

/** A run that has no time yet was just created. */
function isNewer(a: RunSummary, b: RunSummary): boolean {
  return (a.createdAt ?? "9") > (b.createdAt ?? "9")
}
