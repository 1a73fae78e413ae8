import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { type JsonObject, numberOf, objectOf, textOf } from "#core/plan/json"
import { ClusterError } from "../clusterError.ts"
import { bindMounts } from "./bindMounts.ts"
import { type ContainerPlan, containerPlans } from "./containerPlan.ts"
import { endSandbox } from "./endSandbox.ts"
import { fullDisk, isFullDisk, lacksRoom, readJson, withRoom, writeJson } from "./files.ts"
import { inside } from "./inside.ts"
import type { RunRuntime } from "./runRuntime.ts"
import type { Slots } from "./slots.ts"
import {
  type ContainerRecord,
  endContainer,
  noRoom,
  noteAlive,
  readContainer,
  supervise,
  unknownPid,
} from "./supervisor.ts"

/** What a pod needs of the machine. */
export interface Machine extends RunRuntime {
  /** Undefined for what was begun on another machine: it is shown as it was written, and not judged. */
  readonly boot: string | undefined
  readonly slots: Slots
  readonly now: () => number
  /** Told when the disk has no room for what has to be written down, and when it went on (undefined). */
  readonly onRoom: (lack: string | undefined) => void
  /** Runs a program to its end; its output, or undefined when it failed. */
  readonly call: (command: readonly string[]) => Promise<string | undefined>
}

export interface PodOwner {
  readonly job: string
  readonly jobUid: string
  readonly namespace: string
  readonly template: JsonObject
  readonly claimFolder: (claim: string) => string
  readonly changed: () => void
}

export type PodOutcome = "succeeded" | "failed" | "lost"

interface PodNotes {
  readonly name: string
  readonly uid: string
  readonly createdAt: number
  readonly scheduledAt?: number
  readonly outcome?: PodOutcome
  readonly reason?: string
  readonly message?: string
}

interface Container {
  readonly plan: ContainerPlan
  readonly folder: string
  readonly id: string
  record: ContainerRecord
  isBegun: boolean
  /** A supervisor of ours was started and has not ended. */
  isSupervised: boolean
  /** Its end was seen and what it left is being cleaned up; with "done" the pod may go on. */
  end: "unseen" | "seen" | "done"
  isOom: boolean
  /** The disk was full when it ended badly, which is likely why. */
  lackedRoom: boolean
}

/** How long one who was asked to end may take before it is ended. */
const graceMs = 5_000
/** A claim without a process for so long was made by a supervisor that died at once. */
const beginMs = 5_000
/** The reason of a pod that failed before its command did. */
const cannotBegin = "CannotBegin"
/** Those that another engine began tell nobody here of their end. */
const lookMs = 500

const tooLate = "Pod was active on the node longer than the specified deadline"

/** One try of a Job: containers that run on this machine, each under its supervisor. */
export class LocalPod {
  readonly folder: string
  readonly #owner: PodOwner
  readonly #machine: Machine
  readonly #containers: readonly Container[]
  #notes: PodNotes
  #slot: { readonly release: () => void } | undefined
  #timer: NodeJS.Timeout | undefined
  #isResting = false
  #shown = ""
  #lack: string | undefined

