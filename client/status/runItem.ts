import { commands, Disposable, l10n, StatusBarAlignment, window } from "vscode"
import { roughLengthText } from "#core/view/length"
import { countOf } from "#core/view/phase"
import { timeLeft } from "#core/view/timeLeft"
import { nodeOf } from "../commands/rows.ts"
import type { RunStore } from "../runs/runStore.ts"
import { type OwnRun, ownRuns } from "./ownRuns.ts"

/** How the newest run of this workspace goes, until five minutes after its end. */
export function createRunItem(runs: RunStore): Disposable {
  const item = window.createStatusBarItem(
    "kubeExecutions.run",
    StatusBarAlignment.Left,
    runPriority,
  )
  item.name = l10n.t("Kube Executions: Run")
  let shown: OwnRun | undefined
  let timer: NodeJS.Timeout | undefined

  const show = () => {
    clearTimeout(timer)
    timer = undefined
    const now = Date.now()
    const own = ownRuns(runs).filter(({ known }) => isRecent(known.finishedAt, now))
    // One that still moves counts more than one that has ended.
    shown = own.toSorted((a, b) => rank(b) - rank(a))[0]
    if (!shown) {
      item.hide()
      return
    }
    const others = own.filter((one) => one !== shown && one.known.finishedAt === null).length
    item.text = textOf(shown, runs, now) + (others > 0 ? ` +${others}` : "")
    item.tooltip = l10n.t("{run}: {message}", { run: shown.run, message: shown.known.message })
    item.show()
    timer = setTimeout(show, shown.known.finishedAt === null ? 5_000 : 30_000)
  }
  const menu = commands.registerCommand(menuCommand, async () => {
    if (shown) await offer(shown)
  })
  item.command = menuCommand
  show()
  return Disposable.from(item, menu, runs.onDidChange(show), {
    dispose: () => clearTimeout(timer),
  })
}

const runPriority = 50
const menuCommand = "kubeExecutions.runMenu"
const lingerMs = 5 * 60_000

function isRecent(finishedAt: string | null, now: number): boolean {
  return finishedAt === null || now - Date.parse(finishedAt) < lingerMs
}

function rank({ known: { finishedAt, createdAt } }: OwnRun): number {
  return Date.parse(createdAt ?? "") + (finishedAt === null ? 1e15 : 0)
}

function textOf({ known }: OwnRun, runs: RunStore, now: number): string {
  const { name, phase, counts, finishedAt } = known
  const done = countOf(counts, "succeeded", "reused", "skipped")
  const progress = `${done}/${counts.isTotalKnown ? counts.total : "?"}`
  const running = countOf(counts, "running", "queued")
  if (phase === "failed" || phase === "stopped") {
    const icon = phase === "failed" ? "$(error)" : "$(stop-circle)"
    return finishedAt === null && running > 0
      ? l10n.t("{icon} {name} {progress} · {running} finishing", { icon, name, progress, running })
      : `${icon} ${name} ${progress}`
  }
  if (phase === "succeeded") return `$(pass) ${name} ${progress}`
  if (phase === "suspended")
    return l10n.t("$(debug-pause) {name} {progress} · suspended", { name, progress })
  const others = runs.places.flatMap((place) => place.runs).filter((one) => one.name !== name)
  const left = timeLeft(known, others, now)
  if (!left) return `$(loading~spin) ${name} ${progress}`
  return l10n.t("$(loading~spin) {name} {progress} · about {left} left", {
    name,
    progress,
    left: roughLengthText(left.milliseconds),
  })
}

async function offer({ place, run, known }: OwnRun): Promise<void> {
  const choices = [
    { label: l10n.t("$(output) Show Log"), command: "kubeExecutions.showLog" },
    { label: l10n.t("$(type-hierarchy) Show Graph"), command: "kubeExecutions.showGraph" },
    ...(known.finishedAt === null
      ? [{ label: l10n.t("$(debug-stop) Stop"), command: "kubeExecutions.stop" }]
      : [{ label: l10n.t("$(trash) Delete"), command: "kubeExecutions.delete" }]),
  ]
  const there = new Set(await commands.getCommands(true))
  const picked = await window.showQuickPick(
    choices.filter(({ command }) => there.has(command)),
    { title: run, placeHolder: known.message },
  )
  if (picked) await commands.executeCommand(picked.command, nodeOf({ place, run }))
}
