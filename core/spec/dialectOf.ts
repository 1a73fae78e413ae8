import type { Dialect } from "../workflow.ts"
import { byName } from "./detect.ts"
import { at, itemsOf, type TreeNode, textOf } from "./tree.ts"

/** What one document is, from what it says, then from the file's name. */
export function dialectOf(root: TreeNode | undefined, path: string): Dialect | undefined {
  const group = textOf(at(root, "apiVersion"))?.value
  if (group?.startsWith("execution.kubegene.io/")) return "execution"
  if (group) return undefined
  if (textOf(at(root, "kind"))?.value === "Execution") return "execution"
  if (textOf(at(root, "version"))?.value.startsWith("genecontainer_")) return "gcs"
  if (at(root, "functionspecs")) return "colonies-workflow"
  if (root?.kind === "seq" && itemsOf(root).some(isFunctionSpec)) return "colonies-workflow"
  if (isFunctionSpec(root)) return "function"
  if (at(root, "workflow") && gcsKeys.some((key) => at(root, key))) return "gcs"
  return byName(path)
}

const gcsKeys = ["inputs", "version", "volumes", "outputs"]

function isFunctionSpec(node: TreeNode | undefined): boolean {
  if (node?.kind !== "map") return false
  const keys = new Set(node.entries.map((entry) => String(entry.key.value).toLowerCase()))
  return (keys.has("funcname") || keys.has("nodename")) && keys.has("conditions")
}
