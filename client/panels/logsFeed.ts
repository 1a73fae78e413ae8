import { randomUUID } from "node:crypto"
import { commands, type Disposable, l10n, Uri, window, workspace } from "vscode"
import type { RunView, StepView } from "#core/view/statusTree"
import type { PlaceState } from "#engine/protocol"
import type { LogsPanel } from "#media/logs/protocol"
import type { KeptLogs } from "../logs/keptLogs.ts"
import { placeName } from "../places/placeName.ts"
import type { RunStore } from "../runs/runStore.ts"
import type { Attached, OpenPanel } from "./panelHost.ts"

export interface LogsSources {
  readonly runs: RunStore
  readonly kept: KeptLogs
  readonly openPlace: () => Promise<PlaceState>
}

/** Tells one page of logs what its steps print, from when it is ready until it is closed. */
export class LogsFeed implements Attached<"logs"> {
  readonly #panel: OpenPanel<"logs">
  readonly #sources: LogsSources
  #listeners: Disposable[] = []
  #logs = new Set<string>()
  #isLive = true
  #round = 0

  constructor(panel: OpenPanel<"logs">, sources: LogsSources) {
    this.#panel = panel
    this.#sources = sources
  }

  ready(): void {
    this.#stop()
    const { runs } = this.#sources
    const { place, run } = this.#panel.subject
    this.#listeners.push(
      runs.onDidChange((state) => {
        if (state.place.id === place) this.#tellPlace()
      }),
      runs.onDidChangeRun((change) => {
        if (change.place === place && change.run === run) this.#tellState()
      }),
      runs.onLogText(({ log, step, pod, lines }) => {
        if (this.#logs.has(log)) this.#panel.post({ kind: "text", step, pod, lines })
      }),
      runs.onLogEnd((log) => {
        if (this.#logs.delete(log) && this.#logs.size === 0) {
          this.#isLive = false
          this.#tellState()
        }
      }),
      runs.onDidReopen((id) => {
        if (id === place) this.ready()
      }),
    )
    this.#panel.post({ kind: "clear" })
    this.#tellPlace()
    void this.#open(++this.#round)
  }

  receive(message: LogsPanel["toHost"]): void {
    this.#carryOut(message).catch((error: unknown) => {
      void window.showErrorMessage(sentenceOf(error))
    })
  }

  dispose(): void {
    this.#round++
    this.#stop()
  }

  async #open(round: number): Promise<void> {
    const { runs, openPlace } = this.#sources
    const { place, run, steps } = this.#panel.subject
    try {
      // A panel that an earlier window left may be the first to ask for its place.
      if (!runs.places.some((state) => state.place.id === place)) await openPlace()
      if (round !== this.#round) return
      const opened = runs.openRun(place, run)
      this.#listeners.push(opened)
      await opened.opened
      if (round !== this.#round) return
      this.#tellState()
      await this.#tellKept(round)
      for (const step of steps.length === 0 ? [undefined] : steps) {
        if (round !== this.#round) return
        const log = `logs panel ${randomUUID()}`
        this.#logs.add(log)
        const options = { follow: true, timestamps: true, ...(step === undefined ? {} : { step }) }
        await runs.call("log/open", { place, run, log, options })
      }
    } catch (error) {
      if (round !== this.#round) return
      this.#panel.post({ kind: "trouble", sentence: sentenceOf(error) })
    }
  }

  /** What is kept of pods that the cluster has no more. */
  async #tellKept(round: number): Promise<void> {
    const { place, run } = this.#panel.subject
    const view = this.#sources.runs.run(place, run)
    if (view === undefined) return
    for (const { id, attempts, phase, startedAt } of this.#stepsOf(view)) {
      if (phase === "waiting" || phase === "not-started") continue
      const there = new Set(attempts.flatMap(({ tries }) => tries.map(({ pod }) => pod)))
      const copies = await this.#sources.kept.of({ place, run, createdAt: view.createdAt }, id)
      if (round !== this.#round) return
      for (const { pod, at, text } of copies) {
        if (there.has(pod)) continue
        const lines = text.replace(/\n$/, "").split("\n")
        const since = startedAt === null ? {} : { since: Date.parse(startedAt) }
        this.#panel.post({ kind: "text", step: id, pod, lines, ...since })
        this.#panel.post({ kind: "kept", step: id, pod, at })
      }
    }
  }

  #stepsOf(view: RunView): readonly StepView[] {
    const { steps } = this.#panel.subject
    return view.tasks.flatMap((task) =>
      (task.steps ?? []).filter(
        ({ id }) => steps.length === 0 || steps.includes(id) || steps.includes(task.name),
      ),
    )
  }

  #tellState(): void {
    const { place, run } = this.#panel.subject
    const view = this.#sources.runs.run(place, run)
    if (view === undefined) {
      const sentence = l10n.t('The run "{run}" is gone.', { run })
      this.#panel.post({ kind: "trouble", sentence })
      return
    }
    const isLive = this.#isLive && view.finishedAt === null
    this.#panel.post({ kind: "state", isLive, nothing: this.#nothing(view) })
  }

  /** Why there is nothing to read. */
  #nothing(view: RunView): string {
    const steps = this.#stepsOf(view)
    const [step] = steps
    if (view.finishedAt !== null) return l10n.t("Nothing was printed, or nothing of it is left.")
    const why = step?.reason?.sentence
    return steps.length === 1 && step && why !== undefined
      ? l10n.t('No output yet. "{step}": {why}.', { step: step.id, why })
      : l10n.t("No output yet.")
  }

  #tellPlace(): void {
    const { place } = this.#panel.subject
    const state = this.#sources.runs.places.find((one) => one.place.id === place)
    if (state === undefined) return
    const name = placeName(state.place)
    this.#panel.post({ kind: "place", name, stale: state.stale ?? null })
  }

  async #carryOut(message: LogsPanel["toHost"]): Promise<void> {
    const { place, run } = this.#panel.subject
    switch (message.kind) {
      case "openStep":
        await commands.executeCommand("kubeExecutions.showStep", place, run, message.step)
        return
      case "save":
        return save(message.name, message.content)
      case "choose":
        return this.#choose()
    }
  }

  async #choose(): Promise<void> {
    const { place, run, steps } = this.#panel.subject
    const view = this.#sources.runs.run(place, run)
    const items = (view?.tasks ?? []).flatMap((task) =>
      (task.steps ?? []).map(({ id, phase }) => ({
        label: id,
        description: phase,
        picked: steps.includes(id) || steps.includes(task.name),
      })),
    )
    const title = l10n.t("Whose log?")
    const picked = await window.showQuickPick(items, { title, canPickMany: true })
    if (picked === undefined || picked.length === 0) return
    const names = picked.map(({ label }) => label)
    await commands.executeCommand("kubeExecutions.showLogsPanel", place, run, names)
  }

  #stop(): void {
    for (const listener of this.#listeners.splice(0)) listener.dispose()
    for (const log of this.#logs) this.#sources.runs.call("log/close", { log }).catch(() => {})
    this.#logs.clear()
    this.#isLive = true
  }
}

async function save(name: string, content: string): Promise<void> {
  const folder = workspace.workspaceFolders?.[0]?.uri
  const safe = name.replace(/[^\p{L}\p{N}._-]+/gu, "-").slice(-100)
  const options = folder ? { defaultUri: Uri.joinPath(folder, safe) } : {}
  const target = await window.showSaveDialog({ ...options, title: l10n.t("Save the log") })
  if (target) await workspace.fs.writeFile(target, new TextEncoder().encode(content))
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
