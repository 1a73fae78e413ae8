import { randomUUID } from "node:crypto"
import { ErrorCodes, type MessageConnection, ResponseError } from "vscode-jsonrpc/node"
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
import { conditionsOf } from "#core/view/conditions"
import type { DriverSelf } from "./claims.ts"
import type { Cluster, RunWorld } from "./cluster.ts"
import { ClusterError, factsOf } from "./clusterError.ts"
import { Limiter } from "./limiter.ts"
import type { EngineService } from "./localEngine.ts"
import { OpenedJob } from "./openedJob.ts"
import { OpenedPlace } from "./openedPlace.ts"
import {
  type ClusterNames,
  type DefinitionState,
  type EngineNotifications,
  type EngineRequests,
  type EventView,
  type JobAnswer,
  type KubeconfigLook,
  type KubeRequest,
  type LeftDriverState,
  makeWay,
  type PlaceErrorData,
  type PlaceInfo,
  type PlaceRequest,
  type RunOptions,
  type RunPrepared,
  type SpecSource,
  userErrorCode,
} from "./protocol.ts"
import { RunLog } from "./runLog.ts"
import type { Unfinished } from "./unfinished.ts"

/** Whoever opens a place waits about so long. */
const openingMs = 30_000

/** What may be done to the definition of Executions, on the user's word only. */
export interface Definition {
  readonly look: (request: KubeRequest) => Promise<DefinitionState>
  readonly install: (request: KubeRequest) => Promise<void>
  readonly remove: (request: KubeRequest) => Promise<void>
}

/** What there is to choose from, before a place is opened. */
export interface LookAround {
  readonly kubeconfig: (paths: string | undefined) => Promise<KubeconfigLook>
  readonly namespaces: (
    request: KubeRequest,
  ) => Promise<{ readonly namespaces: readonly string[]; readonly problem?: string }>
  readonly names: (request: KubeRequest) => Promise<ClusterNames>
}

/** The driver that somebody may leave in a cluster, on the user's word only. */
export interface LeftDriver {
  readonly look: (request: KubeRequest) => Promise<LeftDriverState>
  /** Resolves once it lives. */
  readonly leave: (request: KubeRequest, image: string | undefined) => Promise<void>
  readonly remove: (request: KubeRequest) => Promise<void>
}

export interface ServiceSetting {
  readonly version: string
  readonly lookAround: LookAround
  /** Who this engine is to other drivers. */
  readonly self: DriverSelf
  readonly definition: Definition
  readonly leftDriver: LeftDriver
  readonly unfinished: Unfinished
  readonly openPlace: (request: PlaceRequest) => Promise<{ info: PlaceInfo; cluster: Cluster }>
  readonly log: (line: string) => void
}

/** Something the person who asked can mend; the message is for them. */
export class UserError extends Error {
  override readonly name = "UserError"
}

/** Answers every client of the engine. Places are shared: two windows that look at one watch once. */
export class Service implements EngineService {
  readonly #setting: ServiceSetting
  readonly #places = new Map<string, OpenedPlace>()
  readonly #opening = new Map<string, Promise<OpenedPlace>>()
  /** What was asked for, where the place's description does not say it. */
  readonly #requests = new Map<string, PlaceRequest>()
  #goingOn = 0
  #noted = ""

  constructor(setting: ServiceSetting) {
    this.#setting = setting
    for (const request of setting.unfinished.load()) void this.#goOn(request)
  }

