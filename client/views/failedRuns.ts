import type { Memento } from "vscode"
import type { PlaceState } from "#engine/protocol"

const key = "failedRuns.seen"
const mostKept = 1_000

/** Which failed runs somebody looked at. What had failed before the first look at a place counts as seen. */
export class FailedRuns {
  readonly #memory: Memento
  readonly #seen: Set<string>
  readonly #places: Set<string>

  constructor(memory: Memento) {
    this.#memory = memory
    this.#seen = new Set(memory.get<string[]>(key, []))
    this.#places = new Set(memory.get<string[]>(`${key}.places`, []))
  }

  /** Looks at a run, failed or not: only failed ones are ever asked for. */
  look(place: string, run: string): void {
    const id = JSON.stringify([place, run])
    if (this.#seen.has(id)) return
    this.#seen.add(id)
    this.#keep()
  }

  /** How many failed that nobody looked at. */
  unseen(places: readonly PlaceState[]): number {
    let count = 0
    for (const { place, runs } of places) {
      const isFirst = !this.#places.has(place.id)
      for (const { name, phase } of runs) {
        const id = JSON.stringify([place.id, name])
        // One that goes on is looked at anew when it fails again.
        if (phase !== "failed") this.#seen.delete(id)
        else if (isFirst) this.#seen.add(id)
        else if (!this.#seen.has(id)) count++
      }
      if (!isFirst) continue
      this.#places.add(place.id)
      this.#keep()
    }
    return count
  }

  #keep(): void {
    void this.#memory.update(key, [...this.#seen].slice(-mostKept))
    void this.#memory.update(`${key}.places`, [...this.#places])
  }
}
