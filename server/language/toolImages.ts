import { readExactly } from "#core/spec/exact"
import { readTool } from "#core/spec/gcs/tools"
import type { ToolsParams, ToolsResult } from "../protocol.ts"

/** Reads tool files; of tools with the same name and version the later counts, as in genectl. */
export function toolImages(files: ToolsParams["files"]): Pick<ToolsResult, "tools" | "faults"> {
  const found: Record<string, string> = {}
  const faults: string[] = []
  for (const { path, text } of files) {
    for (const { tree, problems } of readExactly(text)) {
      const reading = tree && readTool(tree)
      const fault = [...problems, ...(reading?.problems ?? [])].find(
        ({ severity }) => severity === "error",
      )
      if (fault) faults.push(`"${path}": ${fault.message}`)
      else if (reading?.tool) found[reading.tool.key] = reading.tool.image
    }
  }
  return { tools: found, faults }
}
