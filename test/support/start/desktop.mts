import { accessSync, constants } from "node:fs"
import { delimiter, join } from "node:path"
import { cacheFolder } from "../folders.mts"
import { downloadDesktop, hasDisplay } from "../vscode/editor.mts"

export interface Desktop {
  readonly what: string
  readonly command: string
  readonly args: readonly string[]
}

/** The person's own VS Code, or a downloaded one; undefined where neither can open a window. */
export async function desktopCommand(say: (line: string) => void): Promise<Desktop | undefined> {
  if (!hasDisplay()) return undefined
  const own = onPath(process.platform === "win32" ? ["code.cmd"] : ["code", "code-insiders"])
  if (own !== undefined) return { what: own, command: own, args: argsForRoot() }
  const downloaded = await downloadDesktop(say)
  if (downloaded === undefined) return undefined
  // A profile of its own: this VS Code is not the one that the person lives in.
  const profile = `--user-data-dir=${join(cacheFolder, "desktop", "user")}`
  return { what: downloaded, command: downloaded, args: [profile, ...argsForRoot()] }
}

/** Electron refuses to run as root with its sandbox, and VS Code without a profile named for it. */
function argsForRoot(): readonly string[] {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return []
  return ["--no-sandbox", `--user-data-dir=${join(cacheFolder, "desktop", "user")}`]
}

function onPath(names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
