import { resolve } from "node:path"
import { readExactly } from "#core/spec/exact"
import { toolFolders } from "#core/spec/gcs/toolFolders"
import { readTool, type Tools } from "#core/spec/gcs/tools"
import type { Io } from "./io.ts"
import { readSpecFile, walkFolder } from "./specFiles.ts"
import { quote } from "./words.ts"

export type ToolFiles =
  | { readonly kind: "tools"; readonly tools: Tools }
  | { readonly kind: "refused"; readonly sentence: string }

/**
 * The tools of a gcs workflow: a file, or a folder with all `.yaml` files below it. Of tools with
 * the same name and version the later counts, as in genectl. When none is named they are looked for
 * as the editor does: near the spec, and in genectl's own folder.
 */
export async function readToolFiles(
  path: string | undefined,
  spec: string,
  io: Io,
): Promise<ToolFiles> {
  if (path !== undefined) return readRepo(path, io)
  const { near, own } = toolFolders(spec === "-" ? undefined : resolve(spec), io.env.HOME)
  const known = own !== undefined && (await io.files.stat(own).catch(() => undefined))
  const repo: ToolFiles =
    known && own !== undefined ? await readRepo(own, io) : { kind: "tools", tools: new Map() }
  if (repo.kind === "refused") return repo
  // The nearest counts, so it is read last.
  const tools = new Map(repo.tools)
  for (const folder of near.toReversed()) {
    for (const [key, image] of await readNear(folder, io)) tools.set(key, image)
  }
  return { kind: "tools", tools }
}

/** Nobody said that these are tool files: what is none, or cannot be read, is passed over. */
async function readNear(folder: string, io: Io): Promise<Tools> {
  const tools = new Map<string, string>()
  const entries = await io.files.list(folder).catch(() => [])
  const names = entries.filter(({ name, kind }) => kind === "file" && /\.ya?ml$/.test(name))
  for (const { name } of names.slice(0, mostFiles)) {
    const found = await readSpecFile(`${folder}/${name}`, io)
    if (found.kind === "unreadable") continue
    for (const { tree } of readExactly(found.text)) {
      const tool = tree && readTool(tree).tool
      if (tool && !tools.has(tool.key)) tools.set(tool.key, tool.image)
    }
  }
  return tools
}

const mostFiles = 500

async function readRepo(root: string, io: Io): Promise<ToolFiles> {
  const tools = new Map<string, string>()
  if (/^https?:/.test(root)) {
    return refused(`${quote(root)} is on the network; fetch it first and name the file.`)
  }
  const facts = await io.files.stat(root).catch(() => undefined)
  if (!facts) return refused(`${quote(root)} does not exist.`)
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
