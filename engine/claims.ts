import { readExecutionMetadata } from "#core/plan/execution"
import { objectOf } from "#core/plan/json"
import { annotations } from "#core/plan/labels"
import {
  anyInCluster,
  type Claim,
  type DriverIdentity,
  deadAfterMs,
  mayDrive,
  readClaim,
  type Standing,
  standing,
  writeClaim,
} from "#core/run/claim"
import { type DriverView, driverView } from "#core/view/driverView"
import type { Cluster, Lease, RunKey, StoredExecution } from "./cluster.ts"
import { ClusterError } from "./clusterError.ts"
import { deleteStrays } from "./deleteStrays.ts"
import { needsDriver } from "./needsDriver.ts"
import { OldLeases } from "./oldLeases.ts"
import { OwnLease } from "./ownLease.ts"
import { SignsOfLife, unclaimedKey } from "./signsOfLife.ts"
import { sleeplessClock } from "./sleeplessClock.ts"

/** A driver as it shows itself to others. */
export interface DriverSelf extends DriverIdentity {
  /** Of this very process. */
  readonly holder: string
}

export interface ClaimsSetting {
  readonly cluster: Cluster
  readonly self: DriverSelf
  readonly log: (line: string) => void
  /** What is right for the run may have changed without anything of the run changing. */
  readonly again: (run: RunKey) => void
  /** Milliseconds of a clock that also counts while this process, or its machine, stands still. */
  readonly clock?: () => number
  /**
   * For one of several processes with the same id: the Lease it was elected by. It is kept though no
   * run needs it, so that people see that a driver is there.
   */
  readonly elected?: {
    readonly namespace: string
    readonly lease: OwnLease
    /** Another process was elected: this one must not go on. */
    readonly lost: () => void
  }
}

export const tickMs = 2_000
const renewMs = 5_000
/** Whoever lives moves its Lease within this time: it looks each tick whether that is due. */
const signOfLifeMs = renewMs + tickMs + 1_000
/** For so long after a sign of life others certainly leave our runs alone. */
const sureMs = deadAfterMs - 5_000

interface Held {
  readonly lease: OwnLease
  renewedAt: number
  /** When the last sign of life was sent of which the answer is there. */
  sureAt: number
  /** Undefined while a first write is under way or was refused. */
  isLeased: boolean | undefined
  writing: Promise<void> | undefined
}

/** Which runs are ours to drive, and who has the others: the claims in the runs and the Leases beside them. */
export class Claims {
  readonly #setting: ClaimsSetting
  readonly #clock: () => number
  readonly #held = new Map<string, Held>()
  readonly #signs: SignsOfLife
  readonly #old = new OldLeases()
  readonly #shown = new Map<RunKey, string>()
  readonly #refused = new Map<RunKey, string>()
  #lastTick: number | undefined
  #timer: NodeJS.Timeout | undefined
  #lack: string | undefined

