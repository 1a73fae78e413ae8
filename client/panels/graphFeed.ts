import {
  commands,
  type Disposable,
  l10n,
  Position,
  Range,
  TextEditorRevealType,
  Uri,
  ViewColumn,
  window,
  workspace,
} from "vscode"
import {
  type GraphState,
  graphChange,
  graphState,
  pictureOfRun,
  pictureWithRun,
} from "#core/view/graphState"
import type { Picture } from "#core/view/picture"
import type { GraphToHost, Head } from "#media/graph/protocol"
import { type GraphParams, type PictureResult, pictureRequest } from "#server/protocol"
import { fileInWorkspace } from "../commands/runPart.ts"
import type { RunName } from "../editor/chosenRuns.ts"
import { placeName } from "../places/placeName.ts"
import { type FollowedRun, FollowRun } from "../runs/followRun.ts"
import type { ChosenInRun, GraphSources } from "./graph.ts"
import { act, actsOf, type GraphSource } from "./graphActs.ts"
import type { OpenPanel } from "./panelHost.ts"
import { saveExport } from "./saveExport.ts"

/** Tells one graph page what it shows: the text as it is typed, and the run of it as it goes. */
export class GraphFeed implements Disposable {
  readonly #panel: OpenPanel<"graph">
  readonly #sources: GraphSources
  readonly #listeners: Disposable[] = []
  readonly #follow: FollowRun
  /** Where the text is; of a run it is looked for once the run is known. */
  #source: GraphSource | undefined
  #isSourceSought = false
  /** What the text says, as far as it could be read last. */
  #text: Picture | undefined
  /** The run that is shown. */
  #meant: RunName | undefined
  #run: FollowedRun | undefined
  /** What the page knows. */
  #told: { readonly picture: Picture; readonly state: GraphState | undefined } | undefined
  /** Lines that the picture led the cursor to, and of which the editor has not told yet. */
  #ledTo: number[] = []
  /** What the tree says now is what it was led to. */
  #isLeadingTree = false
  #isAsking = false
  #isAskedAgain = false

