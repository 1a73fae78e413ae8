import { longestTimerMs } from "./longestTimer.ts"

/**
 * How long a key rests for each millisecond that its work took; what comes meanwhile is worked on
 * together. Work of many milliseconds rests longer still: it is that of a large run, whose steps the
 * cluster takes minutes for, and the processor is the cluster's, too.
 */
const restPerMs = 11
const moreRestPerMs = 3
const mostMoreRestMs = 400

/**
 * Works on keys one at a time each: a key that is added while it is worked on is worked on once
 * more afterwards, a key whose work is long again and again rests in between, and a key whose work
 * failed comes again after a growing pause.
 */
export class WorkQueue {
  readonly #work: (key: string, signal: AbortSignal) => Promise<void>
  readonly #onError: (key: string, error: unknown) => void
  readonly #waiting = new Set<string>()
  readonly #active = new Set<string>()
  readonly #timers = new Map<string, { readonly at: number; readonly timer: NodeJS.Timeout }>()
  readonly #failures = new Map<string, number>()
  readonly #restUntil = new Map<string, number>()
  /** Milliseconds of processor time that the last work on a key took. */
  readonly #took = new Map<string, number>()
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
    const rest = (this.#restUntil.get(key) ?? 0) - performance.now()
    if (rest > 1) {
      this.addAfter(key, rest)
      return
    }
    this.#waiting.add(key)
    this.#soon ??= setImmediate(() => {
      this.#soon = undefined
      this.#next()
    })
  }

  /** Of several times for one key the earliest counts. A key that is to come in a month comes sooner. */
  addAfter(key: string, ms: number): void {
    if (this.#stop.signal.aborted) return
    const at = performance.now() + ms
    const known = this.#timers.get(key)
    if (known && known.at <= at) return
    clearTimeout(known?.timer)
    const timer = setTimeout(
      () => {
        this.#timers.delete(key)
        this.add(key)
      },
      Math.min(ms, longestTimerMs),
    )
    this.#timers.set(key, { at, timer })
  }

  stop(): void {
    this.#stop.abort()
    for (const { timer } of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
    this.#waiting.clear()
  }

  /** Nothing is remembered of a key that will not come again. */
  forget(key: string): void {
    this.#failures.delete(key)
    this.#restUntil.delete(key)
    this.#took.delete(key)
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
    const began = process.cpuUsage()
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
      this.#rest(key, began)
      this.#active.delete(key)
      this.#next()
    }
  }

  /**
   * Only what the key itself costs makes it rest, and whoever waits for its steps waits for that: not
   * for other programs on a busy machine, and not for one slow work among quick ones.
   */
  #rest(key: string, began: NodeJS.CpuUsage): void {
    const { user, system } = process.cpuUsage(began)
    const took = (user + system) / 1000
    const usual = Math.min(took, this.#took.get(key) ?? 0)
    this.#took.set(key, took)
    const more = Math.min(usual * usual * moreRestPerMs, mostMoreRestMs)
    this.#restUntil.set(key, performance.now() + usual * restPerMs + more)
  }
}
