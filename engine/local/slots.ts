/** How many pods run at the same time; who comes later waits in line. */
export class Slots {
  readonly limit: number
  #taken = 0
  readonly #waiting: Slot[] = []

  constructor(limit: number) {
    this.limit = limit
  }

  /** Calls back at once or when it is one's turn; `release` gives the slot, or the place in line, back. */
  take(begin: () => void): { readonly release: () => void } {
    const slot: Slot = { begin, state: "waiting" }
    this.#waiting.push(slot)
    queueMicrotask(() => this.#next())
    return {
      release: () => {
        if (slot.state === "taken") this.#taken -= 1
        slot.state = "given back"
        this.#next()
      },
    }
  }

  #next(): void {
    while (this.#taken < this.limit) {
      const slot = this.#waiting.shift()
      if (slot === undefined) return
      if (slot.state !== "waiting") continue
      slot.state = "taken"
      this.#taken += 1
      slot.begin()
    }
  }
}

interface Slot {
  readonly begin: () => void
  state: "waiting" | "taken" | "given back"
}
