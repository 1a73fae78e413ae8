/**
 * Works on keys one at a time each: a key that is added while it is worked on is worked on once
 * more afterwards, and a key whose work failed comes again after a growing pause.
 */
export class WorkQueue {
  readonly #work: (key: string, signal: AbortSignal) => Promise<void>
  readonly #onError: (key: string, error: unknown) => void
  readonly #waiting = new Set<string>()
  readonly #active = new Set<string>()
  readonly #timers = new Map<string, { readonly at: number; readonly timer: NodeJS.Timeout }>()
  readonly #failures = new Map<string, number>()
  readonly #stop = new AbortController()
  readonly #parallel: number
  #soon: NodeJS.Immediate | undefined

  constructor(
    work: (key: string, signal: AbortSignal) => Promise<void>,
    onError: (key: string, error: unknown) => void,
    parallel = 16,
  ) {
    this.#work = work
    this.#onError = onError
    this.#parallel = parallel
  }

  /** What is added before the events at hand are read through is worked on once. */
  add(key: string): void {
    if (this.#stop.signal.aborted) return
    this.#waiting.add(key)
    this.#soon ??= setImmediate(() => {
      this.#soon = undefined
      this.#next()
    })
  }

  /** Of several times for one key the earliest counts. */
  addAfter(key: string, ms: number): void {
    if (this.#stop.signal.aborted) return
    const at = performance.now() + ms
    const known = this.#timers.get(key)
    if (known && known.at <= at) return
    clearTimeout(known?.timer)
    const timer = setTimeout(() => {
      this.#timers.delete(key)
      this.add(key)
    }, ms)
    this.#timers.set(key, { at, timer })
  }

  stop(): void {
    this.#stop.abort()
    for (const { timer } of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
    this.#waiting.clear()
  }

  #next(): void {
    for (const key of this.#waiting) {
      if (this.#active.size >= this.#parallel) return
      if (this.#active.has(key)) continue
      this.#waiting.delete(key)
      this.#active.add(key)
      void this.#do(key)
    }
  }

  async #do(key: string): Promise<void> {
    try {
      await this.#work(key, this.#stop.signal)
      this.#failures.delete(key)
    } catch (error) {
      if (!this.#stop.signal.aborted) {
        const count = (this.#failures.get(key) ?? 0) + 1
        this.#failures.set(key, count)
        this.#onError(key, error)
        this.addAfter(key, Math.min(100 * 2 ** count, 15_000) * (0.5 + Math.random()))
      }
    } finally {
      this.#active.delete(key)
      this.#next()
    }
  }
}
