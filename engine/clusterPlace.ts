import { randomUUID } from "node:crypto"
import { reasonsText } from "#core/plan/checkExecution"
import { readExecution } from "#core/plan/execution"
import { type JsonObject, objectOf } from "#core/plan/json"
import { annotations, labels } from "#core/plan/labels"
import { plan } from "#core/plan/plan"
import { plannedJobs } from "#core/plan/plannedJobs"
import { anyInCluster } from "#core/run/claim"
import type { EventFacts } from "#core/run/observed"
import { wishAnnotation } from "#core/run/wishes"
import { writeYaml } from "#core/spec/convertText"
import { parse } from "#core/spec/parse"
import { toExecution } from "#core/spec/toExecution"
import { askedFor } from "#core/view/askedFor"
import type { DriverSelf } from "./claims.ts"
import type { Cluster, RunWorld } from "./cluster.ts"
import { ClusterError } from "./clusterError.ts"
import { Limiter } from "./limiter.ts"
import { OpenedPlace } from "./openedPlace.ts"
import type { OnLines, Place, WatchedRun } from "./place.ts"
import type {
  EventView,
  JobAnswer,
  LogOptions,
  ObjectText,
  PlaceChange,
  PlaceInfo,
  PlaceState,
  RunChange,
  RunOptions,
  RunPrepared,
  RunStarted,
  RunWish,
  SpecSource,
} from "./protocol.ts"
import { RunLog } from "./runLog.ts"
import { UserError } from "./userError.ts"

/** A place whose runs are Executions that somebody drives: a cluster, this machine, a rehearsal. */
export class ClusterPlace implements Place {
  readonly info: PlaceInfo
  readonly opened: OpenedPlace
  readonly #self: DriverSelf

  constructor(info: PlaceInfo, cluster: Cluster, self: DriverSelf, log: (line: string) => void) {
    this.info = info
    this.#self = self
    this.opened = new OpenedPlace(info, cluster, self, log)
  }

  get cluster(): Cluster {
    return this.opened.cluster
  }

  start(): Promise<void> {
    return this.opened.start()
  }

  stop(): Promise<void> {
    return this.opened.stop()
  }

  state(): PlaceState {
    return this.opened.state()
  }

  onChange(listener: (change: PlaceChange) => void): () => void {
    return this.opened.onChange(listener)
  }

  isBusy(): boolean {
    return this.opened.isBusy()
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

  async prepareRun(spec: SpecSource, until?: readonly string[]): Promise<RunPrepared> {
    const object = objectOf(executionOf(spec))
    const wanted = until ? { until: [...until] } : {}
    const read = readExecution({ ...object, spec: { ...objectOf(object.spec), ...wanted } })
    if (read.kind === "refused") throw new UserError(reasonsText(read.reasons))
    const { tasks } = plan(read.execution)
    const counts = tasks.filter((task) => task.isWanted).map((task) => task.steps?.length)
    return {
      name: this.#freeName(read.execution.metadata.name),
      jobs: counts.reduce<number>((sum, count) => sum + (count ?? 0), 0),
      orMore: counts.includes(undefined),
    }
  }

  async startRun(spec: SpecSource, options: RunOptions): Promise<RunStarted> {
    const object = runObject(this.info, spec, options)
    const read = readExecution(object)
    if (read.kind === "refused") throw new UserError(reasonsText(read.reasons))
    const { name } = options
    try {
      await this.cluster.createExecution(this.#addressed(object, options.driver))
    } catch (error) {
      if (!(error instanceof ClusterError) || error.kind !== "already-exists") throw error
      const { namespace } = this.info
      throw new UserError(
        `There is a run "${name}" in "${namespace}" already. Choose another name, or delete that run.`,
      )
    }
    return { name }
  }

  /** Asks the API server about each Job that is known beforehand. */
  async checkRun(spec: SpecSource, options: RunOptions): Promise<readonly JobAnswer[]> {
    const read = readExecution(runObject(this.info, spec, options))
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
    return { text, asked: kind === "Job" ? askedFor(object) : null }
  }

  copyLog(run: string, options: LogOptions, onLines: OnLines, signal: AbortSignal): Promise<void> {
    return new RunLog(this.opened, this.#key(run), options, signal).copy(onLines)
  }

  /** Says who is to drive the run: a driver in the cluster where one lives, else this engine. */
  #addressed(object: JsonObject, wanted: RunOptions["driver"]): JsonObject {
    const metadata = objectOf(object.metadata)
    const written = objectOf(metadata.annotations)
    const isForCluster =
      wanted === undefined ? this.opened.hasClusterDriver() : wanted === "cluster"
    const driver = isForCluster ? anyInCluster : this.#self.id
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

function runObject({ namespace }: PlaceInfo, spec: SpecSource, options: RunOptions): JsonObject {
  const object = objectOf(executionOf(spec))
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

function executionOf(spec: SpecSource): unknown {
  const document = parse(spec.text, spec.path)[spec.document]
  if (!document) throw new UserError(`"${spec.path}" has no workflow to run.`)
  const made = toExecution(document, spec.path, {
    inputs: spec.inputs,
    tools: new Map(Object.entries(spec.tools ?? {})),
    claim: spec.claim,
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
  const views = (object: string, list: readonly EventFacts[]) =>
    list.map(({ type, reason, message, count, lastAt }) => {
      return { about: object, type, reason, message, count, lastAt }
    })
  return about
    .flatMap((object) => views(object, events.get(object) ?? []))
    .concat(views(execution, news))
    .sort((a, b) => a.lastAt - b.lastAt)
}
