import { env, l10n, Uri, window } from "vscode"
import { addProfile } from "../colonies/addProfile.ts"
import { environmentName } from "../colonies/profiles.ts"
import { mayChange, mayTouch } from "../places/guard.ts"
import type { Command, CommandContext } from "./command.ts"
import { knownRun, rowsOf } from "./rows.ts"

/** Adds a Colonies server; from then on new runs go there. */
export const addColony: Command = async ({ colonies, places }) => {
  const name = await addProfile(colonies)
  if (name === undefined) return
  await places.choose({ kind: "colonies", profile: name })
  await places.open()
}

/** Its keys go with it. */
export const forgetColony: Command = async ({ colonies, places }) => {
  const names = colonies.list.map(({ name }) => name).filter((name) => name !== environmentName)
  const title = l10n.t("Forget a Colonies Server")
  if (names.length === 0) {
    void window.showInformationMessage(l10n.t("No Colonies server was added here."))
    return
  }
  const name = await window.showQuickPick(names, {
    title,
    placeHolder: l10n.t("Its address and keys are deleted here; the colony itself stays"),
  })
  if (name === undefined) return
  await colonies.forget(name)
  const { choice } = places
  if (choice?.kind === "colonies" && choice.profile === name) await places.choose(undefined)
}

export const refreshColony: Command = async ({ colonyView }) => colonyView.refresh()

/** Of a run, an executor or a function, whole as its server knows it. */
export const copyId: Command = async (context, node, nodes) => {
  const own = textOf(node, "id")
  const [row] = rowsOf(node, nodes)
  const id = row === undefined ? own : (knownRun(context, row)?.id ?? row.run)
  if (id === undefined) return
  await env.clipboard.writeText(id)
  window.setStatusBarMessage(l10n.t("Copied {id}", { id }), 3_000)
}

export const downloadFile: Command = async ({ runs, places }, node) => {
  const file = fileOf(node, places.current?.id)
  if (!file) return
  const { place, label, name } = file
  const target = await window.showSaveDialog({
    title: l10n.t('Save "{name}"', { name }),
    defaultUri: Uri.file(name),
  })
  if (!target) return
  await runs.call("colony/download", { place, label, name, path: target.fsPath })
  window.setStatusBarMessage(l10n.t('Saved "{name}"', { name }), 3_000)
}

export const removeFile: Command = async (context, node) => {
  const file = fileOf(node, context.places.current?.id)
  if (!file) return
  const { place, label, name } = file
  const there = placeNameOf(context, place)
  if (!(await mayChange(there))) return
  const remove = l10n.t("Remove")
  const sentence = l10n.t(
    'Remove "{label}/{name}" from the colony, with all of its revisions? Copies that were fetched stay.',
    { label, name },
  )
  const answer = await window.showWarningMessage(sentence, { modal: true }, remove)
  if (answer !== remove) return
  const title = l10n.t('Remove a file of the protected context "{context}"', { context: there })
  if (!(await mayTouch(there, title, l10n.t("Type the context's name.")))) return
  await context.runs.call("colony/removeFile", { place, label, name })
  context.colonyView.refresh()
}

function placeNameOf({ runs }: CommandContext, id: string): string {
  return runs.places.find(({ place }) => place.id === id)?.place.context ?? ""
}

/** A row of the view, or a file that another extension names in the place new runs go to. */
function fileOf(node: unknown, current: string | undefined) {
  const place = textOf(node, "place") ?? current
  const [label, name] = [textOf(node, "label"), textOf(node, "name")]
  if (place === undefined || label === undefined || name === undefined) return undefined
  return { place, label, name }
}

function textOf(node: unknown, key: string): string | undefined {
  if (typeof node !== "object" || node === null) return undefined
  const value = (node as Readonly<Record<string, unknown>>)[key]
  return typeof value === "string" ? value : undefined
}
