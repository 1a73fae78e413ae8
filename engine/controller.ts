import type { Claim } from "#core/run/claim"
import type { Cluster, RunKey } from "./cluster.ts"
import { ClusterError } from "./clusterError.ts"
import { Driver, type DriverSetting } from "./driver.ts"
import { Limiter } from "./limiter.ts"
import { WorkQueue } from "./workQueue.ts"

export interface ControllerSetting {
  readonly cluster: Cluster
  readonly now: () => number
  readonly log: (line: string) => void
  /** Whether this process may move the run; asked at every pass. */
  readonly mayDrive: (run: RunKey) => boolean | Promise<boolean>
  /** What a status that we write says of its driver; undefined: nothing. */
  readonly claim?: (run: RunKey) => Claim
  /** Asked before each Job is made, however long ago that was decided. */
  readonly mayCreate?: (run: RunKey) => boolean
  /** Told after each change of a run, for those who show it. */
  readonly onRun: (run: RunKey) => void
  readonly onPlain?: () => void
  readonly onStale: (error: ClusterError | undefined) => void
}

/** Follows every run of a cluster and moves those that are ours. One bad run never stops another. */
export class Controller {
  readonly #setting: ControllerSetting
  readonly #drivers = new Map<RunKey, Driver>()
  readonly #queue: WorkQueue
  readonly #driverSetting: DriverSetting

  constructor(setting: ControllerSetting) {
    const { cluster, now, log, onRun, claim, mayCreate } = setting
    const limiter = new Limiter()
    this.#setting = setting
    this.#queue = new WorkQueue(
      (run) => this.#pass(run),
      (run, error) => {
        const isExpected = error instanceof ClusterError
        log(`${run}: ${isExpected ? error.message : error instanceof Error ? error.stack : error}`)
      },
    )
    this.#driverSetting = {
      cluster,
      now,
      log,
      again: (run, afterMs) => {
        if (afterMs === undefined) {
          this.#queue.add(run)
          onRun(run)
        } else this.#queue.addAfter(run, afterMs)
      },
      limit: (request) => limiter.run(request),
      claim,
      mayCreate,
    }
  }

  async start(): Promise<void> {
    const { cluster, onRun, onPlain, onStale } = this.#setting
    await cluster.start({
      onRun: (run) => {
        this.#queue.add(run)
        onRun(run)
      },
      onPlain,
      onStale,
    })
  }

  /** Looks at the run again, because of something that is not in the cluster. */
  again(run: RunKey): void {
    this.#queue.add(run)
    this.#setting.onRun(run)
  }

  /** What drives the run, made on first need. */
  driver(run: RunKey): Driver {
    const known = this.#drivers.get(run)
    if (known) return known
    const driver = new Driver(run, this.#driverSetting)
    this.#drivers.set(run, driver)
    return driver
  }

  stop(): void {
    this.#queue.stop()
  }

  async #pass(run: RunKey): Promise<void> {
    if (!this.#setting.cluster.execution(run)) {
      this.#drivers.delete(run)
      this.#queue.forget(run)
      return
    }
    if (!(await this.#setting.mayDrive(run))) return
    await this.driver(run).pass()
    this.#setting.onRun(run)
  }
}
