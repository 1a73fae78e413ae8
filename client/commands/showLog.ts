import { l10n, window } from "vscode"
import { rowOf, runOf } from "../views/runsNode.ts"
import type { Command } from "./command.ts"

/** Opens the log of the run a tree row belongs to, or of one that is picked; of a step its own. */
export const showLog: Command = async ({ runs, logs, stepLogs, view }, target) => {
  const row = rowOf(target) ?? (target === undefined ? view.selection[0] : undefined)
  if (row && "step" in row) return stepLogs.show({ place: row.place, run: row.run, step: row.step })
  if (row?.kind === "task") {
    const task = runs.run(row.place, row.run)?.tasks.find(({ name }) => name === row.task)
    const [only] = task?.steps ?? []
    if (only && task?.steps?.length === 1) {
      return stepLogs.show({ place: row.place, run: row.run, step: only.id })
    }
  }
  const run = runOf(row)
  if (run) return logs.show(run.place, run.run)
  const items = runs.places.flatMap(({ place, runs }) =>
    runs.map((run) => ({ label: run.name, description: run.message, place: place.id })),
  )
  if (items.length === 0) {
    void window.showInformationMessage(l10n.t("No run yet. Open a spec and choose Run."))
    return
  }
  const picked = await window.showQuickPick(items, { title: l10n.t("Show the Log of a Run") })
  if (picked) await logs.show(picked.place, picked.label)
}

/** What a step printed before its container was started again. */
export const showPreviousLog: Command = async ({ stepLogs, view }, target) => {
  const row = rowOf(target) ?? view.selection[0]
  if (!row || !("step" in row)) return
  await stepLogs.show({ place: row.place, run: row.run, step: row.step, previous: true })
}
