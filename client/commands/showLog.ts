import { l10n, window } from "vscode"
import type { Command } from "./command.ts"
import { podOf, rowsOf } from "./rows.ts"

/**
 * Opens the log of the run a tree row belongs to, or of one that is picked; of a step, or of a pod
 * that is of no run, its own.
 */
export const showLog: Command = async ({ runs, logs, stepLogs, view }, target) => {
  const pod = podOf(target)
  if (pod) return stepLogs.show(pod)
  const [row] = rowsOf(target ?? view.selection[0])
  if (row) {
    const { place, run } = row
    const task = runs.run(place, run)?.tasks.find(({ name }) => name === row.task)
    const [only, second] = task?.steps ?? []
    // A task with one step is that step to whoever reads.
    const step = row.step ?? (second === undefined ? only?.id : undefined)
    return step === undefined ? logs.show(place, run) : stepLogs.show({ place, run, step })
  }
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

/** What a step or a pod printed before its container was started again. */
export const showPreviousLog: Command = async ({ stepLogs, view }, target) => {
  const pod = podOf(target)
  if (pod) return stepLogs.show({ ...pod, previous: true })
  const [row] = rowsOf(target ?? view.selection[0])
  if (row?.step === undefined) return
  await stepLogs.show({ place: row.place, run: row.run, step: row.step, previous: true })
}
