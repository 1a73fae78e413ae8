import { nearest } from "../../check/nearest.ts"
import { error, hint } from "../../check/report.ts"
import type { Problem } from "../../problem.ts"
import { entriesOf, nameSpan } from "../lookup.ts"
import type { MapEntry, TreeNode } from "../tree.ts"

/** Images by `name:version`. */
export type Tools = ReadonlyMap<string, string>

export interface ToolReading {
  /** Undefined for a document that is no tool. */
  readonly tool: { readonly key: string; readonly image: string } | undefined
  readonly problems: readonly Problem[]
}

const words = ["name", "version", "image", "command", "type", "description"]

/** Reads one document of a tool file. A document with none of a tool's keys is passed over. */
export function readTool(tree: TreeNode): ToolReading {
  const found = new Map<string, MapEntry>()
  for (const entry of entriesOf(tree)) {
    // Go's JSON reader, which genectl uses, does not look at capitals.
    const word = String(entry.key.value).toLowerCase()
    if (words.includes(word)) found.set(word, entry)
  }
  if (found.size === 0) return { tool: undefined, problems: [] }
  const problems: Problem[] = []
  const read = (word: string): string => {
    const value = found.get(word)?.value
    const text =
      value?.kind === "scalar" ? (typeof value.value === "string" ? value.value : value.source) : ""
    if (text !== "") return text
    const span = found.get(word)?.key.span ?? nameSpan(tree, undefined)
    problems.push(
      error(
        "missing-key",
        span,
        `A tool needs ${word === "image" ? "an" : "a"} ${word}: the whole tool folder is refused without it.`,
      ),
    )
    return ""
  }
  const [name, version, image] = [read("name"), read("version"), read("image")]
  const number = found.get("version")?.value
  if (
    number?.kind === "scalar" &&
    typeof number.value === "number" &&
    String(number.value) !== number.source
  ) {
    const message = `genectl reads ${number.source} as the number ${number.value}: put it in quotes.`
    problems.push(hint("portability", number.span, message))
  }
  const isWhole = name !== "" && version !== "" && image !== ""
  return { tool: isWhole ? { key: `${name}:${version}`, image } : undefined, problems }
}

/** What to say of a tool that is in none of the tool files. */
export function missingTool(tool: string, tools: Tools): string {
  const meant = nearest(tool, tools.keys())
  if (meant !== undefined) return `No tool file has "${tool}": did you mean "${meant}"?`
  return `No tool file has "${tool}": ${tools.size === 0 ? 'there are no tool files. They are looked for in folders "tools" beside the workflow and above it and in ~/kubegene/tools; the command line takes them from another folder with --tool-repo' : `there ${tools.size === 1 ? "is 1 other" : `are ${tools.size} others`}`}.`
}
