import { readdir, readFile } from "node:fs/promises"
import { homedir } from "node:os"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { toolFolders } from "#core/spec/gcs/toolFolders"
import { readTool } from "#core/spec/gcs/tools"
import { readText } from "#core/spec/readText"
import { splitDocuments } from "#core/spec/split"
import type { ToolPlace, ToolPlaces } from "./language/documentLinks.ts"

/**
 * The tools a gcs file may name, as `name:version`, and where each is written: in the folders "tools"
 * beside it and above it, the nearest first, and in the one where genectl looks. What cannot be
 * read is passed over.
 */
export async function toolsFor(uri: string): Promise<ToolPlaces> {
  const file = uri.startsWith("file:") ? fileURLToPath(uri) : undefined
  const { near, own } = toolFolders(file, homedir())
  const tools = new Map<string, ToolPlace>()
  for (const folder of own === undefined ? near : [...near, own]) {
    const files = await readdir(folder).catch(() => [])
    for (const file of files.filter((name) => /\.ya?ml$/.test(name)).slice(0, mostFiles)) {
      const text = await readFile(join(folder, file), "utf8").catch(() => "")
      const starts = splitDocuments(text)
      for (const [i, start] of starts.entries()) {
        const { tree } = readText(text.slice(start, starts[i + 1] ?? text.length))
        const tool = tree && readTool(tree).tool
        if (!tool || tools.has(tool.key)) continue
        const line = text.slice(0, start + tree.span.start).split("\n").length - 1
        const uri = pathToFileURL(join(folder, file)).href
        tools.set(tool.key, { image: tool.image, uri, line })
      }
    }
  }
  return new Map([...tools].sort(([a], [b]) => (a < b ? -1 : 1)))
}

const mostFiles = 500
