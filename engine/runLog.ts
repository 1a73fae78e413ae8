import type { PodFacts } from "#core/run/observed"
import type { RunKey } from "./cluster.ts"
import { ClusterError } from "./clusterError.ts"
import type { OpenedPlace } from "./openedPlace.ts"

/** Follows what every step of a run prints, as its pods come and go, until the run is over. */
export class RunLog {
  readonly #place: OpenedPlace
  readonly #run: RunKey
  readonly #signal: AbortSignal
  readonly #open = new Map<string, Promise<void>>()

  constructor(place: OpenedPlace, run: RunKey, signal: AbortSignal) {
    this.#place = place
    this.#run = run
    this.#signal = signal
  }

  async follow(onLines: (step: string, lines: readonly string[]) => void): Promise<void> {
    for (;;) {
      const world = this.#place.cluster.world(this.#run)
      for (const [name, pods] of world.pods) {
        const labels = world.jobs.get(name)?.labels
        const step = labels ? `${labels.task}.${labels.index}` : name
        for (const pod of pods) this.#followPod(pod, step, onLines)
      }
      const isGone = this.#place.cluster.execution(this.#run) === undefined
      if (isGone || (this.#place.view(this.#run)?.finishedAt ?? null) !== null) break
      await this.#place.nextChange(this.#signal)
    }
    await Promise.all(this.#open.values())
  }

  #followPod(
    pod: PodFacts,
    step: string,
    onLines: (step: string, lines: readonly string[]) => void,
  ): void {
    for (const container of pod.containers) {
      const id = `${pod.uid}/${container.name}`
      if (container.state.kind === "waiting" || this.#open.has(id)) continue
      const prefix = pod.containers.length > 1 ? `${step} ${container.name}` : step
      this.#open.set(
        id,
        this.#copy(pod.name, container.name, (lines) => onLines(prefix, lines)).catch((error) => {
          if (this.#signal.aborted) return
          // What may pass is opened again at the next look.
          if (error instanceof ClusterError && error.isPassing) this.#open.delete(id)
          else onLines(prefix, [`(no log: ${error instanceof Error ? error.message : error})`])
        }),
      )
    }
  }

  async #copy(
    pod: string,
    container: string,
    onLines: (lines: readonly string[]) => void,
  ): Promise<void> {
    const chunks = await this.#place.cluster.readLog({
      namespace: this.#place.info.namespace,
      pod,
      container,
      follow: true,
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
