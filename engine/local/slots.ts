/** How many pods run at the same time; who comes later waits in line. */
export class Slots {
  readonly limit: number
  #taken = 0
  readonly #waiting: Slot[] = []
  #soon: NodeJS.Immediate | undefined

  constructor(limit: number) {
    this.limit = limit
  }

  /**
   * Calls back soon or when it is one's turn, never from within another's `take` or `release`: whoever
   * stops many begins none of them on the way. `release` gives the slot, or the place in line, back.
   */
  take(begin: () => void): { readonly release: () => void } {
    const slot: Slot = { begin, state: "waiting" }
    this.#waiting.push(slot)
    this.#lookSoon()
    return {
      release: () => {
        if (slot.state === "taken") this.#taken -= 1
        slot.state = "given back"
        this.#lookSoon()
      },
    }
  }

  #lookSoon(): void {
    this.#soon ??= setImmediate(() => {
      this.#soon = undefined
      this.#next()
    })
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
