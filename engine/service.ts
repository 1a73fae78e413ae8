import { ErrorCodes, type MessageConnection, ResponseError } from "vscode-jsonrpc/node"
import { anyInCluster } from "#core/run/claim"
import type { Retention } from "#core/run/retention"
import type { DriverSelf } from "./claims.ts"
import { cleanMs, cleanRuns } from "./cleanRuns.ts"
import type { Cluster } from "./cluster.ts"
import { ClusterError, factsOf } from "./clusterError.ts"
import { ClusterPlace } from "./clusterPlace.ts"
import type { FileMover } from "./fileMover.ts"
import { leftDriverName } from "./leftDriverName.ts"
import { LeftPlaces } from "./leftPlaces.ts"
import type { EngineService } from "./localEngine.ts"
import { OpenedJob } from "./openedJob.ts"
import type { Colony, OnLines, Place } from "./place.ts"
import {
  type ClusterNames,
  type DefinitionState,
  type EngineNotifications,
  type EngineRequests,
  type KubeconfigLook,
  type KubeRequest,
  type LeftDriverState,
  makeWay,
  type PlaceErrorData,
  type PlaceInfo,
  type PlaceRequest,
  userErrorCode,
} from "./protocol.ts"
import { specFiles } from "./specFiles.ts"
import type { Unfinished } from "./unfinished.ts"
import { UserError } from "./userError.ts"

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

/** A place before it is opened: the engine drives what is in a cluster, other places drive themselves. */
export type FoundPlace =
  | { readonly info: PlaceInfo; readonly cluster: Cluster }
  | { readonly info: PlaceInfo; readonly place: Place }

export interface ServiceSetting {
  readonly version: string
  readonly lookAround: LookAround
  /** Who this engine is to other drivers. */
  readonly self: DriverSelf
  readonly definition: Definition
  readonly leftDriver: LeftDriver
  readonly unfinished: Unfinished
  /** Left out: nothing brings files to clusters. */
  readonly mover?: FileMover
  readonly openPlace: (request: PlaceRequest) => Promise<FoundPlace>
  readonly log: (line: string) => void
}

/** Answers every client of the engine. Places are shared: two windows that look at one watch once. */
export class Service implements EngineService {
  readonly #setting: ServiceSetting
  readonly #places = new Map<string, Place>()
  readonly #opening = new Map<string, Promise<Place>>()
  /** What was asked for, where the place's description does not say it. */
  readonly #requests = new Map<string, PlaceRequest>()
  readonly #left: LeftPlaces
  #retention: Retention | undefined
  #cleaning: NodeJS.Timeout | undefined
  #noted = ""

