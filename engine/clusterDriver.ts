import { deadAfterMs } from "#core/run/claim"
import type { Retention } from "#core/run/retention"
import { Claims, type DriverSelf, tickMs } from "./claims.ts"
import { cleanMs, cleanRuns } from "./cleanRuns.ts"
import type { Cluster, RunKey } from "./cluster.ts"
import { ClusterError } from "./clusterError.ts"
import { Controller } from "./controller.ts"
import type { Health, Verdict } from "./health.ts"
import { OwnLease } from "./ownLease.ts"

export interface ClusterDriverSetting {
  readonly cluster: Cluster
  readonly self: DriverSelf
  /** Where the Lease is that decides which of several replicas drives. */
  readonly namespace: string
  readonly log: (line: string) => void
  /** Which runs that are over are deleted, of those that this driver may drive; by default none. */
  readonly retention?: Retention
  /** Another replica drives now: this process has to end. */
  readonly lost: () => void
}

/**
 * The engine in a cluster. Of several replicas one is elected and drives; all of them have one id,
 * so the next one goes on with the runs of the one before as with its own.
 */
export class ClusterDriver {
  readonly health: Health
  readonly #setting: ClusterDriverSetting
  readonly #lease: OwnLease
  #controller: Controller | undefined
  #claims: Claims | undefined
  #state: Verdict = { isGood: false, sentence: "It starts." }
  #stale: string | undefined
  #isStopped = false
  #cleaning: NodeJS.Timeout | undefined

  constructor(setting: ClusterDriverSetting) {
    const { cluster, namespace, self } = setting
    this.#setting = setting
    this.#lease = new OwnLease(cluster, namespace, self, self.holder)
    this.health = {
      // A process that answers at all has a loop that turns.
      live: () => ({ isGood: true, sentence: "It lives." }),
      ready: () => this.#ready(),
    }
  }

  /** Resolves once this replica drives. */
  async start(): Promise<void> {
    const { cluster, self, namespace, log, lost } = this.#setting
    await this.#elect()
    log(`${self.holder} drives as "${self.id}"`)
    let isListed = false
    const claims: Claims = new Claims({
      cluster,
      self,
      log,
      again: (run) => {
        // Half a list shows runs whose Jobs it does not show yet: those would look as if not begun.
        if (isListed) controller.again(run)
      },
      elected: { namespace, lease: this.#lease, lost },
    })
    const controller: Controller = new Controller({
      cluster,
      now: Date.now,
      log,
      mayDrive: (run: RunKey) => claims.take(run),
      claim: (run: RunKey) => claims.claim(run),
      mayCreate: (run: RunKey) => claims.mayCreate(run),
      onRun: () => {},
      onStale: (error) => {
        this.#stale = error?.message
      },
    })
    this.#controller = controller
    this.#claims = claims
    // Before the first list: it may be long, and the Lease must not stand still meanwhile.
    claims.start()
    await controller.start()
    isListed = true
    this.#state = { isGood: true, sentence: "It drives." }
    this.#cleaning = setInterval(() => void this.clean(Date.now()), cleanMs)
  }

  /** Gives the Lease back, so that the next replica goes on at once. */
  async stop(): Promise<void> {
    if (this.#isStopped) return
    this.#isStopped = true
    clearInterval(this.#cleaning)
    this.#controller?.stop()
    await this.#claims?.stop()
    await this.#setting.cluster.close()
  }

  /** Deletes what the settings do not keep; once more later is no harm. */
  async clean(now: number): Promise<void> {
    const { cluster, retention, self, log } = this.#setting
    if (retention === undefined) return
    await cleanRuns({ cluster, retention, self, log }, now)
  }

  async #elect(): Promise<void> {
    const { log } = this.#setting
    for (let pause = tickMs; ; pause = Math.min(pause * 2, deadAfterMs)) {
      try {
        this.#state = { isGood: true, sentence: "Another replica drives, or none yet." }
        await this.#lease.acquire(() => passed(tickMs))
        return
      } catch (error) {
        if (!(error instanceof ClusterError)) throw error
        log(`the Lease: ${error.message}`)
        this.#state = { isGood: false, sentence: error.message }
        await passed(pause)
      }
    }
  }

  #ready(): Verdict {
    return this.#stale === undefined ? this.#state : { isGood: false, sentence: this.#stale }
  }
}

/** Waits and answers how much time was ours: who was stopped for an hour has not watched for an hour. */
async function passed(ms: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, ms))
  return ms
}
