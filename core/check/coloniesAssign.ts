import type { Problem } from "../problem.ts"
import { readMemory } from "../spec/coloniesAmounts.ts"
import {
  field,
  fieldEntry,
  numberField,
  processesPerNode,
  stringField,
} from "../spec/functionSpec.ts"
import { stringNode } from "../spec/lookup.ts"
import { itemsOf } from "../spec/tree.ts"
import { error, warning } from "./report.ts"
import type { TaskRule } from "./rule.ts"

/** Specs that a Colonies server takes and then never gives to anybody. */
export const coloniesAssign: TaskRule = {
  name: "coloniesAssign",
  dialects: ["function", "colonies-workflow"],
  check: ({ tree, task }) => {
    const conditions = field(tree, "conditions")
    const problems: Problem[] = []
    const counts = {
      nodes: numberField(conditions, "nodes"),
      processes: numberField(conditions, "processes"),
      processespernode: processesPerNode(conditions),
    }
    for (const [name, node] of Object.entries(counts)) {
      if (node === undefined || node.value <= 127) continue
      const message = `"${name}" is ${node.source}: from 128 on the server never assigns a process.`
      problems.push(error("never-assigned", node.span, message, "server"))
    }
    const storage = stringField(conditions, "storage")
    const bytes = storage && readMemory(storage.value)
    if (storage !== undefined && bytes?.kind === "bytes" && bytes.bytes > 0n) {
      const message =
        "A server in its exclusive mode never assigns a process that asks for storage."
      problems.push(warning("never-assigned", storage.span, message, "server"))
    }
    for (const name of itemsOf(field(conditions, "executornames"))) {
      if (stringNode(name)?.value !== "*") continue
      const message =
        'A server in its exclusive mode looks for an executor called "*": leave "executornames" out to take any.'
      problems.push(warning("never-assigned", name.span, message, "server"))
    }
    const type = stringField(conditions, "executortype")
    const hasOther = type === undefined && field(conditions, "executortype") !== undefined
    if ((type === undefined || type.value === "") && !hasOther && tree.kind === "map") {
      const entry = fieldEntry(tree, "conditions")
      const place = type?.span ?? entry?.key.span ?? task.name?.span ?? tree.entries[0]?.key.span
      const message = 'No executor will take this: name its "executortype", as in "kubeexecutor".'
      problems.push(error("never-assigned", place ?? tree.span, message, "server"))
    }
    return problems
  },
}
