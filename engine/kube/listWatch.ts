import { isDeepStrictEqual } from "node:util"
import { ClusterError } from "../clusterError.ts"
import { fromFailure, fromResponse } from "./apiError.ts"
import type { Connection } from "./connection.ts"

/** The parts of any Kubernetes object that keeping a copy of a collection needs. */
export interface Identified {
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly uid: string
    readonly resourceVersion: string
  }
}

export interface ListWatchOptions<T> {
  readonly path: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
  /** What to keep of an object; the rest is dropped at once. */
  readonly read: (raw: Identified) => T
  /** `previous` and `next` are what was and is kept; undefined = not there. */
  readonly onChange: (key: string, next: T | undefined, previous: T | undefined) => void
  /** Called when what is kept begins or ceases to be up to date. */
  readonly onStale: (error: ClusterError | undefined) => void
}

interface Kept<T> {
  readonly version: number
  readonly value: T
}

const pageSize = 500
const firstBackoffMs = 250
const maxBackoffMs = 15_000
/** Bookmarks come about once a minute; a watch that is silent for longer is taken for dead. */
const idleMs = 90_000
/**
 * How often that is looked at. By the clock on the wall: a machine that slept for a night has waited
 * a night, and not only from its waking on.
 */
const idleLookMs = 2_000
const watchSeconds = 300

/**
 * Keeps a copy of a collection by list and watch: pages, bookmarks, lists anew when the server
 * forgot our place, resumes where it was after a cut, and says when the copy is stale. The client
 * library's informer stops at most errors, so this is our own.
 */
export class ListWatch<T> {
  readonly #connection: Connection
  readonly #options: ListWatchOptions<T>
  readonly #kept = new Map<string, Kept<T>>()
  readonly #stop = new AbortController()
  #version = ""
  #synced: PromiseWithResolvers<void> = Promise.withResolvers()
  #isStale = true

  constructor(connection: Connection, options: ListWatchOptions<T>) {
    this.#connection = connection
    this.#options = options
  }

  /** Resolves with the first complete list; rejects only when the server says no for good. */
  get synced(): Promise<void> {
    return this.#synced.promise
  }

  get(key: string): T | undefined {
    return this.#kept.get(key)?.value
  }

  values(): Iterable<T> {
    return this.#kept.values().map((kept) => kept.value)
  }

  start(): void {
    this.#synced.promise.catch(() => {})
    void this.#run()
  }

  stop(): void {
    this.#stop.abort()
  }

