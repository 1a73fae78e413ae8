import { randomUUID } from "node:crypto"
import { commands, type Disposable, env, l10n, window } from "vscode"
import { type StepDetail, stepDetail } from "#core/view/stepDetail"
import type { LogText, PlaceState } from "#engine/protocol"
import type { ObjectKind, StepPanel } from "#media/step/protocol"
import type { LanguageServer } from "../languageServer.ts"
import { placeName } from "../places/placeName.ts"
import type { RunStore } from "../runs/runStore.ts"
import type { RunsView } from "../views/runsView.ts"
import type { Attached, OpenPanel } from "./panelHost.ts"
import { actOnStep } from "./stepActs.ts"

export interface StepSources {
  readonly runs: RunStore
  readonly language: LanguageServer
  readonly view: RunsView
  readonly openPlace: () => Promise<PlaceState>
}

const logLines = 4
/** Events have no notification of their own: they are asked for when the step changed. */
const eventsPauseMs = 1000

/** Tells one page of a step, from when it is ready until it is closed. */
export class StepFeed implements Attached<"step"> {
  readonly #panel: OpenPanel<"step">
  readonly #sources: StepSources
  readonly #log = `step panel ${randomUUID()}`
  readonly #tails = new Map<string, readonly string[]>()
  #listeners: Disposable[] = []
  #detail: StepDetail | undefined
  #read: { readonly job: string | undefined; readonly pod: string | undefined } | undefined
  /** Undefined: its log is not asked for. */
  #isFollowing: boolean | undefined
  #timer: NodeJS.Timeout | undefined
  #round = 0

  constructor(panel: OpenPanel<"step">, sources: StepSources) {
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
        if (change.place === place && change.run === run) this.#tellStep()
      }),
      runs.onLogText((text) => {
        if (text.log === this.#log) this.#tellLog(text)
      }),
      runs.onLogEnd((log) => {
        if (log === this.#log) this.#panel.post({ kind: "log read" })
      }),
      runs.onDidReopen((id) => {
        if (id === place) this.ready()
      }),
    )
    this.#tellPlace()
    void this.#open(++this.#round)
  }

  receive(message: StepPanel["toHost"]): void {
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
    const { place, run } = this.#panel.subject
    try {
      // A panel that an earlier window left may be the first to ask for its place.
      if (!runs.places.some((state) => state.place.id === place)) await openPlace()
      if (round !== this.#round) return
      const opened = runs.openRun(place, run)
      this.#listeners.push(opened)
      await opened.opened
      if (round === this.#round) this.#tellStep()
    } catch (error) {
      if (round === this.#round) {
        this.#panel.post({ kind: "trouble", sentence: sentenceOf(error) })
      }
    }
  }

  #tellStep(): void {
    const { place, run, step } = this.#panel.subject
    const view = this.#sources.runs.run(place, run)
    const detail = view && stepDetail(view, step)
    if (detail === undefined) {
      const sentence = view
        ? l10n.t('"{run}" has no step "{step}" any more.', { run, step })
        : l10n.t('The run "{run}" is gone.', { run })
      this.#panel.post({ kind: "trouble", sentence })
      return
    }
    const isSame = JSON.stringify(detail) === JSON.stringify(this.#detail)
    this.#detail = detail
    if (isSame) return
    this.#panel.post({ kind: "step", detail })
    this.#openLog(detail)
    const last = detail.step.attempts.at(-1)
    const isFirst = this.#read?.job === undefined
    this.#read = { job: last?.job, pod: last?.tries.at(-1)?.pod }
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined
        void this.#tellEvents()
        void this.#tellObjects()
      },
      isFirst ? 0 : eventsPauseMs,
    )
  }

  /** With its conditions, which come and go as the step does. */
  async #tellObjects(): Promise<void> {
    const { job, pod } = this.#read ?? {}
    if (job !== undefined) await this.#tellObject("Job", job)
    if (pod !== undefined) await this.#tellObject("Pod", pod)
  }

  /** Of a step that is over the log is read to its end: only then it is known that there is no more. */
  #openLog({ step }: StepDetail): void {
    const follow = step.finishedAt === null
    if (step.attempts.length === 0 || this.#isFollowing === follow) return
    this.#isFollowing = follow
    this.#tails.clear()
    const { place, run } = this.#panel.subject
    const options = { step: step.id, follow, timestamps: true, tailLines: logLines }
    this.#sources.runs.call("log/open", { place, run, log: this.#log, options }).catch((error) => {
      this.#panel.post({ kind: "refused", what: "log", why: sentenceOf(error) })
    })
  }

  #tellLog({ pod, lines }: LogText): void {
    const tail = [...(this.#tails.get(pod) ?? []), ...lines].slice(-logLines)
    this.#tails.set(pod, tail)
    this.#panel.post({ kind: "log", pod, lines: tail.map((line) => line.slice(0, mostShown)) })
  }

  async #tellEvents(): Promise<void> {
    const detail = this.#detail
    if (detail === undefined) return
    const { place } = this.#panel.subject
    const about = detail.step.attempts.flatMap(({ job, tries }) => [
      `Job/${job}`,
      ...tries.map(({ pod }) => `Pod/${pod}`),
    ])
    try {
      const events = await this.#sources.runs.call("object/events", { place, about })
      // None of a step that went on meanwhile says nothing of it as it is now: it is asked for again.
      if (events?.length === 0 && this.#timer !== undefined) return
      this.#panel.post({ kind: "events", events })
    } catch (error) {
      this.#panel.post({ kind: "refused", what: "events", why: sentenceOf(error) })
    }
  }

  async #tellObject(of: ObjectKind, name: string): Promise<void> {
    const { place } = this.#panel.subject
    try {
      const object = await this.#sources.runs.call("object/yaml", { place, kind: of, name })
      this.#panel.post({ kind: "object", of, object })
    } catch (error) {
      this.#panel.post({ kind: "refused", what: of, why: sentenceOf(error) })
    }
  }

  #tellPlace(): void {
    const { place } = this.#panel.subject
    const state = this.#sources.runs.places.find((one) => one.place.id === place)
    if (state === undefined) return
    const { kind: is } = state.place
    const name = placeName(state.place)
    this.#panel.post({ kind: "place", is, name, stale: state.stale ?? null })
  }

  async #carryOut(message: StepPanel["toHost"]): Promise<void> {
    const { place, run } = this.#panel.subject
    switch (message.kind) {
      case "copy":
        return env.clipboard.writeText(message.text)
      case "open":
        await commands.executeCommand("kubeExecutions.showStep", place, run, message.step)
        return
      case "read": {
        const name = message.of === "Job" ? this.#read?.job : this.#read?.pod
        if (name !== undefined) await this.#tellObject(message.of, name)
        return
      }
      case "act":
        if (this.#detail !== undefined)
          await actOnStep(this.#sources, { place, run }, this.#detail, message.act)
    }
  }

  #stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const listener of this.#listeners.splice(0)) listener.dispose()
    if (this.#isFollowing !== undefined) {
      this.#isFollowing = undefined
      this.#sources.runs.call("log/close", { log: this.#log }).catch(() => {})
    }
    this.#tails.clear()
    this.#detail = undefined
    this.#read = undefined
  }
}

/** A line may be as long as a megabyte. */
const mostShown = 2000

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