  constructor(panel: OpenPanel<"graph">, sources: GraphSources) {
    this.#panel = panel
    this.#sources = sources
    const { subject } = panel
    if (subject.kind === "spec") this.#source = subject
    this.#meant = this.#meantRun()
    this.#follow = new FollowRun(
      sources.runs,
      (place, run) => place === this.#meant?.place && run.name === this.#meant.run,
      (run) => {
        this.#run = run
        this.#tellRun()
        void this.#seekSource()
      },
    )
    this.#listeners.push(
      this.#follow,
      workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.toString() === this.#source?.uri) void this.#ask()
      }),
      sources.chosen.onDidChange(() => {
        const meant = this.#meantRun()
        if (meant?.place === this.#meant?.place && meant?.run === this.#meant?.run) return
        this.#meant = meant
        this.#follow.look()
      }),
    )
  }

  ready(): void {
    this.#told = undefined
    const { subject } = this.#panel
    if (this.#source !== undefined) void this.#ask()
    if (subject.kind === "run" && this.#run === undefined) {
      this.#panel.post({
        kind: "failed",
        message: l10n.t('"{run}" is not there, or its place is not open yet.', {
          run: subject.run,
        }),
      })
    }
    this.#follow.look()
    this.#tellRun()
  }

  receive(message: GraphToHost): void {
    this.#carryOut(message).catch((error: unknown) => {
      this.#sources.log.error(error instanceof Error ? error : String(error))
      void window.showErrorMessage(error instanceof Error ? error.message : String(error))
    })
  }

  /** The cursor is in this line: its task is chosen in the picture. */
  chooseLine(uri: string, line: number): void {
    const picture = this.#told?.picture
    if (this.#source?.uri !== uri || picture === undefined) return
    // The picture led the cursor here; by now a person may be at another task of it.
    const led = this.#ledTo.indexOf(line)
    if (led >= 0) {
      this.#ledTo = this.#ledTo.slice(led + 1)
      return
    }
    let found = -1
    picture.lines.forEach((begin, task) => {
      if (begin <= line && begin > (picture.lines[found] ?? -1)) found = task
    })
    const task = picture.tasks[found]?.name
    if (task !== undefined) this.#panel.post({ kind: "select", task, step: null })
  }

  chooseInRun({ place, run, task, step }: ChosenInRun): void {
    if (this.#isLeadingTree || this.#run?.place.id !== place || this.#run.view.name !== run) return
    this.#panel.post({ kind: "select", task, step })
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose()
  }

  /** Beside a spec's text and in its picture stands the same run. */
  #meantRun(): RunName | undefined {
    const { subject } = this.#panel
    if (subject.kind === "run") return subject
    return this.#sources.chosen.of(Uri.parse(subject.uri), subject.index)
  }

  /** The text that a run was made from, where it is in the workspace: for its lines. */
  async #seekSource(): Promise<void> {
    const source = this.#run?.view.source
    if (!source || this.#source !== undefined || this.#isSourceSought) return
    this.#isSourceSought = true
    const uri = await fileInWorkspace(source.file)
    if (uri === undefined) return
    this.#source = { uri: uri.toString(), index: source.document }
    await this.#ask()
  }

  /** One question at a time: a slow answer is not waited for by every key. */
  async #ask(): Promise<void> {
    const source = this.#source
    if (source === undefined) return
    if (this.#isAsking) {
      this.#isAskedAgain = true
      return
    }
    this.#isAsking = true
    try {
      do {
        this.#isAskedAgain = false
        // Also after a restart of the window, when nobody has opened the file yet.
        await workspace.openTextDocument(Uri.parse(source.uri))
        const params: GraphParams = { uri: source.uri, index: source.index }
        const { language } = this.#sources
        this.#takeText(await language.request<PictureResult>(pictureRequest, params))
      } while (this.#isAskedAgain)
    } catch (error) {
      this.#sources.log.error(error instanceof Error ? error : String(error))
      const message = error instanceof Error ? error.message : String(error)
      if (this.#told === undefined) this.#panel.post({ kind: "failed", message })
    } finally {
      this.#isAsking = false
    }
  }

  #takeText(answer: PictureResult): void {
    const broken = answer?.broken ?? null
    const isOfText = this.#panel.subject.kind === "spec"
    if (isOfText) this.#panel.post({ kind: "broken", line: broken })
    // While a line cannot be read the last good picture stays.
    if (broken === null || (isOfText && this.#text === undefined)) {
      this.#text = answer?.picture ?? { name: "", tasks: [], edges: [], lines: [] }
    }
    this.#tellPicture()
  }

  #tellPicture(): void {
    const picture = this.#pictureNow()
    if (picture === undefined) return
    if (JSON.stringify(picture) !== JSON.stringify(this.#told?.picture)) {
      this.#told = { picture, state: undefined }
      this.#panel.post({ kind: "picture", picture })
    }
    this.#tellState()
  }

  #pictureNow(): Picture | undefined {
    const run = this.#run?.view
    const text = this.#text
    if (this.#panel.subject.kind === "spec") return text && run ? pictureWithRun(text, run) : text
    if (run === undefined) return undefined
    const picture = pictureOfRun(run)
    return text === undefined ? picture : { ...picture, lines: linesIn(text, picture) }
  }

  #tellRun(): void {
    if (this.#panel.subject.kind === "run" || this.#text !== undefined) this.#tellPicture()
  }

  #tellState(): void {
    const run = this.#run
    if (this.#told === undefined) return
    this.#panel.post({ kind: "stale", stale: run?.stale ?? null })
    this.#panel.post({ kind: "head", head: run ? this.#headOf(run) : null })
    if (run === undefined) return
    const { picture, state: before } = this.#told
    const state = graphState(picture, run.view)
    this.#told = { picture, state }
    if (before === undefined) {
      this.#panel.post({ kind: "steps", phases: state.phases })
      this.#panel.post({ kind: "tasks", tasks: state.tasks })
      return
    }
    const { tasks, steps } = graphChange(before, state)
    if (steps) this.#panel.post({ kind: "steps", ...steps })
    if (tasks.length > 0) this.#panel.post({ kind: "tasks", tasks })
  }

  #headOf({ place, view }: FollowedRun): Head {
    const { name, phase, message, counts, startedAt, finishedAt } = view
    const names = (tasks: readonly { readonly name: string }[]) =>
      tasks
        .map((task) => task.name)
        .sort()
        .join("\n")
    return {
      name,
      phase,
      message,
      counts,
      startedAt,
      finishedAt,
      place: placeName(place),
      isChanged: this.#text !== undefined && names(this.#text.tasks) !== names(view.tasks),
      acts: actsOf(view, this.#source !== undefined),
    }
  }

  async #carryOut(message: GraphToHost): Promise<void> {
    switch (message.kind) {
      case "chosen":
        await this.#showSource(message.task, true)
        return this.#showRow(message.task, message.step)
      case "open":
        if (message.what === "source") return this.#showSource(message.task, false)
        if (message.what === "step") return this.#openStep(message.task, message.step)
        return this.#openLog()
      case "act":
        return act(message.act, message.task, this.#run, this.#source)
      case "save":
        return saveExport(message.name, message.content)
    }
  }

  /** Where the tree is in sight, it is led along. */
  async #showRow(task: string, step: number | null): Promise<void> {
    const run = this.#run
    if (run === undefined) return
    this.#isLeadingTree = true
    try {
      await this.#sources.view.revealStep(run.place.id, run.view.name, task, step)
    } finally {
      this.#isLeadingTree = false
    }
  }

  /** The cursor goes to the task; `isAside`: the keyboard stays in the picture. */
  async #showSource(task: string, isAside: boolean): Promise<void> {
    const uri = this.#source?.uri
    const picture = this.#told?.picture
    const line = picture?.lines[picture.tasks.findIndex(({ name }) => name === task)]
    if (uri === undefined || line === undefined) return
    const visible = window.visibleTextEditors.find(
      ({ document }) => document.uri.toString() === uri,
    )
    // A choice in the picture opens no editor that a person has closed.
    if (isAside && visible === undefined) return
    if (isAside && visible?.selection.active.line !== line) this.#ledTo.push(line)
    const at = new Position(line, 0)
    const editor = await window.showTextDocument(Uri.parse(uri), {
      viewColumn: visible?.viewColumn ?? ViewColumn.Beside,
      preserveFocus: isAside,
      selection: new Range(at, at),
    })
    editor.revealRange(new Range(at, at), TextEditorRevealType.InCenterIfOutsideViewport)
  }

  /** Of a task as a whole it is the step that most needs to be looked at. */
  async #openStep(task: string, index: number | null): Promise<void> {
    if (this.#run === undefined) return
    const { place, view } = this.#run
    const found = view.tasks.find(({ name }) => name === task)
    const steps = found?.steps ?? []
    const worst = steps.find(({ phase }) => phase === found?.phase) ?? steps[0]
    const step = steps.find((one) => one.index === index) ?? worst
    if (step === undefined) return
    await commands.executeCommand("kubeExecutions.showStep", place.id, view.name, step.id)
  }

  async #openLog(): Promise<void> {
    if (this.#run === undefined) return
    const { place, view } = this.#run
    await commands.executeCommand("kubeExecutions.showLog", {
      kind: "run",
      place: place.id,
      run: view,
    })
  }
}

/** Where the tasks of a run stand in its text as it is now; nowhere when one is not there any more. */
function linesIn(text: Picture, { tasks }: Picture): readonly number[] {
  const known = new Map(text.tasks.map(({ name }, i) => [name, text.lines[i]]))
  const lines = tasks.flatMap(({ name }) => known.get(name) ?? [])
  return lines.length === tasks.length ? lines : []
}
