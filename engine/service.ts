import { ErrorCodes, type MessageConnection, ResponseError } from "vscode-jsonrpc/node"
import { readExecution } from "#core/plan/execution"
import type { Json } from "#core/plan/json"
import { objectOf } from "#core/plan/json"
import { plan } from "#core/plan/plan"
import { parse } from "#core/spec/parse"
import { toExecution } from "#core/spec/toExecution"
import type { Cluster } from "./cluster.ts"
import { ClusterError } from "./clusterError.ts"
import type { EngineService } from "./localEngine.ts"
import { OpenedPlace } from "./openedPlace.ts"
import {
  type EngineNotifications,
  type EngineRequests,
  type PlaceInfo,
  type PlaceRequest,
  type RunPrepared,
  type SpecSource,
  userErrorCode,
} from "./protocol.ts"
import { RunLog } from "./runLog.ts"

export interface ServiceSetting {
  readonly version: string
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

  constructor(setting: ServiceSetting) {
    this.#setting = setting
  }

  serve(connection: MessageConnection, close: () => void): void {
    const client = new AbortController()
    const subscriptions = new Map<string, () => void>()
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
        // The answer goes out first; then the newer engine finds the socket free.
        if (handsOver) setImmediate(close)
        return { version: this.#setting.version, pid: process.pid, handsOver }
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
        return null
      },
      "run/prepare": async ({ place, spec }) => this.prepare(this.#place(place), spec),
      "run/start": async ({ place, spec, name }) => {
        await this.start(this.#place(place), spec, name)
        return { name }
      },
      "log/open": async ({ place, run, log }) => {
        const stop = new AbortController()
        logs.get(log)?.abort()
        logs.set(log, stop)
        const signal = AbortSignal.any([client.signal, stop.signal])
        const opened = this.#place(place)
        const follower = new RunLog(opened, `${opened.info.namespace}/${run}`, signal)
        void follower
          .follow((step, lines) => tell("log/text", { log, step, lines }))
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
    connection.onClose(() => {
      client.abort()
      for (const unsubscribe of subscriptions.values()) unsubscribe()
    })
    connection.listen()
  }

  /** Opens a place once, however many ask for it at the same time. */
  async open(request: PlaceRequest): Promise<OpenedPlace> {
    const key = JSON.stringify([request.kubeconfig, request.context, request.namespace])
    const known = this.#opening.get(key)
    if (known) return known
    const opening = this.#open(request)
    this.#opening.set(key, opening)
    opening.catch(() => this.#opening.delete(key))
    return opening
  }

  async prepare(place: OpenedPlace, spec: SpecSource): Promise<RunPrepared> {
    const object = executionOf(spec)
    const read = readExecution(object)
    if (read.kind === "refused") throw new UserError(read.reasons.join(" "))
    const { tasks } = plan(read.execution)
    const counts = tasks.filter((task) => task.isWanted).map((task) => task.steps?.length)
    return {
      name: await freeName(place, read.execution.metadata.name),
      jobs: counts.reduce<number>((sum, count) => sum + (count ?? 0), 0),
      orMore: counts.includes(undefined),
    }
  }

  async start(place: OpenedPlace, spec: SpecSource, name: string): Promise<void> {
    const object = objectOf(executionOf(spec))
    const metadata = objectOf(object.metadata)
    await place.cluster.createExecution({
      ...object,
      metadata: { ...metadata, name, namespace: place.info.namespace },
    } as Json)
  }

  isBusy(): boolean {
    return this.#places.values().some((place) => place.isBusy())
  }

  async stop(): Promise<void> {
    await Promise.all(this.#places.values().map((place) => place.stop()))
  }

  async #open(request: PlaceRequest): Promise<OpenedPlace> {
    const { info, cluster } = await this.#setting.openPlace(request)
    const known = this.#places.get(info.id)
    if (known) {
      await cluster.close()
      return known
    }
    const place = new OpenedPlace(info, cluster, this.#setting.log)
    this.#places.set(info.id, place)
    try {
      await place.start()
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

  #answer(method: string, error: unknown): ResponseError<void> {
    if (error instanceof UserError || error instanceof ClusterError) {
      return new ResponseError(userErrorCode, error.message)
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
  const made = toExecution(document)
  if (made.kind === "refused") throw new UserError(made.reason)
  return made.object
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