  /** Takes in an answer to our own write, so that it is not older than what we did. */
  put(raw: Identified): void {
    // What the watch has passed and did not leave here was deleted while the answer was under way.
    const isPassed = Number(raw.metadata.resourceVersion) <= Number(this.#version)
    if (isPassed && !this.#kept.has(keyOf(raw))) return
    this.#set(raw)
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop
    let backoff = firstBackoffMs
    while (!signal.aborted) {
      try {
        if (this.#version === "") {
          await this.#list()
          this.#fresh()
        }
        await this.#watch(() => {
          backoff = firstBackoffMs
        })
      } catch (error) {
        if (signal.aborted) return
        const failure = fromFailure(error, this.#connection.server)
        if (failure.kind === "gone") {
          this.#version = ""
          continue
        }
        this.#stale(failure)
        await delay(failure.retryAfterMs ?? backoff * (0.5 + Math.random()), signal)
        backoff = Math.min(backoff * 2, maxBackoffMs)
      }
    }
  }

  async #list(): Promise<void> {
    const seen = new Set<string>()
    let next = ""
    let version = ""
    do {
      const page = readList(
        await this.#connection.request({
          method: "GET",
          path: this.#options.path,
          query: {
            labelSelector: this.#options.labelSelector,
            fieldSelector: this.#options.fieldSelector,
            limit: pageSize,
            continue: next || undefined,
          },
          signal: this.#stop.signal,
        }),
      )
      for (const item of page.items) {
        seen.add(keyOf(item))
        this.#set(item)
      }
      version = page.version
      next = page.next
    } while (next !== "")
    // What our own writes put in after the list was made is newer than it and stays.
    for (const [key, kept] of this.#kept) {
      if (!seen.has(key) && kept.version <= Number(version)) this.#remove(key)
    }
    this.#version = version
  }

  async #watch(onAlive: () => void): Promise<void> {
    const idle = new AbortController()
    const signal = AbortSignal.any([this.#stop.signal, idle.signal])
    let heardAt = Date.now()
    const timer = setInterval(() => {
      if (Date.now() - heardAt > idleMs) idle.abort()
    }, idleLookMs)
    try {
      const body = await this.#connection.stream({
        method: "GET",
        path: this.#options.path,
        query: {
          labelSelector: this.#options.labelSelector,
          fieldSelector: this.#options.fieldSelector,
          watch: true,
          allowWatchBookmarks: true,
          resourceVersion: this.#version,
          timeoutSeconds: Math.round(watchSeconds * (1 + Math.random())),
        },
        signal,
      })
      this.#fresh()
      let rest = ""
      for await (const chunk of body) {
        heardAt = Date.now()
        onAlive()
        const text = rest + chunk
        let start = 0
        for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
          this.#take(text.slice(start, end))
          start = end + 1
        }
        rest = text.slice(start)
      }
    } catch (error) {
      if (idle.signal.aborted && !this.#stop.signal.aborted) {
        throw new ClusterError(
          "offline",
          `${this.#connection.server} has not said anything for over ${idleMs / 1000} s.`,
        )
      }
      throw error
    } finally {
      clearInterval(timer)
    }
  }

  #take(line: string): void {
    if (line === "") return
    const event = JSON.parse(line) as { type: string; object: Identified & { code?: number } }
    switch (event.type) {
      case "BOOKMARK":
        this.#version = event.object.metadata.resourceVersion
        return
      case "ERROR":
        throw fromResponse(event.object.code ?? 500, JSON.stringify(event.object), undefined)
      case "DELETED":
        this.#version = event.object.metadata.resourceVersion
        // Another of the same name may have been made, and put in, since.
        if (Number(this.#version) < (this.#kept.get(keyOf(event.object))?.version ?? 0)) return
        this.#remove(keyOf(event.object))
        return
      default:
        this.#version = event.object.metadata.resourceVersion
        this.#set(event.object)
    }
  }

  #set(raw: Identified): void {
    const key = keyOf(raw)
    const version = Number(raw.metadata.resourceVersion)
    const previous = this.#kept.get(key)
    if (previous && previous.version >= version) return
    const value = this.#options.read(raw)
    this.#kept.set(key, { version, value })
    // Most writes of other controllers change nothing that is kept.
    if (previous && isDeepStrictEqual(previous.value, value)) return
    this.#options.onChange(key, value, previous?.value)
  }

  #remove(key: string): void {
    const previous = this.#kept.get(key)
    if (!previous) return
    this.#kept.delete(key)
    this.#options.onChange(key, undefined, previous.value)
  }

  #fresh(): void {
    this.#synced.resolve()
    if (!this.#isStale) return
    this.#isStale = false
    this.#options.onStale(undefined)
  }

  #stale(error: ClusterError): void {
    if (!error.isPassing) this.#synced.reject(error)
    this.#isStale = true
    this.#options.onStale(error)
  }
}

export function keyOf(object: Identified): string {
  const { name, namespace } = object.metadata
  return namespace ? `${namespace}/${name}` : name
}

export function readList(raw: unknown): { items: Identified[]; version: string; next: string } {
  const { items, metadata } = raw as {
    items?: Identified[] | null
    metadata?: { resourceVersion?: string; continue?: string }
  }
  return {
    items: items ?? [],
    version: metadata?.resourceVersion ?? "0",
    next: metadata?.continue ?? "",
  }
}

function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    signal.addEventListener("abort", done, { once: true })
    function done() {
      clearTimeout(timer)
      signal.removeEventListener("abort", done)
      resolve()
    }
  })
}
