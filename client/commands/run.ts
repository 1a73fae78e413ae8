import { type TextDocument, Uri, window, workspace } from "vscode"
import type { PlaceInfo, RunPrepared } from "#engine/protocol"
import { isSpec } from "../specs.ts"
import type { Command } from "./command.ts"

/** Runs a document of the given file, or of the active editor, in the current context. */
export const run: Command = async ({ runs, places, logs }, target, index) => {
  const document = await documentOf(target)
  if (!document) return
  const { place } = await places.open()
  const spec = {
    path: document.uri.fsPath,
    text: document.getText(),
    document: typeof index === "number" ? index : 0,
  }
  const prepared = await runs.call("run/prepare", { place: place.id, spec })
  if (!(await confirm(place, prepared))) return
  const { name } = await runs.call("run/start", {
    place: place.id,
    spec,
    options: { name: prepared.name },
  })
  await logs.show(place.id, name)
}

async function documentOf(target: unknown): Promise<TextDocument | undefined> {
  const uri = uriOf(target) ?? window.activeTextEditor?.document.uri
  if (!uri) {
    void window.showInformationMessage("Open a spec to run it.")
    return undefined
  }
  const document = await workspace.openTextDocument(uri)
  if (isSpec(document)) return document
  const name = workspace.asRelativePath(uri)
  void window.showErrorMessage(
    `"${name}" holds no workflow: neither an Execution, a genectl workflow nor a Colonies spec.`,
  )
  return undefined
}

/** Names what will be created and where, before anything is. */
async function confirm(place: PlaceInfo, { name, jobs, orMore }: RunPrepared): Promise<boolean> {
  const asked = workspace.getConfiguration("kubeExecutions").get("run.confirm") !== "never"
  if (!asked) return true
  const count = `${jobs} ${jobs === 1 ? "Job" : "Jobs"}${orMore ? " or more" : ""}`
  const go = {
    label: `$(play) Run as ${name}`,
    description: `${count} in ${place.context} / ${place.namespace}`,
  }
  return (await window.showQuickPick([go], { title: `Run "${name}"` })) === go
}

function uriOf(target: unknown): Uri | undefined {
  if (target instanceof Uri) return target
  return typeof target === "string" ? Uri.parse(target) : undefined
}
