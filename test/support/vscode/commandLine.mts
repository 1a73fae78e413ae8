import { statSync } from "node:fs"
import { resolve } from "node:path"
import { fileURLToPath } from "node:url"

/** What of desktop `code`'s command line means something to us. */
export interface CommandLine {
  readonly options: ReadonlyMap<string, string | true>
  readonly extensions: readonly string[]
  readonly paths: readonly string[]
}

const takesValue = new Set([
  "crash-reporter-directory",
  "disable-extension",
  "enable-proposed-api",
  "extensionDevelopmentPath",
  "extensionTestsPath",
  "extensions-dir",
  "file-uri",
  "folder-uri",
  "install-extension",
  "locale",
  "log",
  "profile",
  "uninstall-extension",
  "user-data-dir",
])

export function parseCommandLine(args: readonly string[]): CommandLine {
  const options = new Map<string, string | true>()
  const extensions: string[] = []
  const paths: string[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ""
    if (!arg.startsWith("-")) {
      paths.push(arg)
      continue
    }
    // -n, -w and the like are about windows, and there is one.
    if (!arg.startsWith("--")) continue
    const [, name = "", given] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? []
    const next = args[i + 1]
    let value = given
    if (value === undefined && takesValue.has(name) && next && !next.startsWith("--")) {
      value = next
      i++
    }
    if (name === "extensionDevelopmentPath" && value !== undefined) extensions.push(value)
    else options.set(name, value ?? true)
  }
  return { options, extensions, paths }
}

/** The option's value, or undefined where it is absent or has none. */
export function optionOf({ options }: CommandLine, name: string): string | undefined {
  const value = options.get(name)
  return typeof value === "string" ? value : undefined
}

/** The workbench's query for what desktop VS Code would open. */
export function queryOf(line: CommandLine, authority: string): URLSearchParams {
  const query = new URLSearchParams()
  const payload: [string, string][] = []
  for (const path of line.paths.map((one) => resolve(one))) {
    if (path.endsWith(".code-workspace")) query.set("workspace", path)
    else if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) query.set("folder", path)
    else payload.push(["openFile", `vscode-remote://${authority}${path}`])
  }
  const folder = optionOf(line, "folder-uri")
  if (folder !== undefined) query.set("folder", fileURLToPath(folder))
  if (!query.has("folder") && !query.has("workspace")) query.set("ew", "true")
  if (line.options.has("disable-extensions")) payload.push(["disableExtensions", "true"])
  if (payload.length > 0) query.set("payload", JSON.stringify(payload))
  return query
}
