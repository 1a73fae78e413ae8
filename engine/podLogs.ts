import { setTimeout as pause } from "node:timers/promises"
import type { Cluster } from "./cluster.ts"
import { ClusterError } from "./clusterError.ts"
import type { OnLines } from "./place.ts"
import type { LogOptions } from "./protocol.ts"

/** Pods whose output is read, as they come and go. */
interface LoggedWorld {
  readonly cluster: Pick<Cluster, "readLog">
  readonly namespace: string
  pods(): readonly LoggedPod[]
  /** No pod comes any more, and those that are there end. */
  isOver(): boolean
  /** Resolves at the next change of any of it. */
  nextChange(signal: AbortSignal): Promise<void>
}

export interface LoggedPod {
  /** What its lines are known by: a step, or the pod itself. */
  readonly step: string
  readonly name: string
  readonly uid: string
  readonly containers: readonly LoggedContainer[]
}

interface LoggedContainer {
  readonly name: string
  /** There may be something to read. */
  readonly hasBegun: boolean
  readonly isRunning: boolean
  readonly restarts: number
}

/** After a failure that may pass a log is opened again, a little later each time. */
const firstPauseMs = 500
const lastPauseMs = 10_000
/** A log that nobody follows is given up after so many failures one after the other. */
const triesUnfollowed = 5
/** So long after a log's end the place knows that its container ended too. */
const afterEndMs = 3_000
/** What a pod printed last arrives within this time after its run is over. */
const lingerMs = 15_000

/** What pods print; when followed, until nothing more can come. */
export class PodLogs {
  readonly #world: LoggedWorld
  readonly #options: LogOptions
  readonly #signal: AbortSignal
  readonly #open = new Map<string, Promise<void>>()
  /** Aborts what is still read when all is long over: some kubelets leave such a log open. */
  readonly #late = new AbortController()

  constructor(world: LoggedWorld, options: LogOptions, signal: AbortSignal) {
    this.#world = world
    this.#options = options
    this.#signal = AbortSignal.any([signal, this.#late.signal])
  }

  async copy(onLines: OnLines): Promise<void> {
    const { follow } = this.#options
    for (;;) {
      for (const pod of this.#world.pods()) this.#copyPod(pod, onLines)
      if (!follow || this.#world.isOver()) break
      await this.#world.nextChange(this.#signal)
    }
    const late = follow ? setTimeout(() => this.#late.abort(), lingerMs) : undefined
    await Promise.all(this.#open.values())
    clearTimeout(late)
  }

  #copyPod({ step, name: pod, uid, containers }: LoggedPod, onLines: OnLines): void {
    for (const container of containers) {
      // Started again, it begins a log of its own.
      const id = `${uid}/${container.name}/${container.restarts}`
      if (!container.hasBegun || this.#open.has(id)) continue
      const source = {
        step: containers.length > 1 ? `${step} ${container.name}` : step,
        pod,
        container: container.name,
      }
      const copied = this.#copyContainer(uid, pod, container, (lines) => onLines(source, lines))
      const told = copied.catch((error: unknown) => {
        if (this.#signal.aborted) return
        const said = error instanceof Error ? error.message : String(error)
        // It was never started a second time: nothing was printed before that.
        if (this.#options.previous && /previous terminated container/.test(said)) return
        onLines({ ...source, isNote: true }, [`(no log: ${said})`])
      })
      this.#open.set(id, told)
    }
  }

  /** Opens the log again after what may pass, and leaves out the lines that were told before. */
  async #copyContainer(
    uid: string,
    pod: string,
    container: LoggedContainer,
    onLines: (lines: readonly string[]) => void,
  ): Promise<void> {
    let told = 0
    let [tries, pauseMs] = [0, firstPauseMs]
    for (;;) {
      let seen = 0
      try {
        for await (const lines of this.#lines(pod, container.name)) {
          const fresh = lines.slice(Math.max(0, told - seen))
          seen += lines.length
          told = Math.max(told, seen)
          if (fresh.length === 0) continue
          onLines(fresh)
          ;[tries, pauseMs] = [0, firstPauseMs]
        }
        // An API server that goes away in order ends the log as if the container had ended.
        if (!this.#options.follow || !(await this.#goesOn(uid, container))) return
      } catch (error) {
        if (!(error instanceof ClusterError && error.isPassing)) throw error
        tries += 1
        if (!this.#options.follow && tries === triesUnfollowed) throw error
      }
      await pause(pauseMs, undefined, { signal: this.#signal })
      pauseMs = Math.min(pauseMs * 2, lastPauseMs)
    }
  }

  /** Whether the very same start of the container still runs a moment after its log ended. */
  async #goesOn(uid: string, { name, restarts }: LoggedContainer): Promise<boolean> {
    const isRunning = () =>
      this.#world
        .pods()
        .filter((pod) => pod.uid === uid)
        .flatMap(({ containers }) => containers)
        .some((one) => one.name === name && one.restarts === restarts && one.isRunning)
    if (isRunning()) await pause(afterEndMs, undefined, { signal: this.#signal })
    return isRunning()
  }

  async *#lines(pod: string, container: string): AsyncIterable<readonly string[]> {
    const { follow, previous, timestamps, sinceSeconds, tailLines } = this.#options
    const chunks = await this.#world.cluster.readLog({
      namespace: this.#world.namespace,
      pod,
      container,
      follow: follow === true && previous !== true,
      previous,
      timestamps,
      sinceSeconds,
      tailLines,
      signal: this.#signal,
    })
    let rest = ""
    for await (const chunk of chunks) {
      const lines = (rest + chunk).split("\n")
      rest = lines.pop() ?? ""
      if (lines.length > 0) yield lines
    }
    if (rest !== "") yield [rest]
  }
}
