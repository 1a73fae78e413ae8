import { homedir } from "node:os"
import { RelativePattern, Uri, workspace } from "vscode"
import { type ToolsParams, type ToolsResult, toolsRequest } from "#server/protocol"
import type { LanguageServer } from "../languageServer.ts"

/**
 * The tools that a spec may name: those of the setting, of the same tool the later folder's, then those
 * of the folders near the spec. Where nobody set anything, the near ones come first.
 */
export async function readTools(
  language: LanguageServer,
  spec: Uri,
): Promise<Pick<ToolsResult, "tools" | "faults">> {
  const files: { path: string; text: string }[] = []
  for (const folder of toolFolders()) {
    const found = await workspace.findFiles(
      new RelativePattern(folder, "**/*.{yaml,yml}"),
      null,
      mostFiles,
    )
    for (const uri of found.toSorted((a, b) => a.path.localeCompare(b.path))) {
      const text = new TextDecoder().decode(await workspace.fs.readFile(uri))
      files.push({ path: workspace.asRelativePath(uri), text })
    }
  }
  const params: ToolsParams = { files, uri: spec.toString() }
  const { tools, near, faults } = await language.request<ToolsResult>(toolsRequest, params)
  return { tools: isSet() ? { ...near, ...tools } : { ...tools, ...near }, faults }
}

const mostFiles = 1000

function isSet(): boolean {
  const set = workspace.getConfiguration("kubeExecutions").inspect("gcs.tools")
  return [set?.globalValue, set?.workspaceValue, set?.workspaceFolderValue].some(Boolean)
}

function toolFolders(): readonly Uri[] {
  const named = workspace.getConfiguration("kubeExecutions").get<readonly string[]>("gcs.tools")
  return (named ?? []).flatMap((folder) => {
    if (folder.startsWith("~/")) return [Uri.joinPath(Uri.file(homedir()), folder.slice(2))]
    if (folder.startsWith("/") || /^[a-zA-Z]:[\\/]/.test(folder)) return [Uri.file(folder)]
    return (workspace.workspaceFolders ?? []).map(({ uri }) => Uri.joinPath(uri, folder))
  })
}
