import { l10n, Uri, ViewColumn, window, workspace } from "vscode"
import { isSpec } from "../specs.ts"
import type { Command } from "./command.ts"
import { rowsOf } from "./rows.ts"

/**
 * Opens the graph of the run a tree row belongs to; else, beside the text, of a document of ours.
 * Where no text is open it is what is selected in the tree.
 */
export const showGraph: Command = async ({ graphs, view }, target, index) => {
  const isOfTree = target === undefined && window.activeTextEditor === undefined
  const [row] = rowsOf(isOfTree ? view.selection[0] : target)
  if (row) return graphs.show({ kind: "run", place: row.place, run: row.run })
  const uri = uriOf(target) ?? window.activeTextEditor?.document.uri
  if (uri === undefined || !isSpec(await workspace.openTextDocument(uri))) {
    void window.showInformationMessage(l10n.t("Open a spec to see its graph."))
    return
  }
  const spec = { uri: uri.toString(), index: typeof index === "number" ? index : 0 }
  graphs.show({ kind: "spec", ...spec }, ViewColumn.Beside, true)
}

function uriOf(target: unknown): Uri | undefined {
  if (target instanceof Uri) return target
  return typeof target === "string" ? Uri.parse(target) : undefined
}
