import { commands, type Disposable, env, l10n, Uri, window, workspace } from "vscode"
import type { PlaceState } from "#engine/protocol"
import type { SequencePanel, SequenceSubject } from "#media/sequence/protocol"
import { placeName } from "../places/placeName.ts"
import type { RunStore } from "../runs/runStore.ts"
import { type Attached, type OpenPanel, PanelHost } from "./panelHost.ts"

export type SequencePanels = PanelHost<"sequence">

/** The pods of runs, Jobs and CronJobs over time, as a sequence, table, list or grid. */
export function createSequencePanels(
  extension: Uri,
  runs: RunStore,
  openPlace: () => Promise<PlaceState>,
): SequencePanels {
  return new PanelHost(extension, {
    kind: "sequence",
    icon: "sequence",
    parse: parseSubject,
    key: (subject) =>
      subject.kind === "run"
        ? `${subject.place}/${subject.run}`
        : `${subject.place}/${subject.of}/${subject.name}`,
    title: (subject) =>
      l10n.t("Sequence: {name}", { name: subject.kind === "run" ? subject.run : subject.name }),
    attach: (panel) => new Feeder(panel, runs, openPlace),
  })
}

/** Tells one page what it shows, from when it is ready until it is closed. */
class Feeder implements Attached<"sequence"> {
  readonly #panel: OpenPanel<"sequence">
  readonly #runs: RunStore
  readonly #openPlace: () => Promise<PlaceState>
  #listeners: Disposable[] = []
  #round = 0

  constructor(panel: OpenPanel<"sequence">, runs: RunStore, openPlace: () => Promise<PlaceState>) {
    this.#panel = panel
    this.#runs = runs
    this.#openPlace = openPlace
  }

  ready(): void {
    this.#stop()
    const { subject } = this.#panel
    this.#listeners.push(
      this.#runs.onDidChange((state) => {
        if (state.place.id === subject.place) this.#tellPlace()
      }),
      this.#runs.onDidReopen((id) => {
        if (subject.kind === "job" && id === subject.place) this.ready()
      }),
    )
    this.#tellPlace()
    void this.#open(++this.#round)
  }

  receive(message: SequencePanel["toHost"]): void {
    const { subject } = this.#panel
    switch (message.kind) {
      case "openStep": {
        if (subject.kind !== "run") return
        void commands.executeCommand(
          "kubeExecutions.showStep",
          subject.place,
          subject.run,
          message.step,
        )
        return
      }
      case "openLog": {
        const { job, pod } = message
        void commands.executeCommand("kubeExecutions.showLog", { place: subject.place, job, pod })
        return
      }
      case "copy":
        void env.clipboard.writeText(message.text)
        return
      case "save":
        void save(message.name, message.content)
    }
  }

  dispose(): void {
    this.#round++
    this.#stop()
  }

  async #open(round: number): Promise<void> {
    const { subject } = this.#panel
    try {
      // A panel that an earlier window left may be the first to ask for its place.
      if (!this.#runs.places.some(({ place }) => place.id === subject.place)) {
        await this.#openPlace()
      }
      if (round !== this.#round) return
      if (subject.kind === "run") await this.#openRun(subject.place, subject.run)
      else await this.#openJob(subject.place, subject.of, subject.name)
    } catch (error) {
      if (round !== this.#round) return
      const sentence = error instanceof Error ? error.message : String(error)
      this.#panel.post({ kind: "trouble", sentence })
    }
  }

  async #openRun(place: string, name: string): Promise<void> {
    const tellWhole = () => {
      const view = this.#runs.run(place, name)
      if (view) this.#panel.post({ kind: "run", view })
    }
    this.#listeners.push(
      this.#runs.onDidChangeRun((change) => {
        if (change.place !== place || change.run !== name) return
        const view = this.#runs.run(place, name)
        if (change.isWhole || view === undefined) {
          tellWhole()
          return
        }
        const { tasks: _, ...head } = view
        const { tasks, steps } = change
        const summary = { ...head, taskCount: 0, reason: null }
        this.#panel.post({ kind: "run changed", change: { summary, tasks, steps } })
      }),
    )
    const opened = this.#runs.openRun(place, name)
    this.#listeners.push(opened)
    await opened.opened
    tellWhole()
  }

  async #openJob(place: string, kind: JobKind, name: string): Promise<void> {
    let isOpen = false
    this.#listeners.push(
      this.#runs.onDidChangeJob((change) => {
        const { view, jobs } = change
        if (change.place !== place || view.kind !== kind || view.name !== name) return
        if (isOpen) this.#panel.post({ kind: "job changed", change: { view, jobs } })
      }),
      {
        dispose: () => {
          // Who closes a panel does not care whether the engine is still there to hear of it.
          if (isOpen) this.#runs.call("job/close", { place, kind, name }).catch(() => {})
        },
      },
    )
    const view = await this.#runs.call("job/open", { place, kind, name })
    isOpen = true
    this.#panel.post({ kind: "job", view })
  }

  #tellPlace(): void {
    const { subject } = this.#panel
    const state = this.#runs.places.find(({ place }) => place.id === subject.place)
    if (state === undefined) return
    const name = placeName(state.place)
    this.#panel.post({ kind: "place", name, stale: state.stale ?? null })
  }

  #stop(): void {
    for (const listener of this.#listeners.splice(0)) listener.dispose()
  }
}

async function save(name: string, content: string): Promise<void> {
  const folder = workspace.workspaceFolders?.[0]?.uri
  const target = await window.showSaveDialog({
    ...(folder ? { defaultUri: Uri.joinPath(folder, name.replace(/[^\w.-]+/g, "-")) } : {}),
    filters: { CSV: ["csv"] },
  })
  if (target) await workspace.fs.writeFile(target, new TextEncoder().encode(content))
}

type JobKind = Extract<SequenceSubject, { readonly kind: "job" }>["of"]

function parseSubject(kept: unknown): SequenceSubject | undefined {
  if (typeof kept !== "object" || kept === null) return undefined
  const one = kept as Readonly<Record<string, unknown>>
  const { place, run, name, of } = one
  if (typeof place !== "string") return undefined
  if (one.kind === "run") {
    return typeof run === "string" ? { kind: "run", place, run } : undefined
  }
  const isKind = of === "Job" || of === "CronJob"
  if (one.kind !== "job" || typeof name !== "string" || !isKind) return undefined
  return { kind: "job", place, of, name }
}
