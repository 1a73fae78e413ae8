import { setTimeout as pause } from "node:timers/promises"
import type { PodFacts } from "#core/run/observed"
import type { RunKey } from "./cluster.ts"
import { ClusterError } from "./clusterError.ts"
import type { OpenedPlace } from "./openedPlace.ts"
import type { OnLines } from "./place.ts"
import type { LogOptions } from "./protocol.ts"

/** After a failure that may pass a log is opened again, a little later each time. */
const firstPauseMs = 500
const lastPauseMs = 10_000
/** A log that nobody follows is given up after so many failures one after the other. */
const triesUnfollowed = 5
/** So long after a log's end the place knows that its container ended too. */
const afterEndMs = 3_000
/** What a pod printed last arrives within this time after its run is over. */
const lingerMs = 15_000

/** What the steps of a run print, as their pods come and go; when followed, until the run is over. */
export class RunLog {
  readonly #place: OpenedPlace
  readonly #run: RunKey
  readonly #options: LogOptions
  readonly #signal: AbortSignal
  readonly #open = new Map<string, Promise<void>>()
  /** Aborts what is still read when the run is long over: some kubelets leave such a log open. */
  readonly #late = new AbortController()

  constructor(place: OpenedPlace, run: RunKey, options: LogOptions, signal: AbortSignal) {
    this.#place = place
    this.#run = run
    this.#options = options
    this.#signal = AbortSignal.any([signal, this.#late.signal])
  }

  async copy(onLines: OnLines): Promise<void> {
    const { cluster } = this.#place
    const { follow, step: wanted } = this.#options
    for (;;) {
      const { jobs, pods } = cluster.world(this.#run)
      for (const [name, own] of pods) {
        const labels = jobs.get(name)?.labels
        const step = labels ? `${labels.task}.${labels.index}` : name
        if (wanted !== undefined && wanted !== step && wanted !== labels?.task) continue
        for (const pod of own) this.#copyPod(pod, step, onLines)
      }
      const isGone = cluster.execution(this.#run) === undefined
      const isOver = (this.#place.summary(this.#run)?.finishedAt ?? null) !== null
      if (!follow || isGone || isOver) break
      await this.#place.nextChange(this.#signal)
    }
    const late = follow ? setTimeout(() => this.#late.abort(), lingerMs) : undefined
    await Promise.all(this.#open.values())
    clearTimeout(late)
  }

  #copyPod(pod: PodFacts, step: string, onLines: OnLines): void {
    for (const container of pod.containers) {
      const id = `${pod.uid}/${container.name}`
      if (container.state.kind === "waiting" || this.#open.has(id)) continue
      const source = {
        step: pod.containers.length > 1 ? `${step} ${container.name}` : step,
        pod: pod.name,
        container: container.name,
      }
      const copied = this.#copyContainer(pod.name, container.name, (lines) =>
        onLines(source, lines),
      )
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
    pod: string,
    container: string,
    onLines: (lines: readonly string[]) => void,
  ): Promise<void> {
    let told = 0
    let [tries, pauseMs] = [0, firstPauseMs]
    for (;;) {
      let seen = 0
      try {
        for await (const lines of this.#lines(pod, container)) {
          const fresh = lines.slice(Math.max(0, told - seen))
          seen += lines.length
          told = Math.max(told, seen)
          if (fresh.length === 0) continue
          onLines(fresh)
          ;[tries, pauseMs] = [0, firstPauseMs]
        }
        // An API server that goes away in order ends the log as if the container had ended.
        if (!this.#options.follow || !(await this.#goesOn(pod, container))) return
      } catch (error) {
        if (!(error instanceof ClusterError && error.isPassing)) throw error
        tries += 1
        if (!this.#options.follow && tries === triesUnfollowed) throw error
      }
      await pause(pauseMs, undefined, { signal: this.#signal })
      pauseMs = Math.min(pauseMs * 2, lastPauseMs)
    }
  }

  /** Whether the container still runs a moment after its log ended. */
  async #goesOn(pod: string, container: string): Promise<boolean> {
    const isRunning = () =>
      [...this.#place.cluster.world(this.#run).pods.values()]
        .flat()
        .filter(({ name }) => name === pod)
        .flatMap(({ containers }) => containers)
        .some(({ name, state }) => name === container && state.kind === "running")
    if (isRunning()) await pause(afterEndMs, undefined, { signal: this.#signal })
    return isRunning()
  }

  async *#lines(pod: string, container: string): AsyncIterable<readonly string[]> {
    const { follow, previous, timestamps, sinceSeconds, tailLines } = this.#options
    const chunks = await this.#place.cluster.readLog({
      namespace: this.#place.info.namespace,
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
