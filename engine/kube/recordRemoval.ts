import { listOf, objectOf, textOf } from "#core/plan/json"
import { labels } from "#core/plan/labels"
import type { RunKey, StoredExecution } from "../cluster.ts"
import { ClusterError } from "../clusterError.ts"
import { configMapStore } from "./configMapStore.ts"
import type { Connection } from "./connection.ts"

const retryMs = 5_000

/**
 * Takes away a run that is a ConfigMap and marked as deleted: its Jobs first, then the record, so that
 * the run is seen for as long as anything of it is there. Whoever sees the mark goes on with it.
 */
export class RecordRemoval {
  readonly #connection: Connection
  readonly #passes = new Map<RunKey, Promise<void>>()
  readonly #again = new Set<RunKey>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #isStopped = false

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Called whenever something of such a run changed. */
  look(run: StoredExecution): void {
    this.pass(run).catch((error: unknown) => {
      // One who may only look leaves it to those who may more.
      if (!(error instanceof ClusterError) || !error.isPassing || this.#isStopped) return
      const timer = setTimeout(() => {
        this.#timers.delete(timer)
        this.look(run)
      }, retryMs)
      this.#timers.add(timer)
    })
  }

  stop(): void {
    this.#isStopped = true
    for (const timer of this.#timers) clearTimeout(timer)
  }

  /** As far as it goes now: Jobs take their time to end. */
  pass(run: StoredExecution): Promise<void> {
    const { key } = run
    const known = this.#passes.get(key)
    if (known) {
      this.#again.add(key)
      return known
    }
    const pass = this.#remove(run).finally(() => {
      this.#passes.delete(key)
      if (this.#again.delete(key) && !this.#isStopped) this.look(run)
    })
    this.#passes.set(key, pass)
    return pass
  }

  async #remove({ key, uid }: StoredExecution): Promise<void> {
    const namespace = key.slice(0, key.indexOf("/"))
    const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`
    // What a watch does not show may be there all the same.
    const answer = await this.#connection.request({
      method: "GET",
      path: jobs,
      query: { labelSelector: `${labels.controllerUid}=${uid}` },
    })
    const there = listOf(objectOf(answer).items).map((item) => objectOf(objectOf(item).metadata))
    for (const { name, uid, deletionTimestamp } of there) {
      if (deletionTimestamp === undefined) await this.#delete(`${jobs}/${textOf(name)}`, uid)
    }
    if (there.length > 0) return
    const record = configMapStore.objectName(key.slice(key.indexOf("/") + 1))
    await this.#delete(`${configMapStore.path(namespace)}/${record}`, uid)
  }

  async #delete(path: string, uid: unknown): Promise<void> {
    try {
      await this.#connection.request({
        method: "DELETE",
        path,
        body: { propagationPolicy: "Foreground", preconditions: { uid } },
      })
    } catch (error) {
      // Gone already, or another has its name by now.
      if (error instanceof ClusterError && isOver(error)) return
      throw error
    }
  }
}

function isOver({ kind }: ClusterError): boolean {
  return kind === "not-found" || kind === "conflict"
}
