import { givenAt } from "../spec/lookup.ts"
import type { TreeNode } from "../spec/tree.ts"
import type { Dialect } from "../workflow.ts"
import { error } from "./report.ts"
import type { HeadRule } from "./rule.ts"

/** A workflow without tasks: nothing would run, and nothing would ever end it. */
export const emptyWorkflow: HeadRule = {
  name: "emptyWorkflow",
  dialects: ["execution", "gcs", "colonies-workflow"],
  check: ({ dialect, tree, tasks }) => {
    if (tasks !== undefined) return []
    const node = holder(tree, dialect)
    const size =
      node?.kind === "seq" ? node.items.length : node?.kind === "map" ? node.entries.length : 1
    if (node === undefined || size > 0) return []
    const by = dialect === "colonies-workflow" ? "advice" : undefined
    return [error("bad-value", node.span, sentences[dialect], by)]
  },
}

const sentences: Readonly<Record<Dialect, string>> = {
  execution: "An Execution needs at least one task.",
  gcs: "A workflow needs at least one job.",
  "colonies-workflow":
    "A workflow needs at least one function spec: the server would take this one and let it wait for ever.",
  function: "",
}

function holder(tree: TreeNode, dialect: Dialect): TreeNode | undefined {
  if (dialect === "execution") return givenAt(givenAt(tree, "spec"), "tasks")
  if (dialect === "gcs") return givenAt(tree, "workflow")
  return tree.kind === "seq" ? tree : givenAt(tree, "functionspecs")
}
