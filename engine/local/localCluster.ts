import { execFile } from "node:child_process"
import { randomUUID } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, renameSync } from "node:fs"
import { availableParallelism } from "node:os"
import { join } from "node:path"
import type { JobManifest } from "#core/plan/jobManifest"
import { type Json, type JsonObject, listOf, numberOf, objectOf, textOf } from "#core/plan/json"
import { labels } from "#core/plan/labels"
import type { News } from "#core/run/news"
import type { EventFacts, JobFacts, PodFacts } from "#core/run/observed"
import { readJob } from "#core/run/readJob"
import { readPod } from "#core/run/readPod"
import type {
  Cluster,
  ClusterListener,
  Lease,
  LeaseWish,
  LogRequest,
  RunKey,
  RunWorld,
  SeenVersion,
  StoredExecution,
} from "../cluster.ts"
import { ClusterError } from "../clusterError.ts"
import { HeldLeases } from "../heldLeases.ts"
import { isFullDisk, readJson, withRoom, writeJson } from "./files.ts"
import { holdFolder, thisMachine } from "./holdFolder.ts"
import { inside } from "./inside.ts"
import { LocalJob } from "./localJob.ts"
import type { Machine } from "./localPod.ts"
import { readLogFile } from "./readLogFile.ts"
import { refuseHere } from "./refuseHere.ts"
import { removeFolder } from "./removeFolder.ts"
import { type RunRuntime, RunRuntimes } from "./runRuntime.ts"
import { type Runtime, runtimeWorks } from "./runtime.ts"
import { Slots } from "./slots.ts"
import { bootOfMachine } from "./supervisor.ts"

/** Where the claims of runs stay that were deleted, by namespace and run. */
export const keptFolder = "kept"

interface LocalRun {
  stored: StoredExecution
  readonly folder: string
  readonly jobs: Map<string, LocalJob>
  readonly deleted: Set<string>
  /** The name of the machine it was begun on, when that is not this one. */
  readonly elsewhere?: string | undefined
}

/**
 * This machine as a place for runs. The truth is in a folder, `runs/<namespace>/<name>`: the
 * Execution, its Jobs, and for each container what it printed and how it ended. Of each machine that
 * shares the folder one engine holds it. A run is judged and driven on the machine it was begun on: only
 * there its processes can be seen.
 */
export class LocalCluster implements Cluster {
  readonly #root: string
  readonly #machine: Omit<Machine, keyof RunRuntime>
  readonly #runtimes: RunRuntimes
  readonly #self = thisMachine()
  readonly #runs = new Map<RunKey, LocalRun>()
  /** One engine has the folder, so its Lease is nobody else's business. */
  readonly #leases = new HeldLeases()
  #listener: ClusterListener | undefined
  #lack: string | undefined
  #release: (() => void) | undefined

