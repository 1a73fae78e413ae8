import { commands, l10n, window } from "vscode"
import type { RunOrder } from "#core/view/runTree"
import type { Command } from "./command.ts"

export const showDagTree: Command = async ({ view }) => {
  view.isDag = true
}

export const showFlatTree: Command = async ({ view }) => {
  view.isDag = false
}

/** Leaves the rows that have all the words, in themselves or above. */
export const filterRuns: Command = async ({ view }) => {
  const text = await window.showInputBox({
    title: l10n.t("Filter Runs"),
    prompt: l10n.t(
      "Words of a run, task, step, phase or reason; steps are found in unfolded runs.",
    ),
    placeHolder: l10n.t("for example: align failed"),
    value: view.filter,
  })
  if (text !== undefined) view.filter = text
}

export const clearRunFilter: Command = async ({ view }) => {
  view.filter = ""
}

export const sortRuns: Command = async ({ view }) => {
  const items: readonly { readonly label: string; readonly order: RunOrder }[] = [
    { label: l10n.t("Newest first"), order: "newest" },
    { label: l10n.t("By name"), order: "name" },
    { label: l10n.t("What needs looking at first"), order: "phase" },
  ]
  const marked = items.map((item) => {
    return { ...item, description: item.order === view.order ? l10n.t("now") : "" }
  })
  const picked = await window.showQuickPick(marked, { title: l10n.t("Sort Runs") })
  if (picked) view.order = picked.order
}

/** Shows a run in the tree, unfolded; what it is comes from whoever offers it. */
export const showRun: Command = async ({ view, places }, place, run) => {
  await commands.executeCommand("kubeExecutions.runs.focus")
  await places.open()
  if (typeof place === "string" && typeof run === "string") await view.reveal(place, run)
}
