import type { Lease, LeaseWish } from "./cluster.ts"
import { ClusterError } from "./clusterError.ts"

/** Leases that one process keeps for everybody, with the rules that an API server has. */
export class HeldLeases {
  readonly #leases = new Map<string, Lease>()
  #version = 0

  get all(): ReadonlyMap<string, Lease> {
    return this.#leases
  }

  read(namespace: string, id: string): Lease | undefined {
    return this.#leases.get(`${namespace}/${id}`)
  }

  /** Makes the Lease (`over` undefined), or moves it if it is still the one of that version. */
  write({ namespace, driver, holder }: LeaseWish, over: string | undefined): Lease {
    const key = `${namespace}/${driver.id}`
    const there = this.#leases.get(key)
    if (over === undefined && there) {
      throw new ClusterError("already-exists", `leases "${key}" already exists`)
    }
    if (over !== undefined && !there) {
      throw new ClusterError("not-found", `leases "${key}" not found`)
    }
    if (there && there.version !== over) {
      throw new ClusterError("conflict", `the object "${key}" has been modified`)
    }
    this.#version += 1
    const lease = { key, kind: driver.kind, holder, version: String(this.#version) }
    this.#leases.set(key, lease)
    return lease
  }

  delete(namespace: string, id: string, over: string): void {
    const key = `${namespace}/${id}`
    const there = this.#leases.get(key)
    if (there && there.version !== over) {
      throw new ClusterError("conflict", `the object "${key}" has been modified`)
    }
    this.#leases.delete(key)
  }
}
