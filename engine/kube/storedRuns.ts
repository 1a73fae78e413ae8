import type { JobManifest } from "#core/plan/jobManifest"
import { type Json, objectOf, textOf } from "#core/plan/json"
import { labels } from "#core/plan/labels"
import type { RunKey, SeenVersion, StoredExecution } from "../cluster.ts"
import { ClusterError } from "../clusterError.ts"
import type { Connection } from "./connection.ts"
import { annotation } from "./executionStore.ts"
import { type Identified, ListWatch } from "./listWatch.ts"
import type { RunStore, RunStores, StoreWrite } from "./runStore.ts"

export interface StoredRunsSetting {
  readonly connection: Connection
  /** Empty: every namespace. */
  readonly namespace: string
  readonly stores: RunStores
  readonly onRun: (run: RunKey, isThere: boolean) => void
  readonly onStale: (error: ClusterError | undefined) => void
}

interface WatchedStore {
  readonly store: RunStore
  readonly watch: ListWatch<StoredExecution>
}

/** The runs of a cluster, whatever objects they are kept in. */
export class StoredRuns {
  readonly #connection: Connection
  readonly #first: WatchedStore
  readonly #all: readonly WatchedStore[]

  constructor({ connection, namespace, stores, onRun, onStale }: StoredRunsSetting) {
    this.#connection = connection
    const watched = (store: RunStore, tell: typeof onStale): WatchedStore => ({
      store,
      watch: new ListWatch(connection, {
        path: store.path(namespace),
        labelSelector: store.labelSelector,
        read: store.read,
        onChange: (_key, next, previous) => {
          const run = (next ?? previous)?.key
          if (run !== undefined) onRun(run, next !== undefined)
        },
        onStale: tell,
      }),
    })
    this.#first = watched(stores.first, onStale)
    // What may not be there at all, or not be seen, makes nothing that is shown out of date.
    this.#all = [this.#first, ...(stores.other ? [watched(stores.other, () => {})] : [])]
  }

  start(): void {
    for (const { watch } of this.#all) watch.start()
  }

  stop(): void {
    for (const { watch } of this.#all) watch.stop()
  }

  /** Resolves with the first complete picture. */
  async synced(): Promise<void> {
    const [first, ...others] = this.#all.map(({ watch }) => watch.synced)
    await Promise.allSettled(others)
    await first
  }

  keys(): readonly RunKey[] {
    return [...new Set(this.#all.flatMap(({ watch }) => [...watch.values()].map(({ key }) => key)))]
  }

  get(run: RunKey): StoredExecution | undefined {
    for (const { store, watch } of this.#all) {
      const found = watch.get(storeKey(store, run))
      if (found) return found
    }
    return undefined
  }

  /** What the run is kept in; of one that is not there, what a new one would be kept in. */
  storeOf(run: RunKey): RunStore {
    return this.#of(run).store
  }

  async create(namespace: string, object: Json): Promise<StoredExecution> {
    const { store } = this.#first
    const name = textOf(objectOf(objectOf(object).metadata).name) ?? ""
    if (this.get(`${namespace}/${name}`)) {
      throw new ClusterError(
        "already-exists",
        `There is a run "${name}" in "${namespace}" already.`,
      )
    }
    const raw = await this.#connection.request({
      method: "POST",
      path: store.path(namespace),
      ...store.creation(objectOf(object)),
    })
    return this.#take(this.#first, raw)
  }

  /** A fresh look. */
  async read(run: RunKey): Promise<StoredExecution | undefined> {
    for (const one of this.#all) {
      try {
        const request = { method: "GET", path: pathOf(one.store, run) } as const
        return this.#take(one, await this.#connection.request(request))
      } catch (error) {
        if (!(error instanceof ClusterError)) throw error
        // Who may not see the other store sees no run in it; what passes says nothing about the run.
        const isUnseen = error.kind === "forbidden" && one !== this.#first
        if (error.kind !== "not-found" && !isUnseen) throw error
      }
    }
    return undefined
  }

  async writeStatus(run: StoredExecution, status: Json): Promise<void> {
    const one = this.#of(run.key)
    this.#take(one, await this.#write(one.store, run.key, one.store.statusWrite(run, status)))
  }

  async annotate(run: RunKey, annotations: Readonly<Record<string, string>>): Promise<void> {
    const one = this.#of(run)
    this.#take(one, await this.#write(one.store, run, annotation(annotations)))
  }

  async delete(run: RunKey, seen: SeenVersion | undefined): Promise<void> {
    const one = this.#of(run)
    const deletion = one.store.deletion(new Date().toISOString(), seen)
    const answer = await this.#write(one.store, run, deletion)
    if (deletion.method === "PATCH") this.#take(one, answer)
  }

  /** The Job with the object as its owner that keeps its run. */
  owned(manifest: JobManifest): JobManifest {
    const { namespace, ownerReferences } = manifest.metadata
    const run = manifest.metadata.labels[labels.execution]
    if (!ownerReferences || run === undefined) return manifest
    const { apiVersion, kind, objectName, isBlockedByJobs } = this.storeOf(`${namespace}/${run}`)
    const owners = ownerReferences.map((owner) => {
      const object = { apiVersion, kind, name: objectName(run) }
      return { ...owner, ...object, blockOwnerDeletion: isBlockedByJobs }
    })
    return { ...manifest, metadata: { ...manifest.metadata, ownerReferences: owners } }
  }

  #of(run: RunKey): WatchedStore {
    return this.#all.find(({ store, watch }) => watch.get(storeKey(store, run))) ?? this.#first
  }

  #write(store: RunStore, run: RunKey, { part = "", ...request }: StoreWrite): Promise<unknown> {
    return this.#connection.request({ ...request, path: pathOf(store, run) + part })
  }

  #take({ store, watch }: WatchedStore, raw: unknown): StoredExecution {
    // Every answer of the API server names its object.
    watch.put(raw as Identified)
    return store.read(raw as Identified)
  }
}

function storeKey(store: RunStore, run: RunKey): string {
  const slash = run.indexOf("/")
  return `${run.slice(0, slash)}/${store.objectName(run.slice(slash + 1))}`
}

function pathOf(store: RunStore, run: RunKey): string {
  const slash = run.indexOf("/")
  return `${store.path(run.slice(0, slash))}/${store.objectName(run.slice(slash + 1))}`
}