  constructor(folder: string, notes: PodNotes, owner: PodOwner, machine: Machine) {
    this.folder = folder
    this.#owner = owner
    this.#machine = machine
    this.#notes = notes
    const pod = objectOf(owner.template.spec)
    const plans = containerPlans(pod, { ...notes, namespace: owner.namespace })
    this.#containers = plans.map((plan, index) => {
      const own = join(folder, `c${index}`)
      const record = readContainer(own, machine.boot)
      return {
        plan,
        folder: own,
        id: `kube-executions-${notes.uid}-${index}`,
        record,
        isBegun: false,
        isSupervised: false,
        end: notes.outcome === undefined ? "unseen" : "done",
        isOom: readJson(join(own, "oom.json")) !== undefined,
        lackedRoom: false,
      }
    })
  }

  static create(folder: string, notes: PodNotes, owner: PodOwner, machine: Machine): LocalPod {
    withRoom(folder, () => mkdirSync(folder, { recursive: true }))
    writeJson(join(folder, "pod.json"), { ...notes })
    return new LocalPod(folder, notes, owner, machine)
  }

  static load(folder: string, owner: PodOwner, machine: Machine): LocalPod | undefined {
    const notes = readJson(join(folder, "pod.json"))
    const name = textOf(notes?.name)
    const uid = textOf(notes?.uid)
    if (notes === undefined || name === undefined || uid === undefined) return undefined
    const outcome = textOf(notes.outcome) as PodOutcome | undefined
    const read: PodNotes = {
      name,
      uid,
      createdAt: numberOf(notes.createdAt) ?? 0,
      scheduledAt: numberOf(notes.scheduledAt),
      outcome,
      reason: textOf(notes.reason),
      message: textOf(notes.message),
    }
    return new LocalPod(folder, read, owner, machine)
  }

  get name(): string {
    return this.#notes.name
  }

  get outcome(): PodOutcome | undefined {
    return this.#notes.outcome
  }

  /** Something of it runs, whether the pod is over or not. */
  get isUnderWay(): boolean {
    return this.#containers.some((container) => this.#isUnderWay(container))
  }

  /** Of a container, or of the only one. */
  logOf(
    container: string | undefined,
  ): { readonly path: string; readonly isOver: () => boolean } | undefined {
    const found = this.#containers.find(
      ({ plan }) => (container === undefined && !plan.isInit) || plan.name === container,
    )
    if (found === undefined) return undefined
    return { path: join(found.folder, "log"), isOver: () => !isLive(found.record) }
  }

  /** Goes on from what the disk says: waits for a place, begins what may begin, notes the end. */
  advance(): void {
    this.#guard(() => this.#advance())
  }

  #guard(work: () => void): void {
    if (this.#notes.outcome !== undefined || this.#machine.boot === undefined) return
    if (this.#isResting) return
    try {
      work()
    } catch (error) {
      // It was deleted while its containers were cleaned up.
      if (!existsSync(this.folder)) return
      if (!isFullDisk(error)) {
        // It would be the same the next time, and the pod would keep its place for ever.
        void this.stop(cannotBegin, whyNot(error))
        return
      }
      this.#machine.onRoom(error.message)
      this.#lookAgain()
    }
  }

  #takeTurn(): void {
    try {
      if (this.#notes.scheduledAt === undefined) this.#note({ scheduledAt: this.#machine.now() })
    } catch (error) {
      // Others may have their turn until there is room to write down that this one has it.
      this.#slot?.release()
      this.#slot = undefined
      throw error
    }
    this.#advance()
  }

  #advance(): void {
    // It takes no place from those that can run.
    if (this.#notes.scheduledAt === undefined && this.#waitsForRuntime()) return
    if (this.#slot === undefined) {
      this.#slot = this.#machine.slots.take(() => this.#guard(() => this.#takeTurn()))
    }
    if (this.#notes.scheduledAt === undefined) return
    for (const container of this.#containers) this.#look(container)
    const outcome = this.#settle()
    if (outcome !== undefined) this.#end(outcome.outcome, outcome.reason, outcome.message)
    else if (this.#isLate()) void this.stop("DeadlineExceeded", tooLate)
    else this.#tell()
  }

  /** Ends every container; resolves when no process is left. */
  async stop(reason?: string, message?: string): Promise<void> {
    const wasOver = this.#notes.outcome !== undefined
    if (!wasOver) this.#end("failed", reason, message, true)
    const until = performance.now() + graceMs
    // What was over before was cleaned up then.
    const ended = new Set(wasOver ? [] : this.#containers)
    for (;;) {
      for (const container of this.#containers) {
        container.record = readContainer(container.folder, this.#machine.boot)
      }
      const live = this.#containers.filter((container) => this.#isUnderWay(container))
      if (live.length === 0) break
      for (const container of live) {
        ended.add(container)
        const { record } = container
        if (record.kind === "running") endContainer(record.pid, performance.now() > until)
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    await Promise.all([...ended].map((container) => this.#cleanUp(container)))
    this.#owner.changed()
  }

  /** It runs, or its supervisor is about to say so and can be ended from then on. */
  #isUnderWay({ record, isSupervised, folder }: Container): boolean {
    if (record.kind === "running") return record.pid !== unknownPid
    if (record.kind !== "not-begun") return false
    if (isSupervised) return true
    const claimed = claimedAt(folder)
    return claimed !== undefined && this.#machine.now() - claimed < beginMs
  }

  /** Looks at nothing any more; what runs goes on. */
  rest(): void {
    this.#isResting = true
    clearTimeout(this.#timer)
  }

  /** As a cluster would show it. */
  raw(): JsonObject {
    const { name, uid, createdAt, scheduledAt, outcome, reason, message } = this.#notes
    const statuses = (isInit: boolean) =>
      this.#containers
        .filter(({ plan }) => plan.isInit === isInit)
        .map((container) => ({ name: container.plan.name, state: this.#stateOf(container) }))
    const scheduled =
      scheduledAt === undefined || this.#lack !== undefined
        ? {
            type: "PodScheduled",
            status: "False",
            reason: "Unschedulable",
            message:
              this.#lack ?? `all ${this.#machine.slots.limit} places of this machine are taken`,
            lastTransitionTime: time(createdAt),
          }
        : { type: "PodScheduled", status: "True", lastTransitionTime: time(scheduledAt) }
    return {
      metadata: {
        name,
        uid,
        namespace: this.#owner.namespace,
        creationTimestamp: time(createdAt),
        labels: {
          ...objectOf(objectOf(this.#owner.template.metadata).labels),
          "job-name": this.#owner.job,
        },
        ownerReferences: [
          { kind: "Job", name: this.#owner.job, uid: this.#owner.jobUid, controller: true },
        ],
      },
      spec: {
        ...objectOf(this.#owner.template.spec),
        ...(scheduledAt === undefined ? {} : { nodeName: "this machine" }),
      },
      status: {
        phase: this.#phase(),
        conditions: [
          scheduled,
          ...(outcome === "lost"
            ? [
                {
                  type: "DisruptionTarget",
                  status: "True",
                  reason: "MachineReboot",
                  message: "the machine was started anew",
                },
              ]
            : []),
        ],
        ...(scheduledAt === undefined ? {} : { startTime: time(scheduledAt) }),
        initContainerStatuses: statuses(true),
        containerStatuses: statuses(false),
        ...(reason === undefined ? {} : { reason }),
        ...(message === undefined ? {} : { message }),
      },
    }
  }

  /** Only what changed is worth a look. */
  #tell(): void {
    const shown = this.#containers.map(({ record }) => record.kind).join()
    if (shown === this.#shown) return
    this.#shown = shown
    this.#owner.changed()
  }

  #phase(): string {
    const { outcome } = this.#notes
    if (outcome !== undefined) return outcome === "succeeded" ? "Succeeded" : "Failed"
    const mains = this.#containers.filter(({ plan }) => !plan.isInit)
    return mains.some(({ record }) => record.kind !== "not-begun") ? "Running" : "Pending"
  }

  /** The container that could not begin, which is why the pod failed. */
  #culprit(): Container | undefined {
    if (this.#notes.reason !== cannotBegin) return undefined
    return this.#containers.find(({ record }) => record.kind === "not-begun")
  }

  #stateOf({ record, isOom, lackedRoom, folder, plan, id }: Container): JsonObject {
    switch (record.kind) {
      case "not-begun":
        if (id === this.#culprit()?.id) {
          const message = this.#notes.message ?? ""
          return { terminated: { exitCode: 128, reason: "ContainerCannotRun", message } }
        }
        return { waiting: { reason: plan.isInit ? "PodInitializing" : "ContainerCreating" } }
      case "running":
        return { running: { startedAt: time(record.startedAt) } }
      case "lost":
        return {
          terminated: {
            exitCode: 137,
            reason: "ContainerStatusUnknown",
            message:
              record.by === "reboot"
                ? "the machine was started anew while it ran"
                : "its supervisor was ended from outside",
            startedAt: time(record.startedAt),
            finishedAt: time(record.finishedAt),
          },
        }
      case "ended": {
        const { exitCode, startedAt, finishedAt } = record
        const reason = isOom ? "OOMKilled" : exitCode === 0 ? "Completed" : "Error"
        // docker and podman end so when they could not begin the container; they print why.
        const cannotRun = exitCode === 125 && this.#machine.runtime.kind !== "bubblewrap"
        return {
          terminated: {
            exitCode,
            reason: cannotRun ? "ContainerCannotRun" : reason,
            ...(cannotRun ? { message: lastLine(join(folder, "log")) } : {}),
            ...(lackedRoom ? { message: "the disk had no room when it ended" } : {}),
            startedAt: time(startedAt),
            finishedAt: time(finishedAt),
          },
        }
      }
    }
  }

  #look(container: Container): void {
    if (container.end !== "unseen") return
    const record = readContainer(container.folder, this.#machine.boot)
    if (record.kind === "ended" || record.kind === "lost") {
      // A supervisor of ours says so itself in a moment.
      if (!container.isSupervised) void this.#ended(container)
      return
    }
    container.record = record
    if (record.kind !== "running") return
    noteAlive(container.folder, this.#machine.now())
    if (!container.isBegun) this.#lookAgain()
  }

  /** Begins what may begin now; answers when the pod is over. */
  #settle(): Ending | undefined {
    for (const container of this.#containers.filter(({ plan }) => plan.isInit)) {
      if (!this.#isDone(container)) return undefined
      const ending = badEnding(container.record)
      if (ending !== undefined) return ending
    }
    const mains = this.#containers.filter(({ plan }) => !plan.isInit)
    const done = mains.map((container) => this.#isDone(container))
    if (done.includes(false)) return undefined
    const endings = mains.flatMap(({ record }) => badEnding(record) ?? [])
    return (
      endings.find(({ outcome }) => outcome === "lost") ?? endings[0] ?? { outcome: "succeeded" }
    )
  }

  #isDone(container: Container): boolean {
    if (container.record.kind === "not-begun" && container.end === "unseen") this.#begin(container)
    return container.end === "done"
  }

  #begin(container: Container): void {
    const { boot } = this.#machine
    if (container.isBegun || boot === undefined || this.#waitsForRuntime()) return
    const mounts = withRoom(container.folder, () => {
      mkdirSync(container.folder, { recursive: true })
      return bindMounts(container.plan, {
        claim: this.#owner.claimFolder,
        scratch: (volume) => inside(this.folder, "volumes", volume),
      })
    })
    const command = this.#machine.runtime.command(container.plan, mounts, container.id)
    container.isBegun = true
    container.isSupervised = true
    supervise(container.folder, command, boot, (code) => {
      container.isSupervised = false
      if (this.#isResting) return
      if (code === noRoom) this.#putOff(container)
      else void this.#ended(container)
    })
    this.#lookAgain()
  }

  #waitsForRuntime(): boolean {
    const lack = this.#machine.lack()
    const isNews = lack !== this.#lack
    this.#lack = lack
    if (lack !== undefined) this.#lookAgain()
    if (isNews) queueMicrotask(() => this.#owner.changed())
    return lack !== undefined
  }

  /** Nothing of it began: there was no room to write that down. */
  #putOff(container: Container): void {
    container.isBegun = false
    // It was stopped meanwhile, and its folder may be gone.
    if (this.#notes.outcome !== undefined || !existsSync(this.folder)) return
    this.#machine.onRoom(fullDisk(container.folder).message)
    this.#lookAgain()
  }

  /** Also for what is found ended or lost: a container outlives the supervisor that was killed. */
  async #ended(container: Container): Promise<void> {
    if (container.end !== "unseen") return
    container.record = readContainer(container.folder, this.#machine.boot)
    container.lackedRoom = badEnding(container.record) !== undefined && lacksRoom(container.folder)
    if (container.record.kind === "not-begun") {
      const claimed = claimedAt(container.folder)
      const at = this.#machine.now()
      if (claimed === undefined || at - claimed > beginMs) {
        container.record = { kind: "lost", by: "kill", startedAt: at, finishedAt: at }
      } else {
        // Another one holds the claim and is about to say so.
        container.isBegun = false
        this.#lookAgain()
        return
      }
    }
    if (container.record.kind === "running") {
      // Another engine's supervisor has it.
      this.#lookAgain()
      return
    }
    container.end = "seen"
    if (container.record.kind === "ended" && container.record.exitCode === 137) {
      container.isOom = await this.#wasOom(container)
    }
    await this.#cleanUp(container)
    container.end = "done"
    this.advance()
  }

  async #wasOom({ id, folder }: Container): Promise<boolean> {
    const { kind } = this.#machine.runtime
    if (kind === "bubblewrap") return false
    const said = await this.#machine.call([kind, "inspect", "-f", "{{.State.OOMKilled}}", id])
    if (said?.trim() !== "true") return false
    try {
      writeJson(join(folder, "oom.json"), {})
    } catch {
      // The next engine will not know why; this one does.
    }
    return true
  }

  async #cleanUp({ id, record }: Container): Promise<void> {
    // What ended by itself left nothing of its sandbox.
    const isOver = record.kind === "ended" && record.exitCode === 0
    if (this.#machine.runtime.kind === "bubblewrap" && !isOver) await endSandbox(id)
    const command = this.#machine.runtime.cleanUp(id)
    if (command !== undefined && record.kind !== "not-begun") await this.#machine.call(command)
  }

  #lookAgain(): void {
    if (this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.advance()
      if (this.#notes.outcome === undefined) this.#lookAgain()
    }, lookMs)
    this.#timer.unref()
  }

  /** By the clock, at each look: a timer stands still while the machine sleeps. */
  #isLate(): boolean {
    const seconds = numberOf(objectOf(this.#owner.template.spec).activeDeadlineSeconds)
    const { scheduledAt } = this.#notes
    if (seconds === undefined || scheduledAt === undefined) return false
    return this.#machine.now() >= scheduledAt + seconds * 1000
  }

  #end(outcome: PodOutcome, reason?: string, message?: string, anyway = false): void {
    try {
      this.#note({ outcome, reason, message })
    } catch (error) {
      // One that is stopped is stopped, whether it can be written down or not.
      if (!anyway) throw error
      this.#notes = { ...this.#notes, outcome, reason, message }
    }
    clearTimeout(this.#timer)
    this.#slot?.release()
    this.#owner.changed()
  }

  #note(change: Partial<PodNotes>): void {
    const notes = { ...this.#notes, ...change }
    const written = Object.entries(notes).filter(([, value]) => value !== undefined)
    writeJson(join(this.folder, "pod.json"), Object.fromEntries(written))
    this.#notes = notes
    this.#machine.onRoom(undefined)
  }
}

interface Ending {
  readonly outcome: PodOutcome
  readonly reason?: string
  readonly message?: string
}

function badEnding(record: ContainerRecord): Ending | undefined {
  if (record.kind === "lost") {
    return record.by === "reboot" ? { outcome: "lost" } : { outcome: "failed" }
  }
  return record.kind === "ended" && record.exitCode !== 0 ? { outcome: "failed" } : undefined
}

/** When a supervisor, ours or another engine's, took the container. */
function claimedAt(folder: string): number | undefined {
  return statSync(join(folder, "claim"), { throwIfNoEntry: false })?.mtimeMs
}

function isLive(record: ContainerRecord): boolean {
  return record.kind === "running" || record.kind === "not-begun"
}

function whyNot(error: unknown): string {
  if (error instanceof ClusterError) return error.message
  return `It could not be begun on this machine: ${error instanceof Error ? error.message : error}.`
}

function time(ms: number): string {
  return new Date(ms).toISOString()
}

function lastLine(path: string): string {
  try {
    return readFileSync(path, "utf8").trimEnd().split("\n").at(-1) ?? ""
  } catch {
    return ""
  }
}

/** The pods of a Job, in the order they were made. */
export function loadPods(folder: string, owner: PodOwner, machine: Machine): LocalPod[] {
  try {
    return readdirSync(folder)
      .sort((a, b) => Number(a) - Number(b))
      .flatMap((name) => LocalPod.load(join(folder, name), owner, machine) ?? [])
  } catch {
    return []
  }
}