  constructor(
    root: string,
    runtime: Runtime,
    now: () => number = Date.now,
    works: (runtime: Runtime) => Promise<boolean> = runtimeWorks,
  ) {
    this.#root = root
    this.#runtimes = new RunRuntimes(runtime, works)
    this.#machine = {
      boot: bootOfMachine(),
      slots: new Slots(Math.max(2, availableParallelism())),
      now,
      call,
      onRoom: (lack) => this.#takeLack(lack),
    }
  }

  async start(listener: ClusterListener): Promise<void> {
    this.#release = holdFolder(this.#root, this.#self)
    this.#listener = listener
    for (const namespace of foldersIn(join(this.#root, "runs"))) {
      for (const name of foldersIn(join(this.#root, "runs", namespace))) {
        this.#load(namespace, name)
      }
    }
    for (const [key, run] of this.#runs) {
      listener.onRun(key)
      if (run.elsewhere !== undefined) continue
      for (const job of run.jobs.values()) {
        if (job.isDeleting) void this.#remove(key, run, job)
        else job.goOn()
      }
    }
  }

  async close(): Promise<void> {
    this.#listener = undefined
    for (const run of this.#runs.values()) for (const job of run.jobs.values()) job.rest()
    this.#release?.()
    this.#release = undefined
  }

  runs(): Iterable<RunKey> {
    return this.#runs.keys()
  }

  plainJobs(): readonly [] {
    return []
  }

  execution(run: RunKey): StoredExecution | undefined {
    return this.#runs.get(run)?.stored
  }

  /** That the disk has no room: what it cannot hold is not shown as done. */
  lacks(key: RunKey): string | undefined {
    const elsewhere = this.#runs.get(key)?.elsewhere
    return elsewhere === undefined ? this.#lack : sentenceOf(elsewhere)
  }

  world(key: RunKey): RunWorld {
    const jobs = new Map<string, JobFacts>()
    const pods = new Map<string, readonly PodFacts[]>()
    const run = this.#runs.get(key)
    for (const job of run?.jobs.values() ?? []) {
      const facts = readJob(job.raw())
      if (facts === undefined) continue
      jobs.set(facts.name, facts)
      pods.set(
        facts.name,
        job.pods.flatMap((pod) => readPod(pod.raw()) ?? []),
      )
    }
    return { jobs, pods, events: new Map(), deleted: run?.deleted ?? new Set() }
  }

  async createExecution(object: Json): Promise<StoredExecution> {
    const raw = objectOf(object)
    const metadata = objectOf(raw.metadata)
    const namespace = textOf(metadata.namespace) ?? "default"
    const name = textOf(metadata.name) ?? ""
    const key = `${namespace}/${name}`
    const folder = this.#folder(namespace, name)
    if (this.#runs.has(key) || existsSync(join(folder, "execution.json"))) {
      throw new ClusterError("already-exists", `There is a run "${name}" on this machine already.`)
    }
    withRoom(folder, () => mkdirSync(folder, { recursive: true, mode: 0o700 }))
    const uid = randomUUID()
    const created = {
      ...raw,
      metadata: {
        ...metadata,
        namespace,
        uid,
        creationTimestamp: new Date(this.#machine.now()).toISOString(),
      },
    }
    const run: LocalRun = {
      stored: withVersion(key, uid, created, 1),
      folder,
      jobs: new Map(),
      deleted: new Set(),
    }
    writeJson(join(folder, "machine.json"), { ...this.#self })
    this.#save(folder, run.stored)
    this.#runs.set(key, run)
    this.#listener?.onRun(key)
    return run.stored
  }

  async readExecution(run: RunKey): Promise<StoredExecution | undefined> {
    return this.#runs.get(run)?.stored
  }

  async writeStatus({ key, resourceVersion }: StoredExecution, status: Json): Promise<void> {
    const run = this.#run(key)
    if (run.stored.resourceVersion !== resourceVersion) {
      throw new ClusterError("conflict", `The run "${key}" was changed since it was read.`)
    }
    this.#replace(run, { ...run.stored.object, status })
  }

  async annotate(key: RunKey, annotations: Readonly<Record<string, string>>): Promise<void> {
    const run = this.#run(key)
    const { object } = run.stored
    const metadata = objectOf(object.metadata)
    const all = { ...objectOf(metadata.annotations), ...annotations }
    this.#replace(run, { ...object, metadata: { ...metadata, annotations: all } })
  }

  async deleteExecution(key: RunKey, seen?: SeenVersion): Promise<void> {
    const run = this.#runs.get(key)
    if (run === undefined) return
    const { uid, resourceVersion } = run.stored
    if (seen && (seen.uid !== uid || seen.resourceVersion !== resourceVersion)) {
      throw new ClusterError("conflict", `The run "${key}" has changed meanwhile.`)
    }
    // One that is over has no processes anywhere.
    const { finishedAt } = objectOf(run.stored.object.status)
    if (textOf(finishedAt) === undefined) this.#refuseElsewhere(run)
    const deleted = {
      ...run.stored.object,
      metadata: {
        ...objectOf(run.stored.object.metadata),
        deletionTimestamp: new Date(this.#machine.now()).toISOString(),
      },
    }
    try {
      this.#replace(run, deleted)
    } catch (error) {
      // Deleting is how room is made.
      if (!isFullDisk(error)) throw error
    }
    await Promise.all([...run.jobs.values()].map((job) => job.delete()))
    this.#keepClaims(key, run)
    const aside = join(this.#root, "left", ...key.split("/"), run.stored.uid.slice(0, 8))
    const left = await removeFolder(run.folder, aside)
    this.#runs.delete(key)
    this.#listener?.onRun(key)
    if (left !== undefined) throw new ClusterError("forbidden", leftSentence(left))
  }

  leases(): ReadonlyMap<string, Lease> | undefined {
    // Whether an engine on another machine lives cannot be told.
    if (this.#runs.values().some(({ elsewhere }) => elsewhere !== undefined)) return undefined
    return this.#leases.all
  }

  async readLease(namespace: string, id: string): Promise<Lease | undefined> {
    return this.#leases.read(namespace, id)
  }

  async writeLease(wish: LeaseWish, over?: string): Promise<Lease> {
    return this.#leases.write(wish, over)
  }

  async deleteLease(namespace: string, id: string, over: string): Promise<void> {
    this.#leases.delete(namespace, id, over)
  }

  async createJob(namespace: string, manifest: JobManifest): Promise<void> {
    await this.checkJob(namespace, manifest)
    const { name } = manifest.metadata
    const key = `${namespace}/${manifest.metadata.labels[labels.execution] ?? ""}`
    const run = this.#run(key)
    this.#runtimes.note(run.folder)
    const job =
      run.jobs.has(name) === false &&
      LocalJob.create(
        inside(run.folder, "jobs", name),
        namespace,
        manifest,
        this.#machineOf(run.folder),
        claimFolder(run),
        () => this.#listener?.onRun(key),
      )
    if (!job) throw new ClusterError("already-exists", `The Job "${name}" is there already.`)
    run.jobs.set(name, job)
    this.#listener?.onRun(key)
    job.step()
  }

  async checkJob(namespace: string, manifest: JobManifest): Promise<void> {
    const run = manifest.metadata.labels[labels.execution] ?? ""
    const { runtime } = this.#runtimes.of(this.#folder(namespace, run))
    const sentence = refuseHere(manifest, runtime.kind)
    if (sentence !== undefined) throw new ClusterError("invalid", sentence)
  }

  async lookForJob(key: RunKey, name: string): Promise<boolean> {
    return this.#runs.get(key)?.jobs.has(name) === true
  }

  async lookForPods(key: RunKey, job: string): Promise<readonly string[]> {
    const pods = this.#runs.get(key)?.jobs.get(job)?.pods ?? []
    return pods.filter(({ outcome }) => outcome === "succeeded").map(({ name }) => name)
  }

  async deleteJob(namespace: string, name: string, uid: string): Promise<void> {
    for (const [key, run] of this.#runs) {
      const job = run.jobs.get(name)
      if (job?.uid !== uid || !key.startsWith(`${namespace}/`)) continue
      this.#refuseElsewhere(run)
      void this.#remove(key, run, job)
      return
    }
  }

  async readLog(request: LogRequest): Promise<AsyncIterable<string>> {
    for (const run of this.#runs.values()) {
      for (const job of run.jobs.values()) {
        const pod = job.pods.find(({ name }) => name === request.pod)
        const log = pod?.logOf(request.container)
        if (log !== undefined && request.previous) {
          // Each try is another pod here, so no container was ever started a second time.
          const what = `previous terminated container "${request.container}" in pod "${request.pod}"`
          throw new ClusterError("not-found", `${what} not found`)
        }
        if (log !== undefined) return readLogFile(log.path, log.isOver, request)
      }
    }
    throw new ClusterError("not-found", `The pod "${request.pod}" is gone.`)
  }

  async tell({ key }: StoredExecution, news: News, at: number): Promise<void> {
    const run = this.#runs.get(key)
    if (run === undefined || run.elsewhere !== undefined) return
    const told = { ...news, count: 1, firstAt: at, lastAt: at }
    const all = [...readNewsOf(run), told].slice(-mostNews)
    writeJson(join(run.folder, "news.json"), { news: all.map((one): Json => ({ ...one })) })
  }

  async readNews(key: RunKey): Promise<readonly EventFacts[]> {
    const run = this.#runs.get(key)
    return run === undefined ? [] : readNewsOf(run)
  }

  async #remove(key: RunKey, run: LocalRun, job: LocalJob): Promise<void> {
    const deletion = job.delete()
    this.#listener?.onRun(key)
    try {
      await deletion
    } catch {
      // It is shown as being deleted, and tried until it is.
      setTimeout(() => {
        if (this.#listener !== undefined) void this.#remove(key, run, job)
      }, removeMs).unref()
      return
    }
    run.jobs.delete(job.name)
    run.deleted.add(job.name)
    this.#listener?.onRun(key)
  }

  #load(namespace: string, name: string): void {
    const folder = this.#folder(namespace, name)
    const object = readJson(join(folder, "execution.json"))
    const metadata = objectOf(object?.metadata)
    const uid = textOf(metadata.uid)
    // A run that was never whole was never begun.
    if (object === undefined || uid === undefined) return
    const key = `${namespace}/${name}`
    const began = readJson(join(folder, "machine.json"))
    const isElsewhere = began !== undefined && textOf(began.id) !== this.#self.id
    const run: LocalRun = {
      stored: {
        key,
        uid,
        resourceVersion: textOf(metadata.resourceVersion) ?? "1",
        object,
      },
      folder,
      jobs: new Map(),
      deleted: new Set(),
      elsewhere: isElsewhere ? (textOf(began.name) ?? "") : undefined,
    }
    this.#runs.set(key, run)
    const here = this.#machineOf(folder)
    const machine = isElsewhere ? { ...here, boot: undefined } : here
    for (const one of foldersIn(join(folder, "jobs"))) {
      const job = LocalJob.load(join(folder, "jobs", one), machine, claimFolder(run), () =>
        this.#listener?.onRun(key),
      )
      if (job) run.jobs.set(job.name, job)
    }
    // Its deletion was asked for and not finished.
    if (metadata.deletionTimestamp !== undefined && !isElsewhere) {
      // Whoever asked for it is gone; what cannot be removed is set aside, or is shown and tried again.
      this.deleteExecution(key).catch(() => {})
    }
  }

  /** What a run wrote into its claims is the user's, and stays when the run goes. */
  #keepClaims(key: RunKey, { folder, stored }: LocalRun): void {
    const claims = join(folder, "claims")
    if (foldersIn(claims).every((claim) => readdirSync(join(claims, claim)).length === 0)) return
    const kept = join(this.#root, keptFolder, ...key.split("/"), stored.uid.slice(0, 8))
    mkdirSync(join(kept, ".."), { recursive: true })
    renameSync(claims, kept)
  }

  #replace(run: LocalRun, object: JsonObject): void {
    const { key, uid, resourceVersion } = run.stored
    const next = withVersion(key, uid, object, Number(resourceVersion) + 1)
    // What is shown is never more than what the next engine will find.
    this.#save(run.folder, next)
    run.stored = next
    this.#listener?.onRun(key)
  }

  #save(folder: string, stored: StoredExecution): void {
    writeJson(join(folder, "execution.json"), stored.object)
    this.#takeLack(undefined)
  }

  #takeLack(lack: string | undefined): void {
    if (lack === this.#lack) return
    this.#lack = lack
    for (const key of this.#runs.keys()) this.#listener?.onRun(key)
  }

  #run(key: RunKey): LocalRun {
    const run = this.#runs.get(key)
    if (run === undefined) throw new ClusterError("not-found", `There is no run "${key}" here.`)
    this.#refuseElsewhere(run)
    return run
  }

  #machineOf(folder: string): Machine {
    return { ...this.#machine, ...this.#runtimes.of(folder) }
  }

  #refuseElsewhere({ elsewhere, folder }: LocalRun): void {
    if (elsewhere === undefined) return
    const gone = `If that machine is gone for good, remove the folder "${folder}".`
    throw new ClusterError("forbidden", `${sentenceOf(elsewhere)} ${gone}`)
  }

  #folder(namespace: string, name: string): string {
    return inside(this.#root, "runs", namespace, name)
  }
}

const mostNews = 200
const removeMs = 5_000

function leftSentence(folder: string): string {
  return `The run is deleted, and files of it are left that belong to another user, as containers write them: they are in "${folder}" now. Remove that folder as root.`
}

function sentenceOf(machine: string): string {
  return `This run was begun on the machine "${machine}", and only there it can be seen to and stopped. What is shown here is what its folder said when this engine began.`
}

function withVersion(key: RunKey, uid: string, object: JsonObject, version: number) {
  const resourceVersion = String(version)
  const metadata = { ...objectOf(object.metadata), resourceVersion }
  return { key, uid, resourceVersion, object: { ...object, metadata } }
}

function claimFolder({ folder }: LocalRun): (claim: string) => string {
  return (claim) => inside(folder, "claims", claim)
}

function readNewsOf({ folder }: LocalRun): readonly EventFacts[] {
  return listOf(readJson(join(folder, "news.json"))?.news).map((one) => {
    const event = objectOf(one)
    return {
      type: textOf(event.type) ?? "",
      reason: textOf(event.reason) ?? "",
      message: textOf(event.message) ?? "",
      count: numberOf(event.count) ?? 1,
      firstAt: numberOf(event.firstAt) ?? 0,
      lastAt: numberOf(event.lastAt) ?? 0,
    }
  })
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
  } catch {
    return []
  }
}

function call([program = "", ...args]: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: 60_000 }, (error, stdout) =>
      resolve(error ? undefined : stdout),
    )
  })
}
