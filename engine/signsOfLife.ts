import { setTimeout as pause } from "node:timers/promises"
import { deadAfterMs } from "#core/run/claim"
import type { Cluster, Lease, RunKey } from "./cluster.ts"
import { ClusterError } from "./clusterError.ts"

interface SignsOfLifeSetting {
  readonly cluster: Cluster
  readonly clock: () => number
  /** Whoever lives moves its Lease within this time. */
  readonly signMs: number
  /** Somebody who was silent for long is silent indeed. */
  readonly onConfirmed: () => void
}

interface Stillness {
  readonly version: string | undefined
  readonly ms: number
  /** Whether it was seen to move: one that merely is there may be of a driver that died long ago. */
  readonly hasMoved?: boolean
  /** Whether a fresh look found it standing still too: the watch may be what stands still. */
  isConfirmed?: boolean
  isAsked?: boolean
}

const lookMs = 100
const unclaimed = "unclaimed "

/** A run that nobody has is watched too, for how long that is so. */
export function unclaimedKey(run: RunKey): string {
  return unclaimed + run
}

/** For how long what is watched did not move, by the clock of whoever looks. */
export class SignsOfLife {
  readonly #setting: SignsOfLifeSetting
  readonly #seen = new Map<string, Stillness>()

  constructor(setting: SignsOfLifeSetting) {
    this.#setting = setting
  }

  /** So much more time has passed over these keys and the Leases of drivers in the cluster. */
  pass(keys: ReadonlySet<string>, leases: ReadonlyMap<string, Lease>, passedMs: number): void {
    const ofCluster = [...leases.values()].filter(({ kind }) => kind === "cluster")
    const watched = new Set([...keys, ...ofCluster.map(({ key }) => key)])
    for (const key of watched) this.#watch(key, leases.get(key)?.version, passedMs)
    for (const [key, seen] of this.#seen) {
      if (!watched.has(key)) this.#seen.delete(key)
      else if (seen.ms >= deadAfterMs) void this.#confirm(key, seen)
    }
  }

  /** Undefined: it seems long enough, and nobody could make sure of it yet. */
  stillMs(key: string): number | undefined {
    const seen = this.#seen.get(key)
    if (seen === undefined) return 0
    return seen.ms < deadAfterMs || seen.isConfirmed ? seen.ms : undefined
  }

  /** A fresh look at a Lease, past every cache: whether it stands where it was seen last, or is gone. */
  async isStill(key: string): Promise<boolean> {
    const slash = key.indexOf("/")
    const there = await this.#setting.cluster.readLease(key.slice(0, slash), key.slice(slash + 1))
    if (there === undefined || there.version === this.#seen.get(key)?.version) return true
    this.#seen.set(key, { version: there.version, ms: 0, hasMoved: true })
    return false
  }

  /**
   * Whether a driver in the cluster lives that would take a run made in the namespace. Where there is
   * a Lease that nobody saw move yet, this waits until it should have moved.
   */
  async findClusterDriver(namespace: string): Promise<boolean> {
    const { cluster, clock, signMs } = this.#setting
    await Promise.race([cluster.leasesListed?.(), pause(signMs, undefined, { ref: false })])
    const began = clock()
    for (;;) {
      const found = this.#seesClusterDriver(namespace)
      if (found !== undefined || clock() - began >= signMs) return found === true
      await pause(lookMs)
    }
  }

  /** Undefined: it may have been watched for too short a time. */
  #seesClusterDriver(namespace: string): boolean | undefined {
    const { cluster, signMs } = this.#setting
    let isSure = true
    for (const { key, kind, version } of cluster.leases()?.values() ?? []) {
      if (kind !== "cluster" || !key.startsWith(`${namespace}/`)) continue
      const seen = this.#seen.get(key)
      if (seen === undefined) this.#seen.set(key, { version, ms: 0 })
      else if (seen.version !== version || (seen.hasMoved && seen.ms < deadAfterMs)) return true
      if ((seen?.ms ?? 0) < signMs) isSure = false
    }
    return isSure ? false : undefined
  }

  /** A Lease that we saw and that is gone was given back. */
  #watch(key: string, version: string | undefined, passedMs: number): void {
    const before = this.#seen.get(key)
    if (before === undefined) this.#seen.set(key, { version, ms: 0 })
    else if (before.version === version) {
      // The very object, while a look at it is under way.
      if (before.ms < deadAfterMs) {
        this.#seen.set(key, { version, ms: before.ms + passedMs, hasMoved: before.hasMoved })
      }
    } else if (version === undefined) this.#seen.set(key, { version, ms: deadAfterMs })
    else this.#seen.set(key, { version, ms: 0, hasMoved: true })
  }

  /** A network that died in silence looks as if everybody had died: without an answer nobody can tell. */
  async #confirm(key: string, seen: Stillness): Promise<void> {
    if (seen.isConfirmed || seen.isAsked) return
    seen.isAsked = true
    try {
      if (key.startsWith(unclaimed)) {
        await this.#setting.cluster.readExecution(key.slice(unclaimed.length))
      } else if (!(await this.isStill(key))) return
    } catch (error) {
      // Who may only watch was answered too.
      if (!(error instanceof ClusterError) || error.kind !== "forbidden") return
    } finally {
      seen.isAsked = false
    }
    seen.isConfirmed = true
    this.#setting.onConfirmed()
  }
}