  constructor(setting: ClaimsSetting) {
    this.#setting = setting
    const { cluster, clock = sleeplessClock() } = setting
    this.#clock = clock
    this.#signs = new SignsOfLife({
      cluster,
      clock,
      signMs: signOfLifeMs,
      onConfirmed: () => this.#tellChanged(),
    })
  }

  start(): void {
    this.tick(performance.now())
    this.#timer = setInterval(() => this.tick(performance.now()), tickMs)
  }

  /** A driver that ends on purpose lets others take its runs at once. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    const all = [...this.#held.values()]
    this.#held.clear()
    await Promise.all(all.map((held) => this.#drop(held)))
  }

  async #drop({ lease, writing }: Held): Promise<void> {
    await writing
    await lease.drop().catch((error: unknown) => this.#say(error))
  }

  /** What of this driver others cannot see, in a sentence. */
  lacks(): string | undefined {
    return this.#lack
  }

  /** Why the run cannot be claimed though it should be. */
  refusal(run: RunKey): string | undefined {
    return this.#refused.get(run) ?? this.#doubt(run)
  }

  /** Whether the run needs a driver and its annotation means us, whoever has it now. */
  isMeant(run: RunKey): boolean {
    const stored = this.#setting.cluster.execution(run)
    return (
      stored !== undefined && needsDriver(stored) && mayDrive(this.#setting.self, wanted(stored))
    )
  }

  /** Whether a driver in the cluster lives that would take a run made in the namespace. */
  findClusterDriver(namespace: string): Promise<boolean> {
    return this.#signs.findClusterDriver(namespace)
  }

  /** What a status that we write says of its driver. */
  claim(run: RunKey): Claim {
    const { kind, id, name } = this.#setting.self
    return { kind, id, name, isLeased: this.#held.get(namespaceOf(run))?.isLeased !== false }
  }

  /** Makes the run ours where that is right; true when it is ours now. */
  async take(run: RunKey): Promise<boolean> {
    const { cluster, self } = this.#setting
    const stored = cluster.execution(run)
    if (!stored) return false
    if (!needsDriver(stored)) {
      // Two who both delete what came too late do no harm.
      if (mayDrive(self, wanted(stored))) await deleteStrays(cluster, stored)
      return false
    }
    const { claim, verdict } = this.#look(stored)
    switch (verdict) {
      case "ours":
        this.#show(run)
        return true
      case "another's":
      case "not-for-us":
        return false
      case "free":
        // Nobody else may have it, so it need not wait: the first status that is written says so.
        if (self.kind === "local") {
          this.#show(run)
          return true
        }
        return this.#claim(stored)
      case "dead":
        // A cache is never the word on death.
        if (claim === undefined || !(await this.#signs.isStill(leaseKey(run, claim.id))))
          return false
        return this.#claim(stored)
    }
  }

  /**
   * Whether a Job may be made for the run now. Whoever stood still for longer than others wait knows
   * nothing of what they did: it has to move its Lease and to read its runs anew first.
   */
  mayCreate(run: RunKey): boolean {
    const stored = this.#setting.cluster.execution(run)
    if (!stored || !needsDriver(stored) || !this.#isOurs(stored)) return false
    const held = this.#held.get(namespaceOf(run))
    // There is none any more when this driver gives its runs back.
    return held !== undefined && this.#isSure(held)
  }

  view(run: RunKey): DriverView | undefined {
    const stored = this.#setting.cluster.execution(run)
    if (!stored || !needsDriver(stored)) return undefined
    const claim = claimOf(stored)
    const stillMs = this.#stillMs(run, claim, wanted(stored))
    return driverView({ self: this.#setting.self, wanted: wanted(stored), claim, stillMs })
  }

  /** Time passes: `now` is of a clock that only goes forward. */
  tick(now: number): void {
    const { cluster, elected, self } = this.#setting
    // Who slept an hour has watched nobody for an hour.
    const passed = Math.min(now - (this.#lastTick ?? now), 2 * tickMs)
    this.#lastTick = now
    const meant = new Set(elected === undefined ? [] : [elected.namespace])
    const watched = new Set<string>()
    const leases = cluster.leases()
    for (const run of cluster.runs()) {
      const stored = cluster.execution(run)
      // Whoever makes the next run in a namespace looks there whether a driver lives that will take it.
      if (elected) meant.add(namespaceOf(run))
      if (!stored || !needsDriver(stored)) {
        this.#shown.delete(run)
        this.#refused.delete(run)
        continue
      }
      if (this.#isOurs(stored)) meant.add(namespaceOf(run))
      watched.add(watchKey(run, claimOf(stored), wanted(stored)))
    }
    if (leases) this.#signs.pass(watched, leases, passed)
    if (leases && self.kind === "cluster") this.#removeOld(leases, passed)
    for (const namespace of meant) this.#renew(namespace, now)
    for (const [namespace, held] of this.#held) {
      // One that was moved just now may belong to a claim that is under way.
      if (meant.has(namespace) || now - held.renewedAt < renewMs) continue
      this.#held.delete(namespace)
      void this.#drop(held)
    }
    this.#tellChanged()
  }

  /** Drivers that were never given an end leave theirs behind, one for each id. */
  #removeOld(leases: ReadonlyMap<string, Lease>, passed: number): void {
    const { cluster, log } = this.#setting
    for (const { key, version } of this.#old.look(leases, passed)) {
      const namespace = namespaceOf(key)
      cluster.deleteLease(namespace, key.slice(namespace.length + 1), version).then(
        () => log(`lease: ${key} stood still for a day and is deleted`),
        (error: unknown) => this.#say(error),
      )
    }
  }

  #tellChanged(): void {
    const { cluster, again } = this.#setting
    for (const run of cluster.runs()) if (this.#hasChanged(run)) again(run)
  }

  #hasChanged(run: RunKey): boolean {
    const stored = this.#setting.cluster.execution(run)
    if (!stored || !needsDriver(stored)) return false
    const view = JSON.stringify(this.view(run))
    const now = `${this.#look(stored).verdict} ${view} ${this.#doubt(run) ?? ""}`
    if (this.#shown.get(run) === now) return false
    this.#shown.set(run, now)
    return true
  }

  #look(stored: StoredExecution): {
    readonly claim: Claim | undefined
    readonly verdict: Standing
  } {
    const { self } = this.#setting
    const claim = claimOf(stored)
    const stillMs = this.#stillMs(stored.key, claim, wanted(stored))
    return { claim, verdict: standing({ self, wanted: wanted(stored), claim, stillMs }) }
  }

  #isOurs(stored: StoredExecution): boolean {
    return this.#look(stored).verdict === "ours" || this.#isOursAlone(stored)
  }

  #isSure({ sureAt }: Held): boolean {
    return this.#clock() - sureAt < sureMs
  }

  /** Why nothing new is started of a run that is ours. */
  #doubt(run: RunKey): string | undefined {
    const stored = this.#setting.cluster.execution(run)
    const held = this.#held.get(namespaceOf(run))
    if (!stored || !held || this.#isSure(held)) return undefined
    if (!needsDriver(stored) || !this.#isOurs(stored)) return undefined
    return "Nothing new is started until the cluster answers: its driver was not heard there for a while, and another one may have the run."
  }

  #isOursAlone(stored: StoredExecution): boolean {
    const { self } = this.#setting
    return self.kind === "local" && mayDrive(self, wanted(stored))
  }

  /** Undefined: nobody can tell. */
  #stillMs(run: RunKey, claim: Claim | undefined, wish: string | undefined): number | undefined {
    if (this.#setting.cluster.leases() === undefined) return undefined
    // Of a driver that may not write Leases there is nothing that could move.
    if (claim && !claim.isLeased && mayDrive(claim, wish)) return undefined
    return this.#signs.stillMs(watchKey(run, claim, wish))
  }

  async #claim(stored: StoredExecution): Promise<boolean> {
    const { cluster, log, self } = this.#setting
    // The Lease comes first, or others would count from before it was there.
    const held = this.#renew(namespaceOf(stored.key), this.#lastTick ?? 0)
    await held.writing
    const before = claimOf(stored)
    const status = { ...objectOf(stored.object.status), driver: writeClaim(this.claim(stored.key)) }
    try {
      await cluster.writeStatus(stored, status)
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error
      if (error.kind !== "conflict") {
        this.#refused.set(stored.key, error.message)
        throw error
      }
      // Somebody else wrote, perhaps a claim: what is right now follows from what is there now.
      await cluster.readExecution(stored.key)
      return false
    }
    this.#refused.delete(stored.key)
    if (before) log(`${stored.key}: taken over from "${before.name}" by "${self.name}"`)
    return true
  }

  #show(run: RunKey): void {
    if (!this.#held.has(namespaceOf(run))) this.#renew(namespaceOf(run), this.#lastTick ?? 0)
  }

  #renew(namespace: string, now: number): Held {
    const { cluster, self, elected } = this.#setting
    const isElection = elected?.namespace === namespace
    const known = this.#held.get(namespace)
    if (known && (known.writing !== undefined || now - known.renewedAt < renewMs)) return known
    const held: Held = known ?? {
      lease: isElection ? elected.lease : new OwnLease(cluster, namespace, self, self.holder),
      renewedAt: now,
      sureAt: this.#clock(),
      isLeased: undefined,
      writing: undefined,
    }
    this.#held.set(namespace, held)
    held.renewedAt = now
    const at = this.#clock()
    held.writing = (isElection ? held.lease.keep() : held.lease.move())
      .then(
        (isOurs) => {
          held.isLeased = true
          this.#tellLack(undefined)
          if (isOurs !== false) return this.#makeSure(namespace, held, at)
          return elected?.lost()
        },
        (error: unknown) => {
          if (!(error instanceof ClusterError) || error.kind !== "forbidden") throw error
          held.isLeased = false
          this.#tellLack(`${error.message} Until then nobody can see whether this driver lives.`)
          return this.#makeSure(namespace, held, at)
        },
      )
      .catch((error: unknown) => this.#say(error))
      .finally(() => {
        held.writing = undefined
      })
    return held
  }

  /** After a long silence others may have our runs, or have ended them, and no watch has told it yet. */
  async #makeSure(namespace: string, held: Held, at: number): Promise<void> {
    const { cluster, again } = this.#setting
    const wasSilent = at - held.sureAt >= sureMs
    const ours = [...(wasSilent ? cluster.runs() : [])].filter((run) => {
      const stored = namespaceOf(run) === namespace ? cluster.execution(run) : undefined
      return stored !== undefined && needsDriver(stored) && this.#isOurs(stored)
    })
    await Promise.all(ours.map((run) => cluster.readExecution(run)))
    held.sureAt = at
    for (const run of ours) again(run)
  }

  #tellLack(sentence: string | undefined): void {
    if (sentence === this.#lack) return
    this.#lack = sentence
    if (sentence !== undefined) this.#setting.log(sentence)
    for (const run of this.#setting.cluster.runs()) this.#setting.again(run)
  }

  #say(error: unknown): void {
    this.#setting.log(`lease: ${error instanceof Error ? error.message : error}`)
  }
}

function claimOf({ object }: StoredExecution): Claim | undefined {
  return readClaim(objectOf(object.status).driver)
}

function wanted({ object }: StoredExecution): string | undefined {
  return readExecutionMetadata(object).annotations[annotations.driver]
}

/** What is watched for signs of life: the Lease of who has the run or may have it, or the run that nobody has. */
function watchKey(run: RunKey, claim: Claim | undefined, wish: string | undefined): string {
  if (claim && mayDrive(claim, wish)) return leaseKey(run, claim.id)
  const isForOne = wish !== undefined && wish !== "" && wish !== anyInCluster
  return isForOne ? leaseKey(run, wish) : unclaimedKey(run)
}

function leaseKey(run: RunKey, id: string): string {
  return `${namespaceOf(run)}/${id}`
}

function namespaceOf(run: RunKey): string {
  return run.slice(0, run.indexOf("/"))
}
