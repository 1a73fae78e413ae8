import { readExecution, readExecutionMetadata } from "#core/plan/execution"
import { jobManifest } from "#core/plan/jobManifest"
import type { JsonObject } from "#core/plan/json"
import { type Plan, plan } from "#core/plan/plan"
import { type Claim, writeClaim } from "#core/run/claim"
import { type Action, type Decision, decide, type LogReading } from "#core/run/decide"
import type { EarlierRun, LogFacts, Observed, Refusal } from "#core/run/observed"
import { refuse } from "#core/run/refuse"
import { resultReadLimit } from "#core/run/results"
import { type RunStatus, readStatus, writeStatus } from "#core/run/status"
import { type RunSummary, runSummary, summaryOf } from "#core/view/runSummary"
import { type RunView, runView, unplannedView } from "#core/view/statusTree"
import type { Cluster, RunKey, StoredExecution } from "./cluster.ts"
import { ClusterError } from "./clusterError.ts"
import { filesObjects } from "./filesObjects.ts"
import { packStatus, unpackStatus } from "./packStatus.ts"
import { refusalOf } from "./refusal.ts"

/** What a driver is given: everything of the world it touches. */
export interface DriverSetting {
  readonly cluster: Cluster
  readonly now: () => number
  readonly log: (line: string) => void
  /** Asks for another pass, because something the driver did is answered. */
  readonly again: (run: RunKey, afterMs?: number) => void
  /** Lets as many requests through at once as the API server bears. */
  readonly limit: <T>(request: () => Promise<T>) => Promise<T>
  readonly claim?: (run: RunKey) => Claim
  /** Whether it is certain enough that the run is ours and not over to make a Job for it now. */
  readonly mayCreate?: (run: RunKey) => boolean
}

/** Between two writes of a status that only counts on; ends and results are written at once. */
const leastStatusPauseMs = 500
const mostStatusPauseMs = 10_000
/** The API server reads, checks and stores a whole Execution each time: keep that a small share. */
const statusShare = 0.05

const firstTroubleMs = 1_000
const mostTroubleMs = 30_000

interface Trouble {
  readonly sentence: string
  readonly waitMs: number
  readonly retryAt: number
}

/**
 * Moves one run forward. Each pass looks at the whole run, decides and acts; what it remembers
 * between passes (answers that no watch brings) may be lost at any time without harm.
 */
export class Driver {
  readonly #run: RunKey
  readonly #setting: DriverSetting
  readonly #creating = new Set<string>()
  readonly #busy = new Set<string>()
  readonly #refusals = new Map<string, Refusal>()
  readonly #gone = new Set<string>()
  readonly #logs = new Map<string, LogFacts>()
  /** What could not be done, by what it was; tried again more and more seldom. */
  readonly #troubles = new Map<string, Trouble>()
  #resumedFrom: EarlierRun | undefined
  #planned:
    | { readonly uid: string; readonly problem: string | undefined; readonly result: Planned }
    | undefined
  #read: { readonly version: string; readonly status: RunStatus } | undefined
  #isRecording = false
  /** Until when a status that only counts on is kept back. */
  #keepBackUntil = Number.NEGATIVE_INFINITY

  constructor(run: RunKey, setting: DriverSetting) {
    this.#run = run
    this.#setting = setting
  }

  /** One pass: safe to repeat, safe to lose half-way. */
  async pass(): Promise<void> {
    const { cluster, now, again } = this.#setting
    const stored = cluster.execution(this.#run)
    if (!stored) return
    const planned = this.#plan(stored)
    const observed = this.#observe(stored)
    if (planned.kind === "refused") {
      await this.#refuse(stored, observed.status, planned.reasons)
      return
    }
    const at = now()
    const decision = decide(planned.plan, observed, at)
    // Whoever says no asks for another pass once that is different.
    const mayCreate = this.#mayCreate()
    for (const action of decision.actions) {
      if (mayCreate || action.kind !== "create") this.#begin(planned.plan, stored, action)
    }
    if (decision.wakeAt !== undefined) again(this.#run, Math.max(0, decision.wakeAt - at))
    this.#recordSoon(stored, observed.status, decision)
  }

  /** The run as it is known now, for those who show it. */
  view(): RunView | undefined {
    return this.#shown(runView, (view) => view)
  }

  /** The run in short, for lists of many. */
  summary(): RunSummary | undefined {
    return this.#shown(runSummary, summaryOf)
  }

  #shown<T extends object>(
    ofPlan: (plan: Plan, observed: Observed) => T,
    ofUnplanned: (view: RunView) => T,
  ): (T & { readonly trouble?: string }) | undefined {
    const stored = this.#setting.cluster.execution(this.#run)
    if (!stored) return undefined
    const planned = this.#plan(stored)
    const observed = this.#observe(stored)
    const shown =
      planned.kind === "refused"
        ? ofUnplanned(unplannedView(observed.metadata, observed.status))
        : ofPlan(planned.plan, observed)
    const [trouble] = this.#troubles.values()
    const sentence = trouble?.sentence ?? this.#setting.cluster.lacks?.(this.#run)
    return sentence === undefined ? shown : { ...shown, trouble: sentence }
  }

  #plan(stored: StoredExecution): Planned {
    const { uid, problem } = stored
    if (this.#planned?.uid !== uid || this.#planned.problem !== problem) {
      this.#planned = { uid, problem, result: planOf(stored) }
      this.#forget()
    }
    return this.#planned.result
  }

