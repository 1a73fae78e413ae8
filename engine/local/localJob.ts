import { randomUUID } from "node:crypto"
import { existsSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import type { JobManifest } from "#core/plan/jobManifest"
import { type JsonObject, numberOf, objectOf, textOf } from "#core/plan/json"
import { isFullDisk, readJson, withRoom, writeJson } from "./files.ts"
import { LocalPod, loadPods, type Machine, type PodOwner } from "./localPod.ts"
import { removeFolder } from "./removeFolder.ts"

/** How soon it is tried again whether the disk has room. */
const roomMs = 1_000
/** A timer stands still while the machine sleeps, so the clock is looked at so often. */
const clockMs = 2_000

interface JobEnd {
  readonly kind: "Complete" | "Failed"
  readonly reason: string
  readonly message: string
  readonly at: number
}

/**
 * A Job as this machine carries it out: pods until enough of them succeeded, or too many failed,
 * or its time is up. Everything it knows is in its folder, so another engine goes on from there.
 */
export class LocalJob {
  readonly name: string
  readonly uid: string
  readonly folder: string
  readonly #raw: JsonObject
  readonly #spec: JsonObject
  readonly #owner: PodOwner
  readonly #machine: Machine
  readonly #pods: LocalPod[]
  readonly #createdAt: number
  #end: JobEnd | undefined
  #deletedAt: number | undefined
  #deadline: NodeJS.Timeout | undefined
  #again: NodeJS.Timeout | undefined
  #isStepping = false

  private constructor(
    folder: string,
    raw: JsonObject,
    machine: Machine,
    claimFolder: (claim: string) => string,
    changed: () => void,
  ) {
    const metadata = objectOf(raw.metadata)
    this.folder = folder
    this.name = textOf(metadata.name) ?? ""
    this.uid = textOf(metadata.uid) ?? ""
    this.#raw = raw
    this.#spec = objectOf(raw.spec)
    this.#machine = machine
    this.#createdAt = Date.parse(textOf(metadata.creationTimestamp) ?? "") || 0
    this.#owner = {
      job: this.name,
      jobUid: this.uid,
      namespace: textOf(metadata.namespace) ?? "",
      template: objectOf(this.#spec.template),
      claimFolder,
      changed: () => {
        this.step()
        changed()
      },
    }
    this.#pods = loadPods(join(folder, "pods"), this.#owner, machine)
    this.#end = readEnd(join(folder, "end.json"))
    if (existsSync(join(folder, "deleting"))) this.#deletedAt = machine.now()
  }

  /** Undefined when the name is taken: the folder is made by one of us only. */
  static create(
    folder: string,
    namespace: string,
    manifest: JobManifest,
    machine: Machine,
    claimFolder: (claim: string) => string,
    changed: () => void,
  ): LocalJob | undefined {
    withRoom(folder, () => mkdirSync(join(folder, ".."), { recursive: true }))
    try {
      withRoom(folder, () => mkdirSync(folder))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error
      // An engine that ended here between the folder and what belongs in it left the name free.
      if (existsSync(join(folder, "job.json"))) return undefined
    }
    const raw = {
      apiVersion: manifest.apiVersion,
      kind: manifest.kind,
      metadata: {
        ...manifest.metadata,
        namespace,
        uid: randomUUID(),
        creationTimestamp: new Date(machine.now()).toISOString(),
      },
      spec: manifest.spec,
    } as unknown as JsonObject
    writeJson(join(folder, "job.json"), raw)
    return new LocalJob(folder, raw, machine, claimFolder, changed)
  }

  static load(
    folder: string,
    machine: Machine,
    claimFolder: (claim: string) => string,
    changed: () => void,
  ): LocalJob | undefined {
    const raw = readJson(join(folder, "job.json"))
    return raw && new LocalJob(folder, raw, machine, claimFolder, changed)
  }

  get pods(): readonly LocalPod[] {
    return this.#pods
  }

  get isDeleting(): boolean {
    return this.#deletedAt !== undefined
  }

  /** As a cluster would show it. */
  raw(): JsonObject {
    const end = this.#end
    const active = this.#pods.filter(({ outcome }) => outcome === undefined).length
    const deleted = this.#deletedAt
    return {
      ...this.#raw,
      metadata: {
        ...objectOf(this.#raw.metadata),
        ...(deleted === undefined ? {} : { deletionTimestamp: new Date(deleted).toISOString() }),
      },
      status: {
        startTime: new Date(this.#createdAt).toISOString(),
        active,
        succeeded: this.#count("succeeded"),
        failed: this.#count("failed"),
        ...(end === undefined
          ? {}
          : {
              conditions: [
                {
                  type: end.kind,
                  status: "True",
                  reason: end.reason,
                  message: end.message,
                  lastTransitionTime: new Date(end.at).toISOString(),
                },
              ],
            }),
      },
    }
  }

  /** Takes up what an earlier engine left, also where it came to an end and did not see to all of it. */
  goOn(): void {
    for (const pod of this.#pods) {
      const isLeft = pod.outcome === undefined ? this.#end !== undefined : pod.isUnderWay
      if (isLeft) void pod.stop(this.#end?.reason, this.#end?.message)
    }
    this.step()
  }

  /** Does what is due: another pod, the end, or nothing. Harmless to call again. */
  step(): void {
    if (this.#isStepping || this.#end !== undefined || this.isDeleting) return
    if (this.#machine.boot === undefined) return
    this.#isStepping = true
    try {
      this.#step()
    } catch (error) {
      this.#waitForRoom(error)
    } finally {
      this.#isStepping = false
    }
  }

  #waitForRoom(error: unknown): void {
    if (!isFullDisk(error)) throw error
    this.#machine.onRoom(error.message)
    clearTimeout(this.#again)
    this.#again = setTimeout(() => this.step(), roomMs)
    this.#again.unref()
  }

  #step(): void {
    this.#watchDeadline()
    for (const pod of this.#pods) pod.advance()
    const completions = numberOf(this.#spec.completions) ?? 1
    const parallelism = numberOf(this.#spec.parallelism) ?? 1
    const backoffLimit = numberOf(this.#spec.backoffLimit) ?? 6
    if (this.#count("failed") > backoffLimit) {
      this.#finish("Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit")
      return
    }
    const succeeded = this.#count("succeeded")
    if (succeeded >= completions) {
      this.#finish("Complete", "CompletionsReached", "Reached expected number of succeeded pods")
      return
    }
    const active = this.#pods.filter(({ outcome }) => outcome === undefined).length
    const wanted = Math.min(parallelism, completions - succeeded)
    for (let made = active; made < wanted; made += 1) this.#addPod()
  }

  /** Ends what runs and removes the folder; resolves when nothing is left. */
  async delete(): Promise<void> {
    this.#deletedAt ??= this.#machine.now()
    try {
      withRoom(this.folder, () => mkdirSync(join(this.folder, "deleting"), { recursive: true }))
    } catch (error) {
      // Deleting is how room is made.
      if (!isFullDisk(error)) throw error
    }
    this.rest()
    await Promise.all(this.#pods.map((pod) => pod.stop()))
    // What cannot be removed goes with the run, which tells where it was left.
    await removeFolder(this.folder, join(this.folder, "../../left", this.uid))
  }

  /** Looks at nothing any more; what runs goes on. */
  rest(): void {
    clearTimeout(this.#deadline)
    clearTimeout(this.#again)
    for (const pod of this.#pods) pod.rest()
  }

  #addPod(): void {
    const number = this.#pods.length
    const uid = randomUUID()
    const notes = { name: `${this.name}-${uid.slice(0, 5)}`, uid, createdAt: this.#machine.now() }
    const folder = join(this.folder, "pods", String(number))
    const pod = LocalPod.create(folder, notes, this.#owner, this.#machine)
    this.#pods.push(pod)
    pod.advance()
  }

  #count(outcome: LocalPod["outcome"]): number {
    return this.#pods.filter((pod) => pod.outcome === outcome).length
  }

  #watchDeadline(): void {
    const seconds = numberOf(this.#spec.activeDeadlineSeconds)
    if (seconds === undefined || this.#deadline !== undefined) return
    const leftMs = this.#createdAt + seconds * 1000 - this.#machine.now()
    const look = () => {
      this.#deadline = undefined
      if (this.#end !== undefined) return
      if (leftMs > clockMs) {
        this.#watchDeadline()
        return
      }
      try {
        this.#finish("Failed", "DeadlineExceeded", "Job was active longer than specified deadline")
      } catch (error) {
        this.#waitForRoom(error)
      }
    }
    this.#deadline = setTimeout(look, Math.min(Math.max(0, leftMs), clockMs))
  }

  #finish(kind: JobEnd["kind"], reason: string, message: string): void {
    const end = { kind, reason, message, at: this.#machine.now() }
    writeJson(join(this.folder, "end.json"), end)
    this.#end = end
    clearTimeout(this.#deadline)
    for (const pod of this.#pods) {
      if (pod.outcome === undefined) void pod.stop(reason, message)
    }
    queueMicrotask(() => this.#owner.changed())
  }
}

function readEnd(path: string): JobEnd | undefined {
  const end = readJson(path)
  if (end === undefined) return undefined
  return {
    kind: end.kind === "Complete" ? "Complete" : "Failed",
    reason: textOf(end.reason) ?? "",
    message: textOf(end.message) ?? "",
    at: numberOf(end.at) ?? 0,
  }
}