  serve(connection: MessageConnection, close: () => void): void {
    const client = new AbortController()
    const subscriptions = new Map<string, () => void>()
    const openedRuns = new Map<string, { readonly close: () => void }>()
    const openedJobs = new Map<string, OpenedJob>()
    const logs = new Map<string, AbortController>()
    const tell = <Method extends keyof EngineNotifications>(
      method: Method,
      params: EngineNotifications[Method],
    ) => {
      if (!client.signal.aborted) void connection.sendNotification(method, params).catch(() => {})
    }

    const handlers: Handlers = {
      "engine/hello": async ({ version, client: who }) => {
        const handsOver = isOlder(this.#setting.version, version)
        this.#setting.log(`${who} ${version} connected`)
        const { version: ours, self } = this.#setting
        return { version: ours, pid: process.pid, driver: self.id, handsOver }
      },
      "place/open": async (request) => {
        const place = await this.open(request)
        const { id } = place.info
        if (!subscriptions.has(id)) {
          subscriptions.set(
            id,
            place.onChange((change) => tell("place/changed", change)),
          )
        }
        return place.state()
      },
      "place/close": async ({ place }) => {
        subscriptions.get(place)?.()
        subscriptions.delete(place)
        for (const [id, { close }] of [...openedRuns]) {
          if (!id.startsWith(`${place}\n`)) continue
          close()
          openedRuns.delete(id)
        }
        for (const [id, job] of [...openedJobs]) {
          if (!id.startsWith(`${place}\n`)) continue
          job.close()
          openedJobs.delete(id)
        }
        return null
      },
      "run/open": async ({ place, run }) => {
        const there = this.#place(place)
        const { namespace } = there.info
        const key = `${namespace}/${run}`
        // One that was made a moment ago, perhaps by somebody else, may not have been told of yet.
        if (!there.cluster.execution(key)) await there.cluster.readExecution(key)
        const opened = there.openRun(key, (change) => tell("run/changed", change))
        if (!opened) throw new UserError(`There is no run "${run}" in "${namespace}" any more.`)
        const id = `${place}\n${run}`
        openedRuns.get(id)?.close()
        openedRuns.set(id, opened)
        return opened.view
      },
      "run/close": async ({ place, run }) => {
        const id = `${place}\n${run}`
        openedRuns.get(id)?.close()
        openedRuns.delete(id)
        return null
      },
      "job/open": async ({ place, kind, name }) => {
        const { cluster, info } = this.#place(place)
        const id = `${place}\n${kind}\n${name}`
        openedJobs.get(id)?.close()
        const opened = new OpenedJob(cluster, { kind, name }, (change) =>
          tell("job/changed", { place, ...change }),
        )
        openedJobs.set(id, opened)
        const view = await opened.start().catch((error: unknown) => {
          opened.close()
          openedJobs.delete(id)
          throw error
        })
        if (view) return view
        opened.close()
        openedJobs.delete(id)
        throw new UserError(`There is no ${kind} "${name}" in "${info.namespace}" any more.`)
      },
      "job/close": async ({ place, kind, name }) => {
        const id = `${place}\n${kind}\n${name}`
        openedJobs.get(id)?.close()
        openedJobs.delete(id)
        return null
      },
      "run/prepare": async ({ place, spec, until }) =>
        this.prepare(this.#place(place), spec, until),
      "run/start": async ({ place, spec, options }) => {
        await this.start(this.#place(place), spec, options)
        return { name: options.name }
      },
      "run/check": async ({ place, spec, options }) =>
        this.check(this.#place(place), spec, options),
      "run/wish": async ({ place, run, wish, steps, by }) => {
        const { cluster, info } = this.#place(place)
        const at = new Date().toISOString()
        const made = { kind: wish, id: randomUUID(), by, at, steps: steps ?? [] }
        const [key, value] = wishAnnotation(made)
        await cluster.annotate(`${info.namespace}/${run}`, { [key]: value })
        return null
      },
      "run/drive": async ({ place, run }) => {
        await this.#handTo(this.#place(place), run, this.#setting.self.id)
        return null
      },
      "driver/look": ({ place }) => this.#setting.leftDriver.look(clusterOf(this.#place(place))),
      "driver/leave": ({ place, runs, image }) =>
        this.#leaveDriver(this.#place(place), runs, image),
      "driver/remove": async ({ place }) => {
        await this.#removeDriver(this.#place(place))
        return null
      },
      "run/delete": async ({ place, run }) => {
        const { cluster, info } = this.#place(place)
        await cluster.deleteExecution(`${info.namespace}/${run}`)
        return null
      },
      "run/events": async ({ place, run }) => {
        const { cluster, info } = this.#place(place)
        const key = `${info.namespace}/${run}`
        return eventViews(`Execution/${run}`, await cluster.readNews(key), cluster.world(key))
      },
      "object/yaml": async ({ place, kind, name }) => {
        const { cluster, info } = this.#place(place)
        const object = await cluster.readObject?.(info.namespace, kind, name)
        if (object === undefined) return null
        const { managedFields: _, ...metadata } = objectOf(object.metadata)
        const text = writeYaml({ ...object, metadata })
        return {
          text,
          asked: kind === "Job" ? askedFor(object) : null,
          conditions: conditionsOf(object),
        }
      },
      "kubeconfig/look": ({ kubeconfig }) => this.#setting.lookAround.kubeconfig(kubeconfig),
      "place/namespaces": (request) => this.#setting.lookAround.namespaces(request),
      "place/names": (request) => this.#setting.lookAround.names(request),
      "definition/look": (request) => this.#setting.definition.look(request),
      "definition/install": async (request) => {
        await this.#setting.definition.install(request)
        return null
      },
      "definition/remove": async (request) => {
        await this.#setting.definition.remove(request)
        return null
      },
      "log/open": async ({ place, run, log, options = { follow: true } }) => {
        const stop = new AbortController()
        logs.get(log)?.abort()
        logs.set(log, stop)
        const signal = AbortSignal.any([client.signal, stop.signal])
        const opened = this.#place(place)
        const follower = new RunLog(opened, `${opened.info.namespace}/${run}`, options, signal)
        void follower
          .copy((source, lines) => tell("log/text", { log, ...source, lines }))
          .then(() => tell("log/end", { log }))
          .catch((error: unknown) => {
            if (!signal.aborted) this.#setting.log(`log of ${run}: ${messageOf(error)}`)
          })
        return null
      },
      "log/close": async ({ log }) => {
        logs.get(log)?.abort()
        logs.delete(log)
        return null
      },
    }
    connection.onRequest(async (method: string, params: unknown) => {
      const handler = Object.hasOwn(handlers, method)
        ? (handlers[method as keyof Handlers] as (params: unknown) => Promise<unknown>)
        : undefined
      if (!handler)
        return new ResponseError(ErrorCodes.MethodNotFound, `The engine has no "${method}".`)
      try {
        return await handler(params)
      } catch (error) {
        return this.#answer(method, error)
      }
    })
    // Asked for in a message of its own: with the answer to the greeting it could be lost.
    connection.onNotification(makeWay, close)
    connection.onClose(() => {
      client.abort()
      for (const unsubscribe of subscriptions.values()) unsubscribe()
      for (const { close } of openedRuns.values()) close()
      for (const job of openedJobs.values()) job.close()
    })
    connection.listen()
  }

  /** Opens a place once, however many ask for it at the same time. */
  async open(request: PlaceRequest): Promise<OpenedPlace> {
    const key = keyOf(request)
    const known = this.#opening.get(key)
    if (known) return known
    const opening = this.#open(request)
    this.#opening.set(key, opening)
    const forget = () => this.#opening.delete(key)
    opening.catch(forget)
    // One that hangs, for example at a login that never ends, must not keep the next from trying.
    const timer = setTimeout(forget, openingMs)
    opening.then(
      () => clearTimeout(timer),
      () => clearTimeout(timer),
    )
    return opening
  }

  async prepare(
    place: OpenedPlace,
    spec: SpecSource,
    until?: readonly string[],
  ): Promise<RunPrepared> {
    const object = objectOf(executionOf(spec))
    const wanted = until ? { until: [...until] } : {}
    const read = readExecution({ ...object, spec: { ...objectOf(object.spec), ...wanted } })
    if (read.kind === "refused") throw new UserError(reasonsText(read.reasons))
    const { tasks } = plan(read.execution)
    const counts = tasks.filter((task) => task.isWanted).map((task) => task.steps?.length)
    return {
      name: await freeName(place, read.execution.metadata.name),
      jobs: counts.reduce<number>((sum, count) => sum + (count ?? 0), 0),
      orMore: counts.includes(undefined),
    }
  }

  async start(place: OpenedPlace, spec: SpecSource, options: RunOptions): Promise<void> {
    const object = runObject(place, spec, options)
    const read = readExecution(object)
    if (read.kind === "refused") throw new UserError(reasonsText(read.reasons))
    try {
      await place.cluster.createExecution(this.#addressed(place, object, options.driver))
    } catch (error) {
      if (!(error instanceof ClusterError) || error.kind !== "already-exists") throw error
      const { namespace } = place.info
      throw new UserError(
        `There is a run "${options.name}" in "${namespace}" already. Choose another name, or delete that run.`,
      )
    }
  }

  /** Says who is to drive the run: a driver in the cluster where one lives, else this engine. */
  #addressed(place: OpenedPlace, object: JsonObject, wanted: RunOptions["driver"]): JsonObject {
    const metadata = objectOf(object.metadata)
    const written = objectOf(metadata.annotations)
    const isForCluster = wanted === undefined ? place.hasClusterDriver() : wanted === "cluster"
    const driver = isForCluster ? anyInCluster : this.#setting.self.id
    return {
      ...object,
      metadata: { ...metadata, annotations: { ...written, [annotations.driver]: driver } },
    }
  }

  async #leaveDriver(
    place: OpenedPlace,
    wanted: readonly string[] | undefined,
    image: string | undefined,
  ): Promise<{ readonly runs: readonly string[] }> {
    const runs = wanted ?? place.runsDriven("here")
    await this.#setting.leftDriver.leave(clusterOf(place), image)
    for (const run of runs) await this.#handTo(place, run, anyInCluster)
    return { runs }
  }

  async #removeDriver(place: OpenedPlace): Promise<void> {
    const runs = place.runsDriven("elsewhere").map((run) => `"${run}"`)
    if (runs.length > 0) {
      throw new UserError(
        `A driver in "${place.info.namespace}" still has runs that are not over: ${runs.join(", ")}. Wait for them, stop them, or drive them from here first.`,
      )
    }
    await this.#setting.leftDriver.remove(clusterOf(place))
  }

  async #handTo(place: OpenedPlace, run: string, driver: string): Promise<void> {
    await place.cluster.annotate(`${place.info.namespace}/${run}`, { [annotations.driver]: driver })
  }

  async check(
    place: OpenedPlace,
    spec: SpecSource,
    options: RunOptions,
  ): Promise<readonly JobAnswer[]> {
    const read = readExecution(runObject(place, spec, options))
    if (read.kind === "refused") throw new UserError(reasonsText(read.reasons))
    const limiter = new Limiter()
    return Promise.all(
      plannedJobs(plan(read.execution)).jobs.map((manifest) =>
        limiter.run(async (): Promise<JobAnswer> => {
          const job = manifest.metadata.name
          const task = manifest.metadata.labels[labels.task] ?? ""
          try {
            await place.cluster.checkJob(place.info.namespace, manifest)
            return { job, task }
          } catch (error) {
            if (!(error instanceof ClusterError) || error.isPassing) throw error
            return { job, task, refusal: error.message }
          }
        }),
      ),
    )
  }

  isBusy(): boolean {
    return this.#goingOn > 0 || this.#places.values().some((place) => place.isBusy())
  }

  /** Opens a place whose runs an earlier engine left, however long its cluster cannot be reached. */
  async #goOn(request: PlaceRequest): Promise<void> {
    this.#goingOn++
    try {
      for (let pause = 1_000; ; pause = Math.min(pause * 2, 60_000)) {
        try {
          await this.open(request)
          return
        } catch (error) {
          const where = request.kind === "kube" ? request.context : request.kind
          this.#setting.log(`going on in ${where}: ${messageOf(error)}`)
          if (error instanceof ClusterError && !error.isPassing) return
        }
        await new Promise((resolve) => setTimeout(resolve, pause))
      }
    } finally {
      this.#goingOn--
    }
  }

