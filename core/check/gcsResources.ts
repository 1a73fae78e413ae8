import type { Problem } from "../problem.ts"
import { scanReferences } from "../spec/expression.ts"
import { cpuQuantity, memoryQuantity } from "../spec/gcs/amounts.ts"
import { type Inputs, inputsOf } from "../spec/gcs/inputs.ts"
import { givenAt, type StringNode, textAt } from "../spec/lookup.ts"
import { inputProblems } from "./gcsReference.ts"
import { error, hint, warning, withRemedy, writing } from "./report.ts"
import type { TaskRule } from "./rule.ts"

/** What a gcs job asks for: CPUs with or without "c", memory in "G" (10^9 bytes). */
export const gcsResources: TaskRule = {
  name: "gcsResources",
  dialects: ["gcs"],
  check: ({ tree, head }) => {
    const resources = givenAt(tree, "resources")
    const inputs = inputsOf(head)
    return [
      ...check("cpu", '"2c" or "0.5"', cpuQuantity),
      ...check("memory", '"4G"', memoryQuantity),
    ]

    function check(
      key: string,
      forms: string,
      read: (text: string) => string | undefined,
    ): Problem[] {
      const node = textAt(resources, key)
      if (node === undefined) return []
      const text = node.value
      if (scanReferences(text).length > 0) return filledIn(node, inputs)
      const quantity = read(text)
      if (quantity === undefined) {
        const message = `"${text}" is not an amount of ${key} in a gcs file: write it as in ${forms}.`
        const better = text.replace(/\s*(?:iB?|B)$/, "").toUpperCase()
        const isBetter = key === "memory" && /[KMGT]$/.test(better) && read(better) !== undefined
        const problem = error("bad-quantity", node.span, message)
        return [withRemedy(problem, writing(isBetter ? better : undefined))]
      }
      if (key === "memory" && /\d$/.test(quantity)) {
        const message = `"${text}" is ${text} bytes: did you mean "${text}G"?`
        return [withRemedy(warning("bad-quantity", node.span, message), writing(`${text}G`))]
      }
      return []
    }
  },
}

function filledIn(node: StringNode, inputs: Inputs): Problem[] {
  const problems = inputProblems(node, inputs)
  const message = `genectl takes "${node.value}" as it is written and refuses it; ours fills it in.`
  return problems.length > 0 ? problems : [hint("portability", node.span, message)]
}
