import { commands, Disposable, l10n, window, workspace } from "vscode"
import { lengthText } from "#core/view/length"
import type { ViewPhase } from "#core/view/phase"
import { countOf } from "#core/view/phase"
import type { RunView } from "#core/view/statusTree"
import { nodeOf } from "../commands/rows.ts"
import { fileInWorkspace } from "../commands/runPart.ts"
import { troubles } from "../editor/failures.ts"
import { sentenceOf } from "../editor/runProblems.ts"
import type { RunStore } from "../runs/runStore.ts"
import { type OwnRun, ownRuns } from "./ownRuns.ts"

/** Tells of the end of each run that was seen to go on: one message for each, one for many at once. */
export function tellEnds(runs: RunStore): Disposable {
  const last = new Map<string, ViewPhase>()
  let ended: OwnRun[] = []
  let timer: NodeJS.Timeout | undefined

  const look = () => {
    for (const own of ownRuns(runs)) {
      const id = `${own.place}\n${own.run}`
      const before = last.get(id)
      const now = own.known.phase
      last.set(id, now)
      // One that had ended when it was first seen is no news.
      if (before === undefined || isEnd(before) || !isEnd(now)) continue
      if (isWanted(now)) ended.push(own)
    }
    if (ended.length > 0) timer ??= setTimeout(tell, togetherMs)
  }
  const tell = () => {
    timer = undefined
    const all = ended
    ended = []
    const [first] = all
    const telling = all.length === 1 && first ? tellOne(runs, first) : tellMany(all)
    // What cannot be told is seen in the tree.
    telling.catch(() => {})
  }
  return Disposable.from(runs.onDidChange(look), { dispose: () => clearTimeout(timer) })
}

/** Runs that end so soon after each other are told of together. */
const togetherMs = 700

function isEnd(phase: ViewPhase): boolean {
  return phase === "succeeded" || phase === "failed" || phase === "stopped"
}

/** Who stopped a run knows that it ended. */
function isWanted(phase: ViewPhase): boolean {
  const notify = workspace.getConfiguration("kubeExecutions").get<string>("notify")
  if (notify === "none" || phase === "stopped") return false
  return notify === "all" || phase === "failed"
}

async function tellOne(runs: RunStore, own: OwnRun): Promise<void> {
  const { place, run, known } = own
  if (known.phase === "succeeded") {
    const actions = await possible([
      { title: l10n.t("Show Graph"), command: "kubeExecutions.showGraph" },
    ])
    const answer = await window.showInformationMessage(doneText(known), ...actions)
    if (answer) await commands.executeCommand(answer.command, nodeOf({ place, run }))
    return
  }
  const view = await whole(runs, own)
  const [trouble] = (view?.tasks ?? [])
    .flatMap((task) => troubles(task, Date.now()))
    .filter(({ kind }) => kind === "failed")
  const running = countOf(known.counts, "running")
  const finishing =
    running === 0
      ? ""
      : running === 1
        ? l10n.t(" 1 step is still finishing.")
        : l10n.t(" {running} steps are still finishing.", { running })
  const what = trouble ? sentenceOf(trouble) : known.message
  const sentence = l10n.t('"{run}" failed: {what}{finishing}', { run, what, finishing })
  const row = { place, run, ...(trouble ? { task: trouble.task, step: trouble.step.id } : {}) }
  const isHere = known.source && (await fileInWorkspace(known.source.file))
  const actions = await possible([
    ...(trouble && isHere
      ? [
          {
            title: l10n.t('Run Again from "{task}"', { task: trouble.task }),
            command: "kubeExecutions.runFrom",
          },
        ]
      : []),
    { title: l10n.t("Show Log"), command: "kubeExecutions.showLog" },
    { title: l10n.t("Show Graph"), command: "kubeExecutions.showGraph" },
  ])
  const answer = await window.showErrorMessage(sentence, ...actions)
  if (answer) await commands.executeCommand(answer.command, nodeOf(row))
}

async function tellMany(ended: readonly OwnRun[]): Promise<void> {
  const failed = ended.filter(({ known }) => known.phase === "failed").length
  const show = l10n.t("Show Runs")
  const sentence =
    failed === 0
      ? l10n.t("{count} runs are done.", { count: ended.length })
      : failed === ended.length
        ? l10n.t("{count} runs failed.", { count: failed })
        : l10n.t("{count} runs ended, {failed} of them failed.", { count: ended.length, failed })
  const answer =
    failed === 0
      ? await window.showInformationMessage(sentence, show)
      : await window.showErrorMessage(sentence, show)
  if (answer === show) await commands.executeCommand("kubeExecutions.runs.focus")
}

function doneText({ name, counts, startedAt, finishedAt }: OwnRun["known"]): string {
  const steps = countOf(counts, "succeeded", "reused", "skipped")
  const reused = countOf(counts, "reused")
  const span = lengthText(Date.parse(finishedAt ?? "") - Date.parse(startedAt ?? ""))
  const words = { name, steps, span, reused }
  if (reused > 0)
    return l10n.t('"{name}" is done: {steps} steps in {span}, {reused} reused.', words)
  return steps === 1
    ? l10n.t('"{name}" is done: 1 step in {span}.', words)
    : l10n.t('"{name}" is done: {steps} steps in {span}.', words)
}

interface Action {
  readonly title: string
  readonly command: string
}

/** Those whose command is there. */
async function possible(actions: readonly Action[]): Promise<readonly Action[]> {
  const there = new Set(await commands.getCommands(true))
  return actions.filter(({ command }) => there.has(command))
}

async function whole(runs: RunStore, { place, run }: OwnRun): Promise<RunView | undefined> {
  const opened = runs.openRun(place, run)
  try {
    await opened.opened
    return runs.run(place, run)
  } catch {
    return undefined
  } finally {
    opened.dispose()
  }
}
