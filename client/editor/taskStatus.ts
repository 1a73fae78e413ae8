import {
  type DecorationOptions,
  type Disposable,
  l10n,
  OverviewRulerLane,
  Range,
  type TextEditor,
  type TextEditorDecorationType,
  ThemeColor,
  Uri,
  window,
} from "vscode"
import { phaseLooks, type ViewPhase } from "#core/view/phase"
import type { TaskView } from "#core/view/statusTree"
import { isChanged, type ShownRun } from "./shownRuns.ts"
import { taskText } from "./taskText.ts"

/** Phases of tasks that have started; only these have a mark in the gutter and the ruler. */
const marked: readonly ViewPhase[] = [
  "queued",
  "running",
  "succeeded",
  "reused",
  "failed",
  "skipped",
  "stopped",
  "suspended",
]

/** How each task goes, at its own line: words behind its name, a sign in the gutter, one in the ruler. */
export class TaskStatus implements Disposable {
  readonly #words: TextEditorDecorationType
  readonly #marks: ReadonlyMap<ViewPhase, TextEditorDecorationType>
  #dressed = new Set<TextEditor>()

  constructor(icons: Uri) {
    this.#words = window.createTextEditorDecorationType({})
    this.#marks = new Map(
      marked.map((phase) => {
        const icon = (theme: string) => Uri.joinPath(icons, theme, `${phase}.svg`)
        const type = window.createTextEditorDecorationType({
          gutterIconSize: "contain",
          dark: { gutterIconPath: icon("dark") },
          light: { gutterIconPath: icon("light") },
          overviewRulerColor: new ThemeColor(phaseLooks[phase].color),
          overviewRulerLane: OverviewRulerLane.Left,
        })
        return [phase, type]
      }),
    )
  }

  /** Dresses the editors anew; `stale` is since when the place cannot be seen. */
  show(
    shown: readonly ShownRun[],
    staleSince: (place: string) => number | undefined,
    now: number,
  ): void {
    const dressed = new Set<TextEditor>()
    for (const editor of window.visibleTextEditors) {
      const own = shown.filter(({ document }) => document === editor.document)
      if (own.length === 0) continue
      dressed.add(editor)
      this.#dress(editor, own, staleSince, now)
    }
    for (const editor of this.#dressed) if (!dressed.has(editor)) this.#undress(editor)
    this.#dressed = dressed
  }

  dispose(): void {
    this.#words.dispose()
    for (const type of this.#marks.values()) type.dispose()
  }

  #dress(
    editor: TextEditor,
    shown: readonly ShownRun[],
    staleSince: (place: string) => number | undefined,
    now: number,
  ): void {
    const words: DecorationOptions[] = []
    const marks = new Map<ViewPhase, Range[]>()
    for (const run of shown) {
      const since = staleSince(run.name.place)
      const tasks = new Map(run.view.tasks.map((task) => [task.name, task]))
      for (const { name, nameLine } of run.workflow.tasks) {
        const task = tasks.get(name)
        if (!task || nameLine >= editor.document.lineCount) continue
        const range = editor.document.lineAt(nameLine).range
        const list = marks.get(task.phase)
        if (list) list.push(range)
        else marks.set(task.phase, [range])
        if (isInSight(editor, nameLine)) words.push(wordsAt(range, task, run, since, now))
      }
    }
    editor.setDecorations(this.#words, words)
    for (const [phase, type] of this.#marks) editor.setDecorations(type, marks.get(phase) ?? [])
  }

  #undress(editor: TextEditor): void {
    editor.setDecorations(this.#words, [])
    for (const type of this.#marks.values()) editor.setDecorations(type, [])
  }
}

/** Words for ten thousand lines that nobody sees would make every change slow. */
function isInSight(editor: TextEditor, line: number): boolean {
  return editor.visibleRanges.some(
    ({ start, end }) => start.line - margin <= line && line <= end.line + margin,
  )
}

const margin = 20

function wordsAt(
  range: Range,
  task: TaskView,
  run: ShownRun,
  staleSince: number | undefined,
  now: number,
): DecorationOptions {
  const changed = isChanged(run, task.name)
  const text = taskText(task, run.view, staleSince ?? now, changed)
  const isFailed = task.phase === "failed" && staleSince === undefined
  const since =
    staleSince === undefined
      ? ""
      : l10n.t(" (since {time} not connected)", { time: new Date(staleSince).toLocaleTimeString() })
  return {
    range: new Range(range.end, range.end),
    hoverMessage: hover(task, run, changed),
    renderOptions: {
      after: {
        contentText: `${text}${since}`,
        margin: "0 0 0 2em",
        fontStyle: changed ? "italic" : "normal",
        color: new ThemeColor(isFailed ? "editorError.foreground" : "descriptionForeground"),
      },
    },
  }
}

function hover(task: TaskView, { view }: ShownRun, changed: boolean): string {
  const from = changed
    ? l10n.t("From {run}. This task has changed since.", { run: view.name })
    : l10n.t("From {run}.", { run: view.name })
  const why = [task.reason?.sentence, task.runsAgain ?? undefined].filter(Boolean)
  // Text of the cluster's is shown as it is, never as markup.
  return [from, ...why].join("\n\n").replace(/[\\`*_{}[\]()<>#+!|~]/g, "\\$&")
}
