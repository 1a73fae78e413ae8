import { randomUUID } from "node:crypto"
import { reasonsText } from "#core/plan/checkExecution"
import { readExecution } from "#core/plan/execution"
import { type JsonObject, listOf, objectOf, textOf } from "#core/plan/json"
import { annotations, labels } from "#core/plan/labels"
import { filesObject } from "#core/plan/names"
import { plan } from "#core/plan/plan"
import { plannedJobs } from "#core/plan/plannedJobs"
import { anyInCluster } from "#core/run/claim"
import type { EventFacts } from "#core/run/observed"
import type { ColonyNote } from "#core/run/unsentFiles"
import { wishAnnotation } from "#core/run/wishes"
import { filesOf } from "#core/spec/convertColonies"
import { writeYaml } from "#core/spec/convertText"
import type { FilesMove, TaskFiles } from "#core/spec/filesTasks"
import { parse, type SpecDocument } from "#core/spec/parse"
import { toExecution } from "#core/spec/toExecution"
import { askedFor } from "#core/view/askedFor"
import { conditionsOf } from "#core/view/conditions"
import type { DriverSelf } from "./claims.ts"
import type {
  Cluster,
  OwnedIdentity,
  OwnedObject,
  RunKey,
  RunWorld,
  StoredExecution,
} from "./cluster.ts"
import { ClusterError } from "./clusterError.ts"
import type { FileMover, FilesLook } from "./fileMover.ts"
import { FileSender, type FolderNote } from "./fileSender.ts"
import { filesObjectsNote } from "./filesObjects.ts"
import { Limiter } from "./limiter.ts"
import { OpenedPlace } from "./openedPlace.ts"
import type { OnLines, Place, WatchedRun } from "./place.ts"
import { copyPlainPodLog } from "./plainPodLog.ts"
import type {
  EventView,
  FilesPrepared,
  FilesSource,
  JobAnswer,
  LogOptions,
  ObjectText,
  PlaceChange,
  PlaceInfo,
  PlaceState,
  PlainPod,
  RunChange,
  RunOptions,
  RunPrepared,
  RunStarted,
  RunWish,
  SpecSource,
} from "./protocol.ts"
import { copyRunLog } from "./runLog.ts"
import { UserError } from "./userError.ts"

interface ClusterPlaceSetting {
  readonly info: PlaceInfo
  readonly cluster: Cluster
  readonly self: DriverSelf
  readonly log: (line: string) => void
  /** Left out: files are on their claims already. */
  readonly mover: FileMover | undefined
}

/** A place whose runs are Executions that somebody drives: a cluster, this machine, a rehearsal. */
export class ClusterPlace implements Place {
  readonly info: PlaceInfo
  readonly opened: OpenedPlace
  readonly #self: DriverSelf
  readonly #mover: FileMover | undefined
  readonly #sender: FileSender | undefined
  #isSending = false

  constructor({ info, cluster, self, log, mover }: ClusterPlaceSetting) {
    this.info = info
    this.#self = self
    this.#mover = mover
    this.opened = new OpenedPlace(info, cluster, self, log)
    const onTrouble = this.opened.tellTrouble.bind(this.opened)
    this.#sender = mover && new FileSender({ cluster, mover, engine: self.id, log, onTrouble })
  }

  get cluster(): Cluster {
    return this.opened.cluster
  }

