import { type Disposable, type OutputChannel, window } from "vscode"
import type { RunStore } from "./runStore.ts"

/** One output channel for each run whose log was opened: the steps' lines, each with its step. */
export class RunLogs implements Disposable {
  readonly #runs: RunStore
  readonly #channels = new Map<string, OutputChannel>()
  readonly #listener: Disposable

  constructor(runs: RunStore) {
    this.#runs = runs
    this.#listener = runs.onLogText(({ log, step, lines }) => {
      const channel = this.#channels.get(log)
      for (const line of lines) channel?.appendLine(`${step} | ${line}`)
    })
  }

  async show(place: string, run: string): Promise<void> {
    const id = `${place}/${run}`
    const opened = this.#channels.get(id)
    const channel = opened ?? window.createOutputChannel(`Run ${run}`)
    this.#channels.set(id, channel)
    channel.show(true)
    if (!opened) await this.#runs.call("log/open", { place, run, log: id })
  }

  dispose(): void {
    this.#listener.dispose()
    for (const channel of this.#channels.values()) channel.dispose()
  }
}
