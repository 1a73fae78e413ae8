import { l10n, window } from "vscode"
import type { Command } from "./command.ts"
import { rowsOf } from "./rows.ts"

/**
 * Shows what steps print as one log. Takes rows of the tree, all of one run, or place, run and names
 * of steps; of a run as a whole it is every step of it.
 */
export const showLogsPanel: Command = async ({ logPanels, view }, target, run, names) => {
  if (typeof target === "string" && typeof run === "string") {
    const steps = Array.isArray(names) ? names.filter((name) => typeof name === "string") : []
    return logPanels.show({ place: target, run, steps })
  }
  const rows = rowsOf(target ?? view.selection[0], target === undefined ? view.selection : run)
  const [first] = rows
  if (first === undefined) {
    void window.showInformationMessage(l10n.t("Choose runs, tasks or steps in the tree first."))
    return
  }
  const ours = rows.filter((row) => row.place === first.place && row.run === first.run)
  const isWhole = ours.some(({ task }) => task === undefined)
  const steps = isWhole ? [] : ours.flatMap(({ step, task }) => step ?? task ?? [])
  logPanels.show({ place: first.place, run: first.run, steps: [...new Set(steps)] })
}
