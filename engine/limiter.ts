import { ClusterError } from "./clusterError.ts"
import { longestTimerMs } from "./longestTimer.ts"

/**
 * Lets as many requests through at once as the API server bears: one more after each round that
 * went well, half as many after each "too many requests", and none before the time it asked for.
 */
export class Limiter {
  readonly #most: number
  readonly #waiting: (() => void)[] = []
  #limit: number
  #active = 0
  #pausedUntil = 0
  #timer: NodeJS.Timeout | undefined

  constructor(start = 32, most = 64) {
    this.#limit = start
    this.#most = most
  }

  async run<T>(request: () => Promise<T>): Promise<T> {
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve)
      this.#admit()
    })
    try {
      const result = await request()
      this.#limit = Math.min(this.#most, this.#limit + 1 / this.#limit)
      return result
    } catch (error) {
      if (error instanceof ClusterError && error.kind === "busy") {
        this.#limit = Math.max(1, this.#limit / 2)
        this.#pausedUntil = performance.now() + (error.retryAfterMs ?? 1_000)
      }
      throw error
    } finally {
      this.#active--
      this.#admit()
    }
  }

  #admit(): void {
    const pause = this.#pausedUntil - performance.now()
    if (pause > 0) {
      this.#timer ??= setTimeout(
        () => {
          this.#timer = undefined
          this.#admit()
        },
        Math.min(pause, longestTimerMs),
      )
      return
    }
    while (this.#active < Math.floor(this.#limit)) {
      const next = this.#waiting.shift()
      if (!next) return
      this.#active++
      next()
    }
  }
}