  async start(): Promise<void> {
    const { opened } = this
    await opened.start()
    if (!this.#sender || this.#isSending) return
    this.#isSending = true
    for (const run of this.cluster.runs()) this.#sender.look(run)
    opened.onChange(({ runs }) => {
      for (const { name } of runs) this.#sender?.look(this.#key(name))
    })
  }

  stop(): Promise<void> {
    this.#sender?.stop()
    return this.opened.stop()
  }

  state(): PlaceState {
    return this.opened.state()
  }

  onChange(listener: (change: PlaceChange) => void): () => void {
    return this.opened.onChange(listener)
  }

  isBusy(): boolean {
    return this.opened.isBusy() || this.#sender?.isBusy() === true
  }

  async openRun(
    run: string,
    listener: (change: RunChange) => void,
  ): Promise<WatchedRun | undefined> {
    const key = this.#key(run)
    // One that was made a moment ago, perhaps by somebody else, may not have been told of yet.
    if (!this.cluster.execution(key)) await this.cluster.readExecution(key)
    return this.opened.openRun(key, listener)
  }

  async prepareRun(
    spec: SpecSource,
    { until, name: wanted }: Partial<Pick<RunOptions, "name" | "until">>,
  ): Promise<RunPrepared> {
    const files = await this.#lookAtFiles(spec)
    const object = objectOf(executionOf(spec, files && moveOf(files, "run")))
    const part = until ? { until: [...until] } : {}
    const read = readExecution({ ...object, spec: { ...objectOf(object.spec), ...part } })
    if (read.kind === "refused") throw new UserError(reasonsText(read.reasons))
    const { tasks } = plan(read.execution)
    const counts = tasks.filter((task) => task.isWanted).map((task) => task.steps?.length)
    const name = wanted ?? this.#freeName(read.execution.metadata.name)
    return {
      name,
      ...(files ? { files: preparedOf(files, name) } : {}),
      jobs: counts.reduce<number>((sum, count) => sum + (count ?? 0), 0),
      orMore: counts.includes(undefined),
    }
  }

  async startRun(spec: SpecSource, options: RunOptions): Promise<RunStarted> {
    const files = await this.#lookAtFiles(spec)
    const object = this.#runObject(spec, options, files)
    const read = readExecution(object)
    if (read.kind === "refused") throw new UserError(reasonsText(read.reasons))
    const { name } = options
    const driver = options.driver ?? ((await this.opened.hasClusterDriver()) ? "cluster" : "here")
    const run = await this.#create(this.#addressed(object, driver), name)
    if (files) await this.#createOwned(run, files)
    return { name, driver }
  }

  async #create(object: JsonObject, name: string): Promise<StoredExecution> {
    try {
      return await this.cluster.createExecution(object)
    } catch (error) {
      if (!(error instanceof ClusterError) || error.kind !== "already-exists") throw error
      const { namespace } = this.info
      throw new UserError(
        `There is a run "${name}" in "${namespace}" already. Choose another name, or delete that run.`,
      )
    }
  }

