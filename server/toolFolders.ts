import { readdir, readFile } from "node:fs/promises"
import { homedir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { readTool } from "#core/spec/gcs/tools"
import { readText } from "#core/spec/readText"

/**
 * The tools a gcs file may name, as `name:version`: of the folders "tools" beside it and above it,
 * and of the one where genectl looks. What cannot be read is passed over.
 */
export async function toolsFor(uri: string): Promise<readonly string[]> {
  const folders = [join(homedir(), "kubegene", "tools")]
  if (uri.startsWith("file:")) {
    let folder = dirname(fileURLToPath(uri))
    for (let height = 0; height < mostHeight; height++) {
      folders.push(join(folder, "tools"))
      folder = dirname(folder)
    }
  }
  const tools = new Set<string>()
  for (const folder of folders) {
    const files = await readdir(folder).catch(() => [])
    for (const file of files.filter((name) => /\.ya?ml$/.test(name)).slice(0, mostFiles)) {
      const text = await readFile(join(folder, file), "utf8").catch(() => "")
      for (const document of text.split(/^---(?:\s|$)/m)) {
        const { tree } = readText(document)
        const tool = tree && readTool(tree).tool
        if (tool) tools.add(tool.key)
      }
    }
  }
  return [...tools].sort()
}

const mostHeight = 3
const mostFiles = 500
