import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { downloadAndUnzipVSCode } from "@vscode/test-electron"
import { cacheFolder } from "../folders.mts"
import { vscodeVersion } from "./versions.mts"

export interface Editor {
  readonly what: string
  readonly executable: string
}

/**
 * The VS Code that extension suites run in: the one that VSCODE_EXECUTABLE names, a downloaded
 * desktop where there is a display and a way to get it, or the server with its workbench in Chromium.
 */
export async function chooseEditor(say: (line: string) => void): Promise<Editor> {
  const named = process.env.VSCODE_EXECUTABLE
  if (named) return { what: `${named}, named by VSCODE_EXECUTABLE`, executable: named }
  if (hasDisplay()) {
    const desktop = await downloadDesktop(say)
    if (desktop !== undefined) return { what: `desktop ${desktop}`, executable: desktop }
  }
  const executable = fileURLToPath(new URL("code", import.meta.url))
  return { what: `${vscodeVersion}, server and workbench in Chromium`, executable }
}

export function hasDisplay(): boolean {
  if (process.platform !== "linux") return true
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

export async function downloadDesktop(say: (line: string) => void): Promise<string | undefined> {
  try {
    return await downloadAndUnzipVSCode({
      version: vscodeVersion,
      cachePath: join(cacheFolder, "desktop"),
      timeout: 20_000,
    })
  } catch (error) {
    say(`no desktop VS Code can be downloaded (${error instanceof Error ? error.message : error})`)
    return undefined
  }
}
