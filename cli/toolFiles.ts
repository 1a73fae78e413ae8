import { readExactly } from "#core/spec/exact"
import { readTool, type Tools } from "#core/spec/gcs/tools"
import type { Io } from "./io.ts"
import { readSpecFile, walkFolder } from "./specFiles.ts"
import { quote } from "./words.ts"

export type ToolFiles =
  | { readonly kind: "tools"; readonly tools: Tools }
  | { readonly kind: "refused"; readonly sentence: string }

/**
 * The tools of a gcs workflow: a file, or a folder with all `.yaml` files below it. Of tools with
 * the same name and version the later counts, as in genectl; so does its own folder when none is named.
 */
export async function readToolFiles(path: string | undefined, io: Io): Promise<ToolFiles> {
  const root = path ?? (io.env.HOME ? `${io.env.HOME}/kubegene/tools` : undefined)
  const tools = new Map<string, string>()
  if (root === undefined) return { kind: "tools", tools }
  if (/^https?:/.test(root)) {
    return refused(`${quote(root)} is on the network; fetch it first and name the file.`)
  }
  const facts = await io.files.stat(root).catch(() => undefined)
  if (!facts) {
    return path === undefined ? { kind: "tools", tools } : refused(`${quote(path)} does not exist.`)
  }
  for await (const file of facts.kind === "folder" ? walkFolder(root, io) : [root]) {
    if (typeof file !== "string") return refused(file.sentence)
    if (file !== root && !file.endsWith(".yaml")) continue
    const found = await readSpecFile(file, io)
    if (found.kind === "unreadable") return refused(found.sentence)
    for (const { tree, problems } of readExactly(found.text)) {
      const reading = tree && readTool(tree)
      const fault = [...problems, ...(reading?.problems ?? [])].find(
        ({ severity }) => severity === "error",
      )
      if (fault) return refused(`${quote(file)}: ${fault.message}`)
      if (reading?.tool) tools.set(reading.tool.key, reading.tool.image)
    }
  }
  return { kind: "tools", tools }
}

function refused(sentence: string): ToolFiles {
  return { kind: "refused", sentence }
}
