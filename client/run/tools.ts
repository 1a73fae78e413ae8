import { homedir } from "node:os"
import { RelativePattern, Uri, workspace } from "vscode"
import { type ToolsParams, type ToolsResult, toolsRequest } from "#server/protocol"
import type { LanguageServer } from "../languageServer.ts"

/** The tools that the folders of the setting hold: of the same tool the later one counts. */
export async function readTools(language: LanguageServer): Promise<ToolsResult> {
  const files: { path: string; text: string }[] = []
  for (const folder of toolFolders()) {
    const found = await workspace.findFiles(
      new RelativePattern(folder, "**/*.yaml"),
      null,
      mostFiles,
    )
    for (const uri of found.toSorted((a, b) => a.path.localeCompare(b.path))) {
      const text = new TextDecoder().decode(await workspace.fs.readFile(uri))
      files.push({ path: workspace.asRelativePath(uri), text })
    }
  }
  if (files.length === 0) return { tools: {}, faults: [] }
  const params: ToolsParams = { files }
  return language.request<ToolsResult>(toolsRequest, params)
}

const mostFiles = 1000

function toolFolders(): readonly Uri[] {
  const named = workspace.getConfiguration("kubeExecutions").get<readonly string[]>("gcs.tools")
  return (named ?? []).flatMap((folder) => {
    if (folder.startsWith("~/")) return [Uri.joinPath(Uri.file(homedir()), folder.slice(2))]
    if (folder.startsWith("/") || /^[a-zA-Z]:[\\/]/.test(folder)) return [Uri.file(folder)]
    return (workspace.workspaceFolders ?? []).map(({ uri }) => Uri.joinPath(uri, folder))
  })
}
