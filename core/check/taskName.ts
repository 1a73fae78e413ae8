import { betterName, labelFault, nameSentence } from "../spec/dnsName.ts"
import { error, withRemedy } from "./report.ts"
import type { TaskRule } from "./rule.ts"

/** A task's name becomes part of the names of its Jobs. */
export const taskName: TaskRule = {
  name: "taskName",
  dialects: ["execution"],
  check: ({ task: { name } }) => {
    if (name === undefined) return []
    const fault = labelFault(name.value)
    if (fault === undefined) return []
    if (fault.kind === "empty") {
      const message = "A task needs a name: its Jobs are called after it."
      return [error("bad-name", name.span, message)]
    }
    const code = fault.kind === "long" ? "name-too-long" : "bad-name"
    const problem = error(code, name.span, nameSentence("Task", name.value, fault))
    const value = betterName(fault)
    return [withRemedy(problem, value === undefined ? undefined : { kind: "rename", value })]
  },
}
