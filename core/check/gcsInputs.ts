import type { Problem, Remedy } from "../problem.ts"
import { labelFault, nameSentence } from "../spec/dnsName.ts"
import { type Input, inputsOf, typeOfValue } from "../spec/gcs/inputs.ts"
import { oldBoolean } from "../spec/gcs/oldBoolean.ts"
import { entriesOf, givenAt, stringNode } from "../spec/lookup.ts"
import { itemsOf, type TreeNode, toValue } from "../spec/tree.ts"
import { error, hint, quoting, withRemedy } from "./report.ts"
import type { HeadRule } from "./rule.ts"

/** The declared inputs: a value of the declared type, read alike by YAML of today and of 2005. */
export const gcsInputs: HeadRule = {
  name: "gcsInputs",
  dialects: ["gcs"],
  check: ({ tree, head }) => {
    const inputs = inputsOf(head)
    return entriesOf(givenAt(tree, "inputs")).flatMap(({ key, value }) => {
      const input = inputs.get(String(key.value))
      if (input === undefined) return []
      return ["default", "value"].flatMap((word) => {
        const node = givenAt(value, word)
        return node === undefined ? [] : checkValue(input, word, node)
      })
    })
  },
}

function checkValue(input: Input, word: string, node: TreeNode): Problem[] {
  const problems = checkName(input, node)
  const type = typeOfValue(toValue(node))
  if (input.type === undefined) return problems
  if (type !== input.type) {
    const problem = error("wrong-type", node.span, mismatch(input, word, node, type ?? "map"))
    problems.push(withRemedy(problem, asInput(input, node)))
  } else {
    for (const value of [node, ...itemsOf(node)]) problems.push(...oldYaml(value))
  }
  return problems
}

/** A text that genectl would not take for one. */
export function oldYaml(node: TreeNode): Problem[] {
  const old = oldBoolean(node)
  if (old === undefined) return []
  const message = `genectl reads ${old.source} as true or false: put it in quotes.`
  const remedy = { kind: "source", source: JSON.stringify(old.source) } as const
  return [withRemedy(hint("portability", old.span, message), remedy)]
}

/** The value as the type of the input wants it, where only the writing is wrong. */
function asInput(input: Input, node: TreeNode): Remedy | undefined {
  const old = oldBoolean(node)
  if (input.type === "bool" && old !== undefined) {
    return { kind: "source", source: /^(?:y|yes|on)$/i.test(old.source) ? "true" : "false" }
  }
  return input.type === "string" ? quoting(node) : undefined
}

function mismatch(input: Input, word: string, node: TreeNode, type: string): string {
  const says = `The ${word} of "${input.name}" is of type ${type}, but the input is of type ${input.type}`
  const old = oldBoolean(node)
  if (input.type === "bool" && old !== undefined) {
    return `${says}: write ${/^(?:y|yes|on)$/i.test(old.source) ? "true" : "false"}.`
  }
  if (input.type === "string" && node.kind === "scalar") {
    return `${says}: write "${node.source}" in quotes, or "type: ${type}".`
  }
  return type === "map" ? `${says}.` : `${says}: change one of them.`
}

/** Two inputs become names of Kubernetes objects. */
function checkName(input: Input, node: TreeNode): Problem[] {
  const things: Readonly<Record<string, string>> = {
    executionName: "Execution",
    namespace: "Namespace",
  }
  const thing = Object.hasOwn(things, input.name) ? things[input.name] : undefined
  const name = stringNode(node)
  const fault = name && labelFault(name.value)
  if (thing === undefined || name === undefined || fault === undefined) return []
  return [error("bad-name", node.span, nameSentence(thing, name.value, fault))]
}
