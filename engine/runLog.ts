import type { PodFacts } from "#core/run/observed"
import type { RunKey } from "./cluster.ts"
import { ClusterError } from "./clusterError.ts"
import type { OpenedPlace } from "./openedPlace.ts"
import type { LogOptions } from "./protocol.ts"

interface LogSource {
  /** With the container's name where the pod has several. */
  readonly step: string
  readonly pod: string
  readonly container: string
  /** The lines say why there is no output. */
  readonly isNote?: true
}

type OnLines = (source: LogSource, lines: readonly string[]) => void

/** What the steps of a run print, as their pods come and go; when followed, until the run is over. */
export class RunLog {
  readonly #place: OpenedPlace
  readonly #run: RunKey
  readonly #options: LogOptions
  readonly #signal: AbortSignal
  readonly #open = new Map<string, Promise<void>>()

  constructor(place: OpenedPlace, run: RunKey, options: LogOptions, signal: AbortSignal) {
    this.#place = place
    this.#run = run
    this.#options = options
    this.#signal = signal
  }

  async copy(onLines: OnLines): Promise<void> {
    const { cluster } = this.#place
    for (;;) {
      const { jobs, pods } = cluster.world(this.#run)
      for (const [name, own] of pods) {
        const labels = jobs.get(name)?.labels
        const step = labels ? `${labels.task}.${labels.index}` : name
        const { step: wanted } = this.#options
        if (wanted !== undefined && wanted !== step && wanted !== labels?.task) continue
        for (const pod of own) this.#copyPod(pod, step, onLines)
      }
      const isGone = cluster.execution(this.#run) === undefined
      const isOver = (this.#place.summary(this.#run)?.finishedAt ?? null) !== null
      if (!this.#options.follow || isGone || isOver) break
      await this.#place.nextChange(this.#signal)
    }
    await Promise.all(this.#open.values())
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
      this.#open.set(
        id,
        this.#copyContainer(pod.name, container.name, (lines) => onLines(source, lines)).catch(
          (error: unknown) => {
            if (this.#signal.aborted) return
            const said = error instanceof Error ? error.message : String(error)
            // It was never started a second time: nothing was printed before that.
            if (this.#options.previous && /previous terminated container/.test(said)) return
            // What may pass is opened again at the next look.
            if (error instanceof ClusterError && error.isPassing) this.#open.delete(id)
            else onLines({ ...source, isNote: true }, [`(no log: ${said})`])
          },
        ),
      )
    }
  }

  async #copyContainer(
    pod: string,
    container: string,
    onLines: (lines: readonly string[]) => void,
  ): Promise<void> {
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
      if (lines.length > 0) onLines(lines)
    }
    if (rest !== "") onLines([rest])
  }
}
