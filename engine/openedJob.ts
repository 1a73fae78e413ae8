import { type JobChange, jobChange } from "#core/view/jobChange"
import type { JobView } from "#core/view/jobView"
import type { Cluster, JobRequest, JobWatch } from "./cluster.ts"

/** Changes are told together, at most this often. */
const tellMs = 50

/** A Job or CronJob that somebody looks into: first all of it, then what changes. */
export class OpenedJob {
  readonly #watch: JobWatch | undefined
  readonly #tell: (change: JobChange) => void
  #view: JobView | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(cluster: Cluster, request: JobRequest, tell: (change: JobChange) => void) {
    this.#tell = tell
    this.#watch = cluster.watchJob?.(request, () => this.#tellSoon())
  }

  /** Undefined when there is no such Job. */
  async start(): Promise<JobView | undefined> {
    await this.#watch?.start()
    this.#view = this.#watch?.view()
    return this.#view
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#watch?.close()
  }

  #tellSoon(): void {
    if (this.#view === undefined) return
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#look()
    }, tellMs)
  }

  #look(): void {
    // A Job that was deleted leaves the picture as it was seen last.
    const view = this.#watch?.view()
    if (view === undefined || this.#view === undefined) return
    const change = jobChange(this.#view, view)
    this.#view = view
    if (change) this.#tell(change)
  }
}
