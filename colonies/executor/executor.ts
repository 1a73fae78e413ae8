import { ClusterError } from "#engine/clusterError"
import type { Verdict as Health } from "#engine/health"
import type { Connection } from "#engine/kube/connection"
import { ColonyError } from "../client/colonyError.ts"
import { type ProcessRecord, processState } from "../client/records.ts"
import type { ColoniesServer } from "../client/server.ts"
import { openFileStore, StorageError } from "../files/fileStore.ts"
import type { SyncWorld } from "../files/sync.ts"
import { pause } from "../pause.ts"
import { attemptOf } from "./attempt.ts"
import { type Demand, demandOf, heartbeat, offerOf } from "./capacity.ts"
import { Jobs } from "./jobs.ts"
import { connectAs, deregister, register } from "./register.ts"
import { runProcess } from "./runProcess.ts"
import type { ExecutorSettings } from "./settings.ts"

export interface ExecutorWorld {
  readonly settings: ExecutorSettings
  readonly connection: Connection
  readonly namespace: string
  readonly log: (line: string) => void
  /** Raised when the executor has to end. */
  readonly stop: AbortSignal
  /** At its end it leaves the colony for good, and what it holds is given to others. */
  readonly leavesColony: boolean
}

/** How long the server lets an executor wait for work: alone, and while others may finish. */
const idleSeconds = 100
const busySeconds = 5
const againMs = 5_000
const fullMs = 1_000
/** The server takes an executor that was silent for ten minutes for gone. */
const heartbeatMs = 30_000
/** The most that the server lists at once. */
const listed = 100

/** Carries out the processes of a colony as Jobs, until the signal is raised; what runs then goes on. */
export class Executor {
  readonly #world: ExecutorWorld
  readonly #jobs: Jobs
  readonly #held = new Map<string, { readonly demand: Demand; readonly work: Promise<void> }>()
  #server: ColoniesServer | undefined
  #store: Promise<SyncWorld> | undefined
  #state: Health = { isGood: false, sentence: "It starts." }
  #heardAt = 0
  #released: PromiseWithResolvers<void> = Promise.withResolvers()

  constructor(world: ExecutorWorld) {
    const { connection, namespace, settings, log } = world
    this.#world = world
    this.#jobs = new Jobs(connection, namespace, settings.name, log)
  }

  /** Whether it can be given work, with a sentence. */
  get health(): Health {
    return this.#state
  }

