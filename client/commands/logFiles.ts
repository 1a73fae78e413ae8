import { l10n, Uri, window, workspace } from "vscode"
import type { Command } from "./command.ts"

/** Writes the log in the active editor into a file, without colours. */
export const saveLog: Command = async ({ stepLogs }) => {
  const log = stepLogs.active
  if (!log) {
    void window.showInformationMessage(l10n.t("Open the log of a step to save it."))
    return
  }
  const folder = workspace.workspaceFolders?.[0]?.uri
  const options = folder ? { defaultUri: Uri.joinPath(folder, log.name) } : {}
  const uri = await window.showSaveDialog({
    ...options,
    filters: { [l10n.t("Log")]: ["log", "txt"] },
  })
  if (uri) await workspace.fs.writeFile(uri, new TextEncoder().encode(`${log.text}\n`))
}

/** Removes every copy of a log that is kept on this machine. */
export const clearKeptLogs: Command = async ({ keptLogs }) => {
  const clear = l10n.t("Delete Kept Logs")
  const question = l10n.t("Delete every copy of a log that is kept on this machine?")
  const detail = l10n.t("Logs in the cluster stay, as long as their pods are there.")
  if ((await window.showWarningMessage(question, { modal: true, detail }, clear)) !== clear) return
  await keptLogs.clear()
}
