import { l10n, Uri, window, workspace } from "vscode"

/** Asks where a picture goes, and writes it there. */
export async function saveExport(name: string, content: string | Uint8Array): Promise<void> {
  const folder = workspace.workspaceFolders?.[0]?.uri
  // The name is one of a workflow, which may hold what no file name may.
  const safe = name.replace(/[^\p{L}\p{N}._-]+/gu, "-").slice(-100)
  const options = folder ? { defaultUri: Uri.joinPath(folder, safe) } : {}
  const target = await window.showSaveDialog({ ...options, title: l10n.t("Export the graph") })
  if (target === undefined) return
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content
  await workspace.fs.writeFile(target, bytes)
}
