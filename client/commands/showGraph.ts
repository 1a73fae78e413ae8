import { l10n, Uri, ViewColumn, window, workspace } from "vscode"
import { isSpec } from "../specs.ts"
import type { RunsNode } from "../views/runsView.ts"
import type { Command } from "./command.ts"

/** Opens the graph of the run a tree row belongs to; else, beside the text, of a document of ours. */
export const showGraph: Command = async ({ graphs }, target, index) => {
  const node = target as RunsNode | undefined
  if (node?.kind === "run") {
    return graphs.show({ kind: "run", place: node.place, run: node.run.name })
  }
  if (node?.kind === "task" || node?.kind === "step") {
    return graphs.show({ kind: "run", place: node.place, run: node.run })
  }
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