  constructor(setting: ServiceSetting) {
    this.#setting = setting
    this.#left = new LeftPlaces({
      open: (request) => this.open(request),
      log: setting.log,
      changed: () => this.#noteUnfinished(),
    })
    for (const request of setting.unfinished.load()) void this.#left.goOn(request)
  }

  serve(connection: MessageConnection, close: () => void): void {
    const client = new AbortController()
    const subscriptions = new Map<string, () => void>()
    const openedRuns = new Map<string, { readonly close: () => void }>()
    const openedJobs = new Map<string, { readonly job: OpenedJob; readonly uses: number }>()
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
      "engine/ping": async () => null,
      "engine/keep": async ({ ttlSeconds, keepLast }) => {
        await this.#keep({ ttlSeconds, keepLast })
        return null
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
        for (const [id, { job }] of [...openedJobs]) {
          if (!id.startsWith(`${place}\n`)) continue
          job.close()
          openedJobs.delete(id)
        }
        return null
      },
      "run/open": async ({ place, run }) => {
        const there = this.#place(place)
        const { namespace } = there.info
        const opened = await there.openRun(run, (change) => tell("run/changed", change))
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
        const { cluster, info } = this.#clusterPlace(place)
        const id = `${place}\n${kind}\n${name}`
        const known = openedJobs.get(id)
        known?.job.close()
        const opened = new OpenedJob(cluster, { kind, name }, (change) =>
          tell("job/changed", { place, ...change }),
        )
        openedJobs.set(id, { job: opened, uses: (known?.uses ?? 0) + 1 })
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
        const known = openedJobs.get(id)
        // A tree and a panel may look at the same Job.
        if (known && known.uses > 1) openedJobs.set(id, { ...known, uses: known.uses - 1 })
        else {
          known?.job.close()
          openedJobs.delete(id)
        }
        return null
      },
      "run/prepare": ({ place, spec, ...wishes }) => this.#place(place).prepareRun(spec, wishes),
      "spec/files": async ({ spec }) => specFiles(spec),
      "run/start": ({ place, spec, options }) => this.#place(place).startRun(spec, options),
      "run/check": ({ place, spec, options }) => this.#clusterPlace(place).checkRun(spec, options),
      "run/wish": async ({ place, run, wish, ...rest }) => {
        await this.#place(place).wish(run, { kind: wish, ...rest })
        return null
      },
      "run/drive": async ({ place, run }) => {
        await this.#clusterPlace(place).handTo(run, this.#setting.self.id)
        return null
      },
      "driver/look": (asked) =>
        this.#setting.leftDriver.look(
          "place" in asked ? clusterOf(this.#clusterPlace(asked.place)) : asked,
        ),
      "driver/leave": ({ place, runs, image }) =>
        this.#leaveDriver(this.#clusterPlace(place), runs, image),
      "driver/remove": async (asked) => {
        if ("place" in asked) {
          const place = this.#clusterPlace(asked.place)
          await this.#removeDriver(place, clusterOf(place))
        } else await this.#removeDriver(await this.#placeWithRuns(asked), asked)
        return null
      },
      "run/delete": async ({ place, run }) => {
        await this.#place(place).deleteRun(run)
        return null
      },
      "run/events": ({ place, run }) => this.#place(place).events(run),
      "object/yaml": ({ place, kind, name }) => this.#place(place).readObject(kind, name),
      "object/events": ({ place, about }) => this.#place(place).readEvents(about),
      "colony/look": ({ place }) => this.#colony(place).look(),
      "colony/files": ({ place, label }) => this.#colony(place).files(label),
      "colony/download": async ({ place, path, ...file }) => {
        await this.#colony(place).download(file, path)
        return null
      },
      "colony/removeFile": async ({ place, ...file }) => {
        await this.#colony(place).removeFile(file)
        return null
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
      "log/open": async ({ place, log, options = { follow: true }, ...whose }) => {
        const stop = new AbortController()
        logs.get(log)?.abort()
        logs.set(log, stop)
        const signal = AbortSignal.any([client.signal, stop.signal])
        const onLines: OnLines = (source, lines) => tell("log/text", { log, ...source, lines })
        const copied =
          "run" in whose
            ? this.#place(place).copyLog(whose.run, options, onLines, signal)
            : this.#clusterPlace(place).copyPodLog(whose, options, onLines, signal)
        void copied
          .then(() => {
            // Another log may have its name by now.
            if (!signal.aborted) tell("log/end", { log })
          })
          .catch((error: unknown) => {
            const name = "run" in whose ? whose.run : whose.pod
            if (!signal.aborted) this.#setting.log(`log of ${name}: ${messageOf(error)}`)
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
      for (const { job } of openedJobs.values()) job.close()
    })
    connection.listen()
  }

  /** Opens a place once, however many ask for it at the same time. */
  async open(request: PlaceRequest): Promise<Place> {
    const key = keyOf(request)
    const known = this.#opening.get(key)
    const isOpen = ({ info }: Place) => this.#left.opened(info)
    if (known) {
      known.then(isOpen, () => {})
      return known
    }
    const opening = this.#open(request)
    this.#opening.set(key, opening)
    const forget = () => this.#opening.delete(key)
    opening.then(isOpen, forget)
    // One that hangs, for example at a login that never ends, must not keep the next from trying.
    const timer = setTimeout(forget, openingMs)
    const settled = () => {
      clearTimeout(timer)
      // What a profile's file says may be another thing the next time.
      if (request.kind === "colonies") forget()
    }
    opening.then(settled, settled)
    return opening
  }

  async #leaveDriver(
    place: ClusterPlace,
    wanted: readonly string[] | undefined,
    image: string | undefined,
  ): Promise<{ readonly runs: readonly string[] }> {
    const runs = wanted ?? place.opened.runsDriven("here")
    await this.#setting.leftDriver.leave(clusterOf(place), image)
    for (const run of runs) await place.handTo(run, anyInCluster)
    return { runs }
  }

  async #removeDriver(place: ClusterPlace | undefined, request: KubeRequest): Promise<void> {
    const runs = place?.opened.runsOf(leftDriverName).map((run) => `"${run}"`) ?? []
    if (runs.length > 0) {
      throw new UserError(
        `The driver that was left in "${place?.info.namespace}" has runs that are not over: ${runs.join(", ")}. Wait for them, stop them, or drive them from here first.`,
      )
    }
    await this.#setting.leftDriver.remove(request)
  }

  /** Undefined where the cluster knows no Executions and keeps no run otherwise: there is none to drive. */
  async #placeWithRuns(request: KubeRequest): Promise<ClusterPlace | undefined> {
    try {
      const { info } = await this.open(request)
      return this.#clusterPlace(info.id)
    } catch (error) {
      if (error instanceof ClusterError && factsOf(error).fault === "no-definition")
        return undefined
      throw error
    }
  }

  isBusy(): boolean {
    return this.#left.isBusy() || this.#places.values().some((place) => place.isBusy())
  }

  /** Writes down which places have something to go on with, when that changed. */
  #noteUnfinished(): void {
    const busy = [...this.#places.values()].filter((place) => place.isBusy())
    const known = busy.map(({ info }) => this.#requests.get(info.id) ?? kubeRequest(info))
    // Those that could not be opened yet have no place to ask.
    const all = [...known, ...this.#left.requests()].map((one) => [keyOf(one), one] as const)
    const requests = [...new Map(all).values()]
    const text = JSON.stringify(requests)
    if (text === this.#noted) return
    this.#noted = text
    this.#setting.unfinished.save(requests)
  }

  async #keep(retention: Retention): Promise<void> {
    this.#retention = retention
    clearInterval(this.#cleaning)
    const isOff = retention.ttlSeconds === undefined && retention.keepLast === undefined
    this.#cleaning = isOff ? undefined : setInterval(() => void this.#clean(), cleanMs)
    this.#cleaning?.unref()
    await this.#clean()
  }

  async #clean(): Promise<void> {
    const { self, log } = this.#setting
    for (const place of this.#places.values()) {
      if (this.#retention === undefined) return
      if (!(place instanceof ClusterPlace)) continue
      const { cluster } = place
      await cleanRuns({ cluster, self, retention: this.#retention, log }, Date.now())
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#cleaning)
    this.#left.stop()
    await Promise.all(this.#places.values().map((place) => place.stop()))
  }

  async #open(request: PlaceRequest): Promise<Place> {
    const { self, log, openPlace, mover } = this.#setting
    const found = await openPlace(request)
    const { info } = found
    const known = this.#places.get(info.id)
    if (known) {
      await ("cluster" in found ? found.cluster.close() : found.place.stop())
      await known.start()
      return known
    }
    const place =
      "cluster" in found
        ? new ClusterPlace({ info, cluster: found.cluster, self, log, mover })
        : found.place
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

  #place(id: string): Place {
    const place = this.#places.get(id)
    if (!place) throw new UserError("This place is not open any more. Open it again.")
    return place
  }

  #clusterPlace(id: string): ClusterPlace {
    const place = this.#place(id)
    if (place instanceof ClusterPlace) return place
    throw new UserError(`${place.info.context} is no cluster: there are no Jobs to ask about.`)
  }

  #colony(id: string): Colony {
    const { colony, info } = this.#place(id)
    if (colony) return colony
    throw new UserError(`${info.context} is no Colonies server.`)
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

function isOlder(mine: string, theirs: string): boolean {
  return mine.localeCompare(theirs, "en", { numeric: true }) < 0
}

/** Drivers are left in clusters only. */
function clusterOf({ info }: ClusterPlace): KubeRequest {
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