  /** Fails when it cannot begin at all; resolves when it was stopped. */
  async run(): Promise<void> {
    const { settings, stop, log } = this.#world
    const server = connectAs(settings)
    this.#server = server
    await this.#register(server)
    await this.#jobs.start()
    log(`Kube Executor started: ${settings.name} of type ${settings.type} in ${settings.colony}`)
    try {
      let isSure = false
      while (!stop.aborted) {
        try {
          if (!isSure) await this.#adopt(server)
          isSure = true
          this.#state = { isGood: true, sentence: "It takes processes." }
          await this.#ask(server)
        } catch (error) {
          if (stop.aborted) break
          isSure = false
          await this.#after(error, server)
        }
      }
      await Promise.all([...this.#held.values()].map(({ work }) => work))
      if (this.#world.leavesColony) await this.#leave()
    } finally {
      this.#jobs.stop()
      const opened = await this.#store?.catch(() => undefined)
      opened?.store.close()
      await server.close()
    }
  }

  /**
   * Goes on with what is ours at the server, deletes Jobs that belong to nothing any more. So it is
   * after a restart, and after an answer that may have given us work got lost.
   */
  async #adopt(server: ColoniesServer): Promise<void> {
    const { settings, stop, log } = this.#world
    const running = await server.call(
      "getprocessesmsg",
      {
        colonyname: settings.colony,
        count: listed,
        state: processState.running,
        executortype: settings.type,
      },
      { signal: stop },
    )
    for (const process of running ?? []) {
      if (isHeldBy(process, server)) this.#hold(process, "goes on")
    }
    for (const { facts, processId } of this.#jobs.all()) {
      if (this.#held.has(facts.name) || facts.deletedAt !== undefined) continue
      const process = await this.#find(server, processId)
      const isSame = process !== undefined && attemptOf(process).jobName === facts.name
      if (isSame && isHeldBy(process, server)) this.#hold(process, "goes on")
      else {
        log(`${processId.slice(0, 12)}: is not ours any more, its Job is deleted`)
        await this.#jobs.delete(facts.name)
      }
    }
  }

  /** The server gives what we hold to others, so our Jobs go. */
  async #leave(): Promise<void> {
    const { settings, log } = this.#world
    await deregister(settings)
    for (const { facts } of this.#jobs.all()) await this.#jobs.delete(facts.name)
    log("Deregistered")
  }

  /** Asks for one process. When it fails, one may have been handed out all the same. */
  async #ask(server: ColoniesServer): Promise<void> {
    const { settings, stop } = this.#world
    const offer = this.#held.size < settings.parallelism ? await this.#offer() : undefined
    if (offer === undefined && performance.now() - this.#heardAt < heartbeatMs) {
      await Promise.race([this.#released.promise, pause(fullMs, stop)])
      return
    }
    const timeout = this.#held.size > 0 ? busySeconds : idleSeconds
    const wish = offer === undefined ? heartbeat : { timeout, ...offer }
    const process = await this.#assign(server, { colonyname: settings.colony, ...wish }, timeout)
    if (process === undefined) return
    // The answer may lack the deadline, and its times may be written in another way.
    const whole = await this.#find(server, process.processid)
    if (whole !== undefined && isHeldBy(whole, server)) this.#hold(whole, "assigned")
  }

  /** What there is room for; nothing as long as the cluster cannot say. */
  async #offer(): Promise<ReturnType<typeof offerOf>> {
    const { settings, stop, log } = this.#world
    try {
      const used = await this.#jobs.usedByOthers(settings.name, stop)
      const held = [...this.#held.values()].map(({ demand }) => demand)
      return offerOf(settings.capacity, [used, ...held])
    } catch (error) {
      if (!(error instanceof ClusterError && error.isPassing)) throw error
      log(`the cluster: ${error.message}`)
      this.#state = { isGood: false, sentence: error.message }
      return undefined
    }
  }

  async #assign(
    server: ColoniesServer,
    fields: Parameters<typeof server.call<"assignprocessmsg">>[1],
    seconds: number,
  ): Promise<ProcessRecord | undefined> {
    const options = { signal: this.#world.stop, timeoutMs: (seconds + 30) * 1000 }
    try {
      return await server.call("assignprocessmsg", fields, options)
    } catch (error) {
      if (error instanceof ColonyError && error.kind === "nothing") return undefined
      throw error
    } finally {
      this.#heardAt = performance.now()
    }
  }

  #hold(process: ProcessRecord, how: string): void {
    const { settings, log, stop } = this.#world
    const { jobName, processId } = attemptOf(process)
    if (this.#held.has(jobName) || this.#server === undefined) return
    log(`${processId.slice(0, 12)}: ${how}, Job ${jobName}`)
    const work = runProcess(process, {
      settings,
      server: this.#server,
      jobs: this.#jobs,
      files: () => this.#files(),
      log,
      stop,
    })
      .catch((error: unknown) => {
        if (!stop.aborted) log(`bug: ${error instanceof Error ? error.stack : error}`)
      })
      .finally(() => {
        this.#held.delete(jobName)
        const { resolve } = this.#released
        this.#released = Promise.withResolvers()
        resolve()
      })
    this.#held.set(jobName, { demand: demandOf(process.spec), work })
  }

  async #find(server: ColoniesServer, processid: string): Promise<ProcessRecord | undefined> {
    try {
      return await server.call("getprocessmsg", { processid }, { signal: this.#world.stop })
    } catch (error) {
      if (error instanceof ColonyError && error.kind === "not-found") return undefined
      throw error
    }
  }

  #files(): Promise<SyncWorld> {
    const { settings, stop } = this.#world
    const { storage, colony } = settings
    const server = this.#server
    if (storage === undefined || server === undefined) {
      throw new StorageError(
        "No storage is set: AWS_S3_ENDPOINT, AWS_S3_ACCESSKEY, AWS_S3_SECRETKEY and AWS_S3_BUCKET",
      )
    }
    this.#store ??= openFileStore(storage, stop).then((store) => ({
      files: { server, colony },
      store,
      storage,
    }))
    // A storage that could not be reached is tried again by the next process.
    this.#store.catch(() => {
      this.#store = undefined
    })
    return this.#store
  }

  async #after(error: unknown, server: ColoniesServer): Promise<void> {
    const { stop, log, settings } = this.#world
    const text = error instanceof Error ? error.message : String(error)
    this.#state = { isGood: false, sentence: text }
    log(text)
    const isRemoved = error instanceof ColonyError && /not a member|not found/.test(error.said)
    if (isRemoved && settings.colonyKey !== undefined) {
      await this.#register(server)
      return
    }
    if (!(error instanceof ColonyError || error instanceof ClusterError)) throw error
    await pause(againMs, stop).catch(() => {})
  }

  /** A server that is not there yet is waited for. */
  async #register(server: ColoniesServer): Promise<void> {
    const { settings, log, stop } = this.#world
    for (;;) {
      try {
        await register(settings, server, log, stop)
        return
      } catch (error) {
        stop.throwIfAborted()
        if (!(error instanceof ColonyError && error.kind === "offline")) throw error
        log(error.message)
        await pause(againMs, stop)
      }
    }
  }
}

function isHeldBy({ state, assignedexecutorid }: ProcessRecord, { id }: ColoniesServer): boolean {
  return state === processState.running && assignedexecutorid === id
}
