import { commands, Disposable, type Uri, window, workspace } from "vscode"
import type { LanguageServer } from "../languageServer.ts"
import type { RunStore } from "../runs/runStore.ts"
import type { SpecPictures } from "../specPictures.ts"
import type { ChosenRuns } from "./chosenRuns.ts"
import { longWaitMs, waitsSince } from "./failures.ts"
import { hideCommand, RunFixes } from "./runFixes.ts"
import { RunLens, runText } from "./runLens.ts"
import { type RunProblem, RunProblems } from "./runProblems.ts"
import { type ShownRun, shownRuns } from "./shownRuns.ts"
import { TaskStatus } from "./taskStatus.ts"

interface Parts {
  readonly language: LanguageServer
  readonly runs: RunStore
  readonly pictures: SpecPictures
  readonly chosen: ChosenRuns
  /** Where the signs of the gutter are. */
  readonly icons: Uri
}

/** Shows the chosen runs beside the text: status, marks, lenses, problems and their fixes. */
export function showRunsBesideText({ language, runs, pictures, chosen, icons }: Parts): Disposable {
  // Its marks are made when the first run is shown.
  let status: TaskStatus | undefined
  const lens = new RunLens(pictures, chosen)
  const problems = new RunProblems(language, runs, () => lookSoon())
  let timer: NodeJS.Timeout | undefined
  let later: NodeJS.Timeout | undefined
  let isLooking = false
  let isWanted = false
  let isDisposed = false
  let tookMs = 0

  /** Changes come in bursts: a look shows all of them. */
  function lookSoon(): void {
    isWanted = true
    if (isDisposed || timer || isLooking) return
    timer = setTimeout(
      () => {
        timer = undefined
        isWanted = false
        isLooking = true
        const began = performance.now()
        look()
          // The language server or the engine went away: they are back at a later look.
          .catch(() => lookLater(againMs))
          .finally(() => {
            isLooking = false
            tookMs = performance.now() - began
            if (isWanted) lookSoon()
          })
        // A large run takes longer to show, and so is shown less often.
      },
      Math.min(mostLookMs, Math.max(lookMs, tookMs * 10)),
    )
  }

  async function look(): Promise<void> {
    if (runs.places.length === 0) return
    const now = Date.now()
    const { shown, isWhole } = await shownRuns(pictures, chosen)
    if (isDisposed) return
    const isOn = (one: ShownRun) =>
      workspace.getConfiguration("kubeExecutions", one.document).get("editor.status") !== false
    const dressed = shown.filter(isOn)
    if (dressed.length > 0) status ??= new TaskStatus(icons)
    status?.show(dressed, staleSince, now)
    lens.refresh(shown.map(lensText).join("\n"))
    await problems.show(shown, now)
    const wait = isWhole ? nextLook(shown, now) : againMs
    if (wait !== undefined) lookLater(wait)
  }

  function lookLater(wait: number): void {
    clearTimeout(later)
    if (!isDisposed) later = setTimeout(lookSoon, wait)
  }

  function staleSince(place: string): number | undefined {
    return runs.places.find((one) => one.place.id === place)?.stale?.since
  }

  const listeners = [
    chosen.onDidChange(lookSoon),
    pictures.onDidChange(lookSoon),
    window.onDidChangeVisibleTextEditors(lookSoon),
    window.onDidChangeTextEditorVisibleRanges(lookSoon),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("kubeExecutions.editor")) lookSoon()
    }),
    commands.registerCommand(hideCommand, (problem: RunProblem) => {
      problems.hide(problem)
      lookSoon()
    }),
  ]
  return Disposable.from(...listeners, lens, problems, new RunFixes(problems), {
    dispose: () => {
      isDisposed = true
      status?.dispose()
      clearTimeout(timer)
      clearTimeout(later)
    },
  })
}

const lookMs = 150
const mostLookMs = 2_000
const againMs = 1000

/** What the lenses of a run depend on; its age is told in minutes. */
function lensText({ view, document, index }: ShownRun): string {
  const failed = view.tasks.filter(({ phase }) => phase === "failed").map(({ name }) => name)
  const when = Math.floor(Date.now() / 60_000) * 60_000
  return [document.uri.toString(), index, runText(view, when), ...failed].join(" ")
}

/** When something is to be said anew though nothing has changed: a second passed, a wait grew long. */
function nextLook(shown: readonly ShownRun[], now: number): number | undefined {
  const waits: number[] = []
  for (const { view } of shown) {
    if (view.finishedAt !== null) {
      waits.push(60_000)
      continue
    }
    waits.push(1000)
    for (const task of view.tasks) {
      for (const step of task.steps ?? []) {
        const since = step.reason && waitsSince(step, step.reason)
        if (since && since + longWaitMs > now) waits.push(since + longWaitMs - now)
      }
    }
  }
  return waits.length === 0
    ? undefined
    : Math.max(
        lookMs,
        waits.reduce((a, b) => Math.min(a, b)),
      )
}
