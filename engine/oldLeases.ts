import type { Lease } from "./cluster.ts"

/** Whoever comes back after so long finds that its Lease is gone, and makes it again. */
const oldAfterMs = 24 * 3_600_000

interface Seen {
  readonly version: string
  readonly ms: number
}

/** Leases that stood still for a day that somebody watched: of drivers whose ids nobody has any more. */
export class OldLeases {
  readonly #seen = new Map<string, Seen>()

  /** What is old now, after so much more time; each is told once. */
  look(leases: ReadonlyMap<string, Lease>, passedMs: number): readonly Lease[] {
    const old: Lease[] = []
    for (const lease of leases.values()) {
      const { key, version } = lease
      const before = this.#seen.get(key)
      const ms = before?.version === version ? before.ms + passedMs : 0
      if (ms >= oldAfterMs) old.push(lease)
      this.#seen.set(key, { version, ms: ms >= oldAfterMs ? 0 : ms })
    }
    for (const key of this.#seen.keys()) if (!leases.has(key)) this.#seen.delete(key)
    return old
  }
}
