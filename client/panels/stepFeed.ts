import { randomUUID } from "node:crypto"
import {
  commands,
  type Disposable,
  env,
  l10n,
  Position,
  Range,
  ViewColumn,
  window,
  workspace,
} from "vscode"
import { type StepDetail, stepDetail } from "#core/view/stepDetail"
import type { LogText, PlaceState } from "#engine/protocol"
import type { ObjectKind, StepAct, StepPanel } from "#media/step/protocol"
import { type GraphParams, type PictureResult, pictureRequest } from "#server/protocol"
import { nodeOf } from "../commands/rows.ts"
import { fileInWorkspace } from "../commands/runPart.ts"
import type { LanguageServer } from "../languageServer.ts"
import type { RunStore } from "../runs/runStore.ts"
import type { Attached, OpenPanel } from "./panelHost.ts"

export interface StepSources {
  readonly runs: RunStore
  readonly language: LanguageServer
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
  #isFollowing = false
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
      runs.onDidReopen(() => this.ready()),
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
    this.#readJob(detail)
    this.#followLog(detail)
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined
        void this.#tellEvents()
      },
      this.#read?.job === undefined ? 0 : eventsPauseMs,
    )
  }

  /** What a Job asked for does not change, so each is read once. */
  #readJob({ step }: StepDetail): void {
    const last = step.attempts.at(-1)
    const job = last?.job
    const pod = last?.tries.at(-1)?.pod
    if (job !== undefined && job !== this.#read?.job) void this.#tellObject("Job", job)
    this.#read = { job, pod }
  }

  #followLog({ step }: StepDetail): void {
    if (this.#isFollowing || step.attempts.length === 0) return
    this.#isFollowing = true
    const { place, run } = this.#panel.subject
    const options = { step: step.id, follow: true, timestamps: true, tailLines: logLines }
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
    const { place, run } = this.#panel.subject
    try {
      const all = await this.#sources.runs.call("run/events", { place, run })
      const { attempts } = detail.step
      const ours = new Set(
        attempts.flatMap(({ job, tries }) => [
          `Job/${job}`,
          ...tries.map(({ pod }) => `Pod/${pod}`),
        ]),
      )
      this.#panel.post({ kind: "events", events: all.filter(({ about }) => ours.has(about)) })
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
    const { context, namespace } = state.place
    const name = `${context} / ${namespace}`
    this.#panel.post({ kind: "place", name, stale: state.stale ?? null })
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
        return this.#act(message.act)
    }
  }

  async #act(act: StepAct): Promise<void> {
    const { place, run } = this.#panel.subject
    const detail = this.#detail
    if (detail === undefined) return
    const step = nodeOf({ place, run, step: detail.step.id })
    switch (act) {
      case "source":
        return this.#showSource(detail)
      case "log":
        await commands.executeCommand("kubeExecutions.showLog", step)
        return
      case "runFrom":
        await commands.executeCommand(
          "kubeExecutions.runFrom",
          nodeOf({ place, run, task: detail.task }),
        )
        return
      case "retry":
        await commands.executeCommand("kubeExecutions.retry", step)
        return
      case "resume":
      case "graph": {
        const command = act === "graph" ? "showGraph" : "resume"
        await commands.executeCommand(`kubeExecutions.${command}`, nodeOf({ place, run }))
      }
    }
  }

  /** The line of its task, in the text that the run was made from. */
  async #showSource({ source, task, run }: StepDetail): Promise<void> {
    const uri = source ? await fileInWorkspace(source.file) : undefined
    if (source === null || uri === undefined) {
      void window.showErrorMessage(
        l10n.t('The file that "{run}" was made from is not in this workspace.', { run }),
      )
      return
    }
    const document = await workspace.openTextDocument(uri)
    const params: GraphParams = { uri: uri.toString(), index: source.document }
    const answer = await this.#sources.language.request<PictureResult>(pictureRequest, params)
    const picture = answer?.picture
    const index = picture?.tasks.findIndex(({ name }) => name === task) ?? -1
    const at = new Position(picture?.lines[index] ?? 0, 0)
    const selection = new Range(at, at)
    await window.showTextDocument(document, { viewColumn: ViewColumn.Beside, selection })
  }

  #stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const listener of this.#listeners.splice(0)) listener.dispose()
    if (this.#isFollowing) {
      this.#isFollowing = false
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