  #forget(): void {
    this.#refusals.clear()
    this.#gone.clear()
    this.#logs.clear()
    this.#troubles.clear()
    this.#resumedFrom = undefined
  }

  #observe(stored: StoredExecution): Observed {
    const { jobs, pods, events, deleted } = this.#setting.cluster.world(this.#run)
    if (this.#read?.version !== stored.resourceVersion) {
      this.#read = {
        version: stored.resourceVersion,
        status: readStatus(unpackStatus(stored.object.status)),
      }
    }
    return {
      metadata: readExecutionMetadata(stored.object),
      status: this.#read.status,
      jobs,
      pods,
      events,
      creating: this.#creating,
      refusals: this.#refusals,
      gone: deleted.size === 0 ? this.#gone : this.#gone.union(deleted),
      logs: this.#logs,
      resumedFrom: this.#resumedFrom,
    }
  }

  /** Starts an action unless it is under way; its answer asks for the next pass. */
  #begin(plan: Plan, stored: StoredExecution, action: Action): void {
    const id = `${action.kind} ${"job" in action ? action.job : action.name}`
    const { again, limit } = this.#setting
    if (this.#busy.has(id) || this.#isTooEarly(id)) return
    this.#busy.add(id)
    if (action.kind === "create") this.#creating.add(action.job)
    void limit(() => this.#act(plan, stored, action))
      .then(() => this.#troubles.delete(id))
      .catch((error: unknown) => this.#takeTrouble(id, error))
      .finally(() => {
        this.#busy.delete(id)
        if (action.kind === "create") this.#creating.delete(action.job)
        again(this.#run)
      })
  }

  /** What went wrong with it is too fresh. Nothing else may wake us when its time has come. */
  #isTooEarly(id: string): boolean {
    const { now, again } = this.#setting
    const wait = (this.#troubles.get(id)?.retryAt ?? Number.NEGATIVE_INFINITY) - now()
    if (wait <= 0) return false
    again(this.#run, wait)
    return true
  }

  #takeTrouble(id: string, error: unknown): void {
    const { now, again, log } = this.#setting
    const sentence = messageOf(error)
    const before = this.#troubles.get(id)
    if (before?.sentence !== sentence) log(`${this.#run}: ${id}: ${sentence}`)
    const waitMs = Math.min((before?.waitMs ?? firstTroubleMs / 2) * 2, mostTroubleMs)
    // What was said first stays first: it is the cause of much that follows.
    this.#troubles.set(id, { sentence, waitMs, retryAt: now() + waitMs })
    again(this.#run, waitMs)
  }

  async #act(plan: Plan, stored: StoredExecution, action: Action): Promise<void> {
    const { cluster } = this.#setting
    const { namespace } = plan.execution.metadata
    switch (action.kind) {
      case "create":
        await this.#create(plan, action)
        return
      case "delete":
        await cluster.deleteJob(namespace, action.job, action.uid)
        return
      case "readLog":
        this.#logs.set(action.job, await this.#readLog(namespace, action))
        return
      case "lookFor":
        if (!(await cluster.lookForJob(this.#run, action.job))) this.#gone.add(action.job)
        return
      case "readRun":
        this.#resumedFrom = await this.#readRun(stored, action.name)
        return
    }
  }

  #mayCreate(): boolean {
    return this.#setting.mayCreate?.(this.#run) !== false
  }

  async #create(plan: Plan, action: Action & { kind: "create" }): Promise<void> {
    const { cluster, now } = this.#setting
    // It may have waited for its turn while this process, or the machine, stood still.
    if (!this.#mayCreate()) return
    const task = plan.tasks[action.task]?.spec
    if (!task) throw new Error(`There is no task ${action.task} in the plan of ${this.#run}.`)
    try {
      await cluster.createJob(
        plan.execution.metadata.namespace,
        jobManifest(plan.execution, { ...action, task }),
      )
      this.#refusals.delete(action.job)
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error
      // Whether it is ours is decided from what the fresh look shows.
      if (error.kind === "already-exists") {
        await cluster.lookForJob(this.#run, action.job)
        return
      }
      const refusal = refusalOf(error, this.#refusals.get(action.job), now())
      this.#refusals.set(action.job, refusal)
      if (refusal.retryAt !== undefined) {
        this.#setting.again(this.#run, Math.max(0, refusal.retryAt - now()))
      }
    }
  }

  async #readLog(namespace: string, action: LogReading): Promise<LogFacts> {
    const { cluster } = this.#setting
    try {
      const pod = action.pod ?? (await cluster.lookForPods(this.#run, action.job))[0]
      if (pod === undefined) {
        return {
          kind: "unreadable",
          reason: `the pod of "${action.job}" is gone, and its log with it`,
        }
      }
      const { container } = action
      const chunks = await cluster.readLog({
        namespace,
        pod,
        container,
        limitBytes: resultReadLimit,
      })
      let text = ""
      for await (const chunk of chunks) text += chunk
      return { kind: "text", text }
    } catch (error) {
      if (error instanceof ClusterError && !error.isPassing) {
        return { kind: "unreadable", reason: error.message }
      }
      throw error
    }
  }

  async #readRun(stored: StoredExecution, name: string): Promise<EarlierRun> {
    const namespace = stored.key.slice(0, stored.key.indexOf("/"))
    const found = await this.#setting.cluster.readExecution(`${namespace}/${name}`)
    if (!found) {
      return { kind: "missing", reason: `There is no run "${name}" in "${namespace}" to take up.` }
    }
    const read = readExecution(found.object)
    if (read.kind === "refused") {
      return { kind: "missing", reason: `The run "${name}" cannot be read: ${read.reasons[0]}` }
    }
    return {
      kind: "found",
      spec: read.execution.spec,
      status: readStatus(unpackStatus(found.object.status)),
    }
  }

  /** Passes do not wait for the write: steps that may start must not stand behind a large status. */
  #recordSoon(stored: StoredExecution, before: RunStatus, decision: Decision): void {
    const { now, again } = this.#setting
    if (decision.status === before || this.#isRecording) return
    if (this.#isTooEarly("status")) return
    const wait = this.#keepBackUntil - now()
    if (wait > 0 && !mustBeWrittenNow(before, decision.status)) {
      again(this.#run, wait)
      return
    }
    this.#isRecording = true
    this.#record(stored, decision)
      .then(() => this.#troubles.delete("status"))
      .catch((error: unknown) => this.#takeTrouble("status", error))
      .finally(() => {
        this.#isRecording = false
        again(this.#run)
      })
  }

  async #record(stored: StoredExecution, { status, news }: Decision): Promise<void> {
    const { cluster, now } = this.#setting
    const began = now()
    // Before the end is on record: whoever reads of it may rely on the keys being gone.
    if (status.finishedAt !== undefined) await this.#removeOwned(stored)
    try {
      await cluster.writeStatus(stored, this.#signed(status))
    } catch (error) {
      if (!(error instanceof ClusterError) || error.kind !== "conflict") throw error
      // Somebody else wrote: what is right now follows from what is there now.
      await cluster.readExecution(this.#run)
      return
    }
    const pause = (now() - began) / statusShare
    this.#keepBackUntil = now() + Math.min(Math.max(pause, leastStatusPauseMs), mostStatusPauseMs)
    for (const item of news) {
      await cluster
        .tell(stored, item, now())
        .then(() => this.#troubles.delete("event"))
        .catch((error: unknown) => this.#takeTrouble("event", error))
    }
    // Whoever started the run may have brought them only now; what comes later still sees the end.
    if (status.finishedAt !== undefined) await this.#removeOwned(stored)
  }

  /** What the run brought along to move its files, keys among it, goes at its end. */
  async #removeOwned(stored: StoredExecution): Promise<void> {
    const { cluster } = this.#setting
    const { namespace } = readExecutionMetadata(stored.object)
    try {
      // What they are may have been noted since.
      const known = cluster.execution(this.#run)
      const latest = known?.uid === stored.uid ? known : stored
      for (const object of filesObjects(latest)) await cluster.deleteOwned?.(namespace, object)
      this.#troubles.delete("owned")
    } catch (error) {
      // They go with the run at the latest; until then that is said.
      this.#takeTrouble("owned", error)
    }
  }

  #signed(status: RunStatus): JsonObject {
    const claim = this.#setting.claim?.(this.#run)
    return packStatus({
      ...writeStatus(status),
      ...(claim && { driver: writeClaim(claim) }),
    })
  }

  async #refuse(
    stored: StoredExecution,
    status: RunStatus,
    reasons: readonly string[],
  ): Promise<void> {
    const { cluster, now } = this.#setting
    const next = refuse(reasons, status, now())
    if (next !== status) await cluster.writeStatus(stored, this.#signed(next))
  }
}

type Planned =
  | { readonly kind: "plan"; readonly plan: Plan }
  | { readonly kind: "refused"; readonly reasons: readonly string[] }

function planOf(stored: StoredExecution): Planned {
  if (stored.problem !== undefined) return { kind: "refused", reasons: [stored.problem] }
  const read = readExecution(stored.object)
  if (read.kind === "refused") return read
  return { kind: "plan", plan: plan(read.execution) }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** People wait for ends; what a Job is made from must be on record before the Job is there. */
function mustBeWrittenNow(before: RunStatus, next: RunStatus): boolean {
  if (before.phase !== next.phase || before.finishedAt !== next.finishedAt) return true
  if (before.resumed !== next.resumed) return true
  if (before.observedWishes.length !== next.observedWishes.length) return true
  for (const [key, vertex] of next.vertices) {
    if (vertex.result !== before.vertices.get(key)?.result) return true
  }
  return false
}