  /** Writes down which places have something to go on with, when that changed. */
  #noteUnfinished(): void {
    const busy = [...this.#places.values()].filter((place) => place.isBusy())
    const requests = busy.map(({ info }) => this.#requests.get(info.id) ?? kubeRequest(info))
    const text = JSON.stringify(requests)
    if (text === this.#noted) return
    this.#noted = text
    this.#setting.unfinished.save(requests)
  }

  async stop(): Promise<void> {
    await Promise.all(this.#places.values().map((place) => place.stop()))
  }

  async #open(request: PlaceRequest): Promise<OpenedPlace> {
    const { info, cluster } = await this.#setting.openPlace(request)
    const known = this.#places.get(info.id)
    if (known) {
      await cluster.close()
      await known.start()
      return known
    }
    const place = new OpenedPlace(info, cluster, this.#setting.self, this.#setting.log)
    this.#places.set(info.id, place)
    if (request.kind !== "kube") this.#requests.set(info.id, request)
    try {
      await place.start()
      place.onChange(() => this.#noteUnfinished())
      this.#noteUnfinished()
    } catch (error) {
      this.#places.delete(info.id)
      await place.stop()
      throw error
    }
    return place
  }

  #place(id: string): OpenedPlace {
    const place = this.#places.get(id)
    if (!place) throw new UserError("This place is not open any more. Open it again.")
    return place
  }

  #answer(method: string, error: unknown): ResponseError<PlaceErrorData | undefined> {
    if (error instanceof UserError) return new ResponseError(userErrorCode, error.message)
    if (error instanceof ClusterError) {
      const { fault, ...facts } = factsOf(error)
      const data = { kind: fault, message: error.message, ...facts }
      return new ResponseError(userErrorCode, error.message, data)
    }
    this.#setting.log(`bug in ${method}: ${error instanceof Error ? error.stack : error}`)
    return new ResponseError(
      ErrorCodes.InternalError,
      `The engine could not do this: ${messageOf(error)}`,
    )
  }
}

type Handlers = {
  readonly [Method in keyof EngineRequests]: (
    params: EngineRequests[Method]["params"],
  ) => Promise<EngineRequests[Method]["result"]>
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

function runObject(place: OpenedPlace, spec: SpecSource, options: RunOptions): JsonObject {
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
    metadata: { ...metadata, name, namespace: place.info.namespace, annotations: notes },
    spec: {
      ...objectOf(object.spec),
      ...(resumeFrom
        ? { resumeFrom: { name: resumeFrom.name, rerun: [...(resumeFrom.rerun ?? [])] } }
        : {}),
      ...(until ? { until: [...until] } : {}),
    },
  }
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

/** `metadata.name`, or if it is taken `name-2`, `name-3` … */
async function freeName(place: OpenedPlace, wanted: string): Promise<string> {
  const { namespace } = place.info
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted}-${number}`
    if (!place.cluster.execution(`${namespace}/${name}`)) return name
  }
}

function isOlder(mine: string, theirs: string): boolean {
  return mine.localeCompare(theirs, "en", { numeric: true }) < 0
}

/** Drivers are left in clusters only. */
function clusterOf({ info }: OpenedPlace): KubeRequest {
  if (info.kind === "kube") return kubeRequest(info)
  throw new UserError(`${info.context} is no cluster; its runs are driven from here alone.`)
}

function keyOf(request: PlaceRequest): string {
  if (request.kind !== "kube") return JSON.stringify(request)
  const { kubeconfig, context, namespace, plugins, withoutDefinition } = request
  return JSON.stringify([kubeconfig, context, namespace, plugins, withoutDefinition])
}

/** The very place, whatever the kubeconfig's own choice will be next time. */
function kubeRequest({ kubeconfig, context, namespace }: PlaceInfo): KubeRequest {
  return { kind: "kube", kubeconfig, context, namespace }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
