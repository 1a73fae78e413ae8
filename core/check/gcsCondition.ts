import type { Problem } from "../problem.ts"
import { inputsOf } from "../spec/gcs/inputs.ts"
import { readResultCall } from "../spec/gcs/resultCall.ts"
import { onlyInput } from "../spec/gcs/rows.ts"
import { givenAt } from "../spec/lookup.ts"
import { typedInput } from "./gcsReference.ts"
import { resultProblems } from "./gcsRows.ts"
import { error, hint, info } from "./report.ts"
import type { TaskRule } from "./rule.ts"

/** A gcs job's condition: true, false, an input, or check_result(job, "text"). */
export const gcsCondition: TaskRule = {
  name: "gcsCondition",
  dialects: ["gcs"],
  check: ({ tree, head }) => {
    const node = givenAt(tree, "condition")
    if (node === undefined) return []
    if (node.kind !== "scalar" || typeof node.value === "number") {
      return [error("wrong-type", node.span, `A condition is ${forms}.`)]
    }
    if (typeof node.value === "boolean") {
      const message = "This job is always skipped, and so is what waits for it."
      return node.value ? [] : [info("bad-value", node.span, message)]
    }
    if (typeof node.value !== "string") return []
    const text = { ...node, value: node.value }
    const inputs = inputsOf(head)
    const name = onlyInput(text.value)
    if (name !== undefined) return inputCondition()
    const call = readResultCall(text.value, "check_result")
    if (call === undefined) {
      const message = `"${text.value}" is not a condition: write ${forms}.`
      return [error("bad-expression", text.span, message)]
    }
    const problems = resultProblems(text, call, inputs)
    if (call.kind === "call" && call.call.argument === undefined) {
      const message = `Nothing is compared with: the condition holds only when "${call.call.job.value}" prints nothing.`
      problems.push(info("bad-expression", text.span, message))
    }
    return problems

    function inputCondition(): Problem[] {
      const input = inputs.get(name ?? "")
      if (input?.type === "bool") {
        const message = `genectl wants a condition's input to be a string, "true" or "false"; ours takes the bool "${name}" too.`
        return [hint("portability", text.span, message)]
      }
      const problems = typedInput(text, inputs, ["string"])
      if (problems.length > 0 || input === undefined || input.value === undefined) return problems
      if (input.value === "true" || input.value === "false") return []
      const message = `Input "${name}" is "${input.value}"; a condition has to be "true" or "false".`
      return [error("bad-value", text.span, message)]
    }
  },
}

const forms = 'true, false, "${input}" or check_result(job, "text")'
