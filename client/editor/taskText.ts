import { l10n } from "vscode"
import { lengthText } from "#core/view/length"
import { countOf, phaseLooks } from "#core/view/phase"
import type { RunView, TaskView } from "#core/view/statusTree"

/** How a task goes, in the words that stand behind its name. */
export function taskText(task: TaskView, run: RunView, now: number, isChanged: boolean): string {
  const sign = isChanged ? "~" : phaseLooks[task.phase].sign
  const parts = partsOf(task, run, now)
  return `${sign} ${parts.join(" · ")}`
}

function partsOf(task: TaskView, run: RunView, now: number): readonly string[] {
  const { counts, phase, reason } = task
  const { total } = counts
  const done = countOf(counts, "succeeded", "reused", "skipped")
  const progress = counts.isTotalKnown ? `${done}/${total}` : l10n.t("count not known yet")
  switch (phase) {
    case "reused":
      return [l10n.t("Reused from {run}", { run: run.resumedFrom ?? "" })]
    case "waiting":
    case "unknown":
    case "queued":
      return [reason?.sentence ?? phaseLooks[phase].word]
    case "not-started":
      return [
        task.isWanted
          ? (reason?.sentence ?? l10n.t("not started"))
          : l10n.t("not part of this run"),
      ]
    case "skipped":
      return [reason?.sentence ?? l10n.t("skipped")]
    default: {
      const failed = countOf(counts, "failed")
      const running = countOf(counts, "running")
      return [
        progress,
        ...(failed > 0 ? [l10n.t("{failed} failed", { failed })] : []),
        ...(running > 0 ? [l10n.t("{running} running", { running })] : []),
        ...(phase === "failed" ? [] : timeParts(task, now)),
      ]
    }
  }
}

function timeParts(task: TaskView, now: number): readonly string[] {
  if (task.startedAt === null) return []
  const end = task.finishedAt === null ? now : Date.parse(task.finishedAt)
  const span = lengthText(end - Date.parse(task.startedAt))
  const cold = task.phase === "succeeded" ? coldShare(task) : 0
  // Less than a tenth is nothing anybody would do something about.
  if (cold < 0.1) return [span]
  return [l10n.t("{span}, cold start {percent} %", { span, percent: Math.round(cold * 100) })]
}

/** The part of the pods' time in which their containers did not run yet, after they had a node. */
function coldShare({ steps }: TaskView): number {
  let [cold, all] = [0, 0]
  for (const { attempts } of steps ?? []) {
    for (const { tries } of attempts) {
      for (const { scheduledAt, startedAt, finishedAt } of tries) {
        if (scheduledAt === null || startedAt === null || finishedAt === null) continue
        cold += Date.parse(startedAt) - Date.parse(scheduledAt)
        all += Date.parse(finishedAt) - Date.parse(scheduledAt)
      }
    }
  }
  return all < mostlyRounding ? 0 : cold / all
}

/** Kubernetes tells times in whole seconds: of a few of them no share can be told. */
const mostlyRounding = 20_000