  /** Asks the API server about each Job that is known beforehand. */
  async checkRun(spec: SpecSource, options: RunOptions): Promise<readonly JobAnswer[]> {
    const read = readExecution(this.#runObject(spec, options, await this.#lookAtFiles(spec)))
    if (read.kind === "refused") throw new UserError(reasonsText(read.reasons))
    const limiter = new Limiter()
    return Promise.all(
      plannedJobs(plan(read.execution)).jobs.map((manifest) =>
        limiter.run(async (): Promise<JobAnswer> => {
          const job = manifest.metadata.name
          const task = manifest.metadata.labels[labels.task] ?? ""
          try {
            await this.cluster.checkJob(this.info.namespace, manifest)
            return { job, task }
          } catch (error) {
            if (!(error instanceof ClusterError) || error.isPassing) throw error
            return { job, task, refusal: error.message }
          }
        }),
      ),
    )
  }

  async wish(run: string, { kind, steps, by }: RunWish): Promise<void> {
    if (kind === "retry") this.#refuseWithoutFiles(run)
    const at = new Date().toISOString()
    const made = { kind, id: randomUUID(), by, at, steps: steps ?? [] }
    const [key, value] = wishAnnotation(made)
    await this.cluster.annotate(this.#key(run), { [key]: value })
  }

  deleteRun(run: string): Promise<void> {
    return this.cluster.deleteExecution(this.#key(run))
  }

  async handTo(run: string, driver: string): Promise<void> {
    await this.cluster.annotate(this.#key(run), { [annotations.driver]: driver })
  }

  async events(run: string): Promise<readonly EventView[]> {
    const key = this.#key(run)
    return eventViews(`Execution/${run}`, await this.cluster.readNews(key), this.cluster.world(key))
  }

  async readObject(kind: "Job" | "Pod", name: string): Promise<ObjectText | null> {
    const object = await this.cluster.readObject?.(this.info.namespace, kind, name)
    if (object === undefined) return null
    const { managedFields: _, ...metadata } = objectOf(object.metadata)
    const text = writeYaml({ ...object, metadata })
    const asked = kind === "Job" ? askedFor(object) : null
    return { text, asked, conditions: conditionsOf(object) }
  }

  async readEvents(about: readonly string[]): Promise<readonly EventView[] | null> {
    const { cluster, info } = this
    if (!cluster.readEvents) return null
    const views = about.map(async (object) => {
      return viewsOf(object, (await cluster.readEvents?.(info.namespace, object)) ?? [])
    })
    return (await Promise.all(views)).flat().sort((a, b) => a.lastAt - b.lastAt)
  }

  copyLog(run: string, options: LogOptions, onLines: OnLines, signal: AbortSignal): Promise<void> {
    return copyRunLog(this.opened, this.#key(run), options, onLines, signal)
  }

  /** What a pod of a Job prints that no run made. */
  copyPodLog(
    { job, pod }: PlainPod,
    options: LogOptions,
    onLines: OnLines,
    signal: AbortSignal,
  ): Promise<void> {
    const { cluster, info } = this
    return copyPlainPodLog(
      { cluster, namespace: info.namespace, job, pod, options },
      onLines,
      signal,
    )
  }

  /** Undefined where the spec moves no files. */
  async #lookAtFiles(spec: SpecSource): Promise<MovedFiles | undefined> {
    const { files: source, claim } = spec
    if (source === undefined) return undefined
    const document = parse(spec.text, spec.path)[spec.document]
    const wanted = document && isColonies(document) ? filesOf(document.tree) : []
    if (wanted.length === 0) return undefined
    if (claim === undefined) {
      throw new UserError(
        "Files are brought to a claim that all steps see, and none is named: name one, on the command line with --claim.",
      )
    }
    const mover = this.#mover
    if (!mover || !this.cluster.createOwned) {
      throw new UserError(
        `Files are brought to a cluster only, not to ${this.info.context}. Leave out where they come from to take them as they are on the claim "${claim}".`,
      )
    }
    const look = await mover.look(source, wanted)
    return { source, claim, wanted, look, image: mover.image }
  }

  #runObject(spec: SpecSource, options: RunOptions, files: MovedFiles | undefined): JsonObject {
    const move = files && moveOf(files, options.name)
    const object = runObject(this.info, objectOf(executionOf(spec, move)), options)
    if (!files) return object
    const metadata = objectOf(object.metadata)
    const { tasks } = objectOf(object.spec)
    const names = listOf(tasks).map((task) => textOf(objectOf(task).name) ?? "")
    const [first = ""] = names
    const note: FolderNote | ColonyNote =
      files.source.kind === "colony"
        ? { from: "colony", claim: files.claim, tasks: [first, names.at(-1) ?? ""] }
        : {
            from: "folder",
            path: files.source.path,
            engine: this.#self.id,
            task: first,
            wanted: files.wanted,
          }
    const noted = { ...objectOf(metadata.annotations), [annotations.files]: JSON.stringify(note) }
    return { ...object, metadata: { ...metadata, annotations: noted } }
  }

  /** Its pods wait for them, and they go with the run. */
  async #createOwned(run: StoredExecution, { look }: MovedFiles): Promise<void> {
    const { cluster } = this
    const name = filesObject(run.key.slice(run.key.indexOf("/") + 1))
    const program = (await this.#mover?.program()) ?? ""
    const made: OwnedIdentity[] = []
    const create = async (kind: OwnedIdentity["kind"], data: OwnedObject["data"]) => {
      const uid = await cluster.createOwned?.(run, { kind, name, data })
      if (uid !== undefined) made.push({ kind, name, uid })
    }
    try {
      await create("ConfigMap", { "files.js.gz": program })
      if (look.profile !== undefined) {
        const profile = Buffer.from(look.profile).toString("base64")
        await create("Secret", { "profile.json": profile })
      }
      await cluster.annotate(run.key, filesObjectsNote(made))
      await this.#removeAfterEnd(run.key, made)
    } catch (error) {
      // A run that can never begin is not left behind.
      await cluster.deleteExecution(run.key).catch(() => {})
      throw error
    }
  }

  /** A run of which all is reused may be over before what it brings along is there. */
  async #removeAfterEnd(run: RunKey, made: readonly OwnedIdentity[]): Promise<void> {
    const { cluster, info } = this
    const now = await cluster.readExecution(run)
    if (textOf(objectOf(now?.object.status).finishedAt) === undefined) return
    for (const object of made) await cluster.deleteOwned?.(info.namespace, object)
  }

  /** What moved the files of a run is gone since its end. */
  #refuseWithoutFiles(run: string): void {
    const object = this.cluster.execution(this.#key(run))?.object
    const noted = objectOf(objectOf(object?.metadata).annotations)[annotations.files]
    if (noted === undefined || textOf(objectOf(object?.status).finishedAt) === undefined) return
    throw new UserError(
      `"${run}" moves files, and the keys for that were deleted at its end. Run its spec again, and let it take up "${run}": what succeeded and is still the same is reused.`,
    )
  }

  /** Says who is to drive the run. */
  #addressed(object: JsonObject, wanted: RunOptions["driver"]): JsonObject {
    const metadata = objectOf(object.metadata)
    const written = objectOf(metadata.annotations)
    const driver = wanted === "cluster" ? anyInCluster : this.#self.id
    return {
      ...object,
      metadata: { ...metadata, annotations: { ...written, [annotations.driver]: driver } },
    }
  }

  /** `metadata.name`, or if it is taken `name-2`, `name-3` … */
  #freeName(wanted: string): string {
    for (let number = 1; ; number++) {
      const name = number === 1 ? wanted : `${wanted}-${number}`
      if (!this.cluster.execution(this.#key(name))) return name
    }
  }

  #key(run: string): string {
    return `${this.info.namespace}/${run}`
  }
}

interface MovedFiles {
  readonly source: FilesSource
  readonly claim: string
  readonly wanted: readonly TaskFiles[]
  readonly look: FilesLook
  readonly image: string
}

function moveOf({ source, look, image }: MovedFiles, run: string): FilesMove {
  return { from: source.kind, snapshot: look.snapshot, objects: filesObject(run), image }
}

function preparedOf({ claim, look }: MovedFiles, run: string): FilesPrepared {
  const kinds = look.profile === undefined ? ["ConfigMap"] : ["ConfigMap", "Secret"]
  return {
    from: look.from,
    claim,
    files: look.files,
    bytes: look.bytes,
    objects: kinds.map((kind) => `${kind}/${filesObject(run)}`),
  }
}

function isColonies({ dialect }: SpecDocument): boolean {
  return dialect === "function" || dialect === "colonies-workflow"
}

function runObject({ namespace }: PlaceInfo, object: JsonObject, options: RunOptions): JsonObject {
  const { name, resumeFrom, until, source, start } = options
  const metadata = objectOf(object.metadata)
  const notes = {
    ...objectOf(metadata.annotations),
    ...(source ? { [annotations.source]: JSON.stringify(source) } : {}),
    ...(start ? { [annotations.start]: start } : {}),
  }
  return {
    ...object,
    metadata: { ...metadata, name, namespace, annotations: notes },
    spec: {
      ...objectOf(object.spec),
      ...(resumeFrom
        ? { resumeFrom: { name: resumeFrom.name, rerun: [...(resumeFrom.rerun ?? [])] } }
        : {}),
      ...(until ? { until: [...until] } : {}),
    },
  }
}

function executionOf(spec: SpecSource, files: FilesMove | undefined): unknown {
  const document = parse(spec.text, spec.path)[spec.document]
  if (!document) throw new UserError(`"${spec.path}" has no workflow to run.`)
  const made = toExecution(document, spec.path, {
    inputs: spec.inputs,
    tools: new Map(Object.entries(spec.tools ?? {})),
    claim: spec.claim,
    files,
  })
  if (made.kind === "refused") throw new UserError(made.reason)
  return made.object
}

function eventViews(
  execution: string,
  news: readonly EventFacts[],
  { jobs, pods, events }: RunWorld,
): readonly EventView[] {
  const about = [
    ...Array.from(jobs.keys(), (name) => `Job/${name}`),
    ...[...pods.values()].flat().map((pod) => `Pod/${pod.name}`),
  ]
  return about
    .flatMap((object) => viewsOf(object, events.get(object) ?? []))
    .concat(viewsOf(execution, news))
    .sort((a, b) => a.lastAt - b.lastAt)
}

function viewsOf(about: string, list: readonly EventFacts[]): readonly EventView[] {
  return list.map(({ type, reason, message, count, lastAt }) => {
    return { about, type, reason, message, count, lastAt }
  })
}
