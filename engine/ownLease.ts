import { type DriverIdentity, deadAfterMs } from "#core/run/claim"
import type { Cluster, Lease } from "./cluster.ts"
import { ClusterError } from "./clusterError.ts"

/** The Lease of this driver in one namespace. */
export class OwnLease {
  readonly #cluster: Cluster
  readonly #wish: Parameters<Cluster["writeLease"]>[0]
  #version: string | undefined

  constructor(cluster: Cluster, namespace: string, driver: DriverIdentity, holder: string) {
    this.#cluster = cluster
    this.#wish = { namespace, driver, holder }
  }

  /** Moves the Lease, whoever moved it last: for a driver whose id nobody else has. */
  async move(): Promise<void> {
    if (await this.#write(this.#version)) return
    if (await this.#write((await this.#read())?.version)) return
    throw this.#contested()
  }

  /**
   * Moves the Lease unless another process has it now (false). One that somebody deleted is made
   * again: nobody else has it.
   */
  async keep(): Promise<boolean> {
    if (await this.#write(this.#version)) return true
    const there = await this.#read()
    // Our own last write may have been carried out without its answer reaching us.
    if (!this.#isFree(there)) return false
    if (await this.#write(there?.version)) return true
    // Somebody was faster; whether that was another process is seen at the next look.
    if (!this.#isFree(await this.#read())) return false
    throw this.#contested()
  }

  /**
   * Waits until the Lease is ours: it is free, was given back, or has not moved for as long as we
   * watched it. `pause` tells how much of our own time has passed.
   */
  async acquire(pause: () => Promise<number>): Promise<void> {
    let seen: string | undefined
    let stillMs = 0
    for (;;) {
      const there = await this.#read()
      if (there?.version !== seen) stillMs = 0
      seen = there?.version
      if ((this.#isFree(there) || stillMs >= deadAfterMs) && (await this.#write(seen))) return
      stillMs += await pause()
    }
  }

  /** Gives the Lease back, if it is still as we wrote it: another process may have it by now. */
  async drop(): Promise<void> {
    const { namespace, driver } = this.#wish
    const version = this.#version
    if (version === undefined) return
    this.#version = undefined
    try {
      await this.#cluster.deleteLease(namespace, driver.id, version)
    } catch (error) {
      if (!(error instanceof ClusterError) || error.kind !== "conflict") throw error
    }
  }

  #isFree(there: Lease | undefined): boolean {
    return !there || there.holder === "" || there.holder === this.#wish.holder
  }

  #contested(): ClusterError {
    const { namespace, driver } = this.#wish
    const sentence = `The Lease "${driver.id}" in "${namespace}" was changed by somebody else meanwhile.`
    return new ClusterError("conflict", sentence)
  }

  #read(): Promise<Lease | undefined> {
    return this.#cluster.readLease(this.#wish.namespace, this.#wish.driver.id)
  }

  async #write(over: string | undefined): Promise<boolean> {
    try {
      this.#version = (await this.#cluster.writeLease(this.#wish, over)).version
      return true
    } catch (error) {
      if (error instanceof ClusterError && isOutdated(error)) return false
      throw error
    }
  }
}

/** Another version of it is there, or it is not there any more. */
function isOutdated({ kind }: ClusterError): boolean {
  return kind === "conflict" || kind === "already-exists" || kind === "not-found"
}
