import { l10n, window } from "vscode"
import type { Command } from "./command.ts"
import { rowsOf } from "./rows.ts"

/**
 * Shows all that is known of one step. Takes a row of the tree, or place, run and step, where a pod
 * may stand for its step; else it is what is selected in the tree.
 */
export const showStep: Command = async ({ runs, steps, view }, target, run, step) => {
  if (typeof target === "string" && typeof run === "string" && typeof step === "string") {
    return steps.show({ place: target, run, step })
  }
  const [row] = rowsOf(target ?? view.selection[0])
  const task = row && runs.run(row.place, row.run)?.tasks.find(({ name }) => name === row.task)
  // A task with one step is that step to whoever looks.
  const only = task?.steps?.length === 1 ? task.steps[0]?.id : undefined
  const name = row?.step ?? only
  if (row && name !== undefined) {
    return steps.show({ place: row.place, run: row.run, step: name })
  }
  void window.showInformationMessage(l10n.t("Choose a step in the tree of runs first."))
}
