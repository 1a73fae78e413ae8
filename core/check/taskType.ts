import { entryAt, givenAt, nameSpan, stringAt } from "../spec/lookup.ts"
import { error, hint } from "./report.ts"
import type { TaskRule } from "./rule.ts"

/** KubeGene took type Spark and ran it as a plain Job; nobody who writes Spark means that. */
export const taskType: TaskRule = {
  name: "taskType",
  dialects: ["execution"],
  check: ({ tree, key }) => {
    if (tree.kind !== "map") return []
    if (givenAt(tree, "type") === undefined) {
      const span = entryAt(tree, "type")?.key.span ?? nameSpan(tree, key)
      const message =
        'Without a type this is a Job; KubeGene\'s own controller wants "type: Job" written out.'
      return [hint("portability", span, message)]
    }
    const type = stringAt(tree, "type")
    if (type?.value !== "Spark") return []
    const message =
      'Type "Spark" was never built: the task would run as a plain Job. Use "Job" and start Spark in the command.'
    return [error("bad-value", type.span, message)]
  },
}
