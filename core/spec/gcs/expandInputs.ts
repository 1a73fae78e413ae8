import { nearest } from "../../check/nearest.ts"
import { error, warning } from "../../check/report.ts"
import type { Problem } from "../../problem.ts"
import { entryAt } from "../lookup.ts"
import type { TreeNode } from "../tree.ts"
import { type Input, type Inputs, readInputs, typeOfValue } from "./inputs.ts"

/** The declared inputs with the given values in place of their own; others join in with their type. */
export function giveInputs(
  root: TreeNode,
  given: Readonly<Record<string, unknown>>,
  problems: Problem[],
): Inputs {
  const inputs = new Map<string, Input>(readInputs(root))
  const declared = entryAt(root, "inputs")
  for (const [name, value] of Object.entries(given)) {
    const input = inputs.get(name)
    const type = typeOfValue(value)
    const place = entryAt(declared?.value, name)?.key.span ?? declared?.key.span ?? start(root)
    if (type === undefined || (input?.type !== undefined && input.type !== type)) {
      const wanted = input?.type ?? "string, number, bool or array"
      const message = `The value given for input "${name}" is of type ${type ?? "map or null"}; it has to be ${wanted}.`
      problems.push(error("wrong-type", place, message))
    } else if (!input && !namesTheRun.has(name)) {
      const meant = nearest(name, inputs.keys())
      const message = `A value is given for "${name}", but there is no such input${meant === undefined ? ": the value is not used." : `: did you mean "${meant}"?`}`
      problems.push(warning("unknown-variable", place, message))
    }
    inputs.set(name, { name, type: input?.type ?? type, value })
  }
  for (const input of inputs.values()) {
    if (input.value !== undefined) continue
    const place = entryAt(declared?.value, input.name)?.key.span ?? start(root)
    const message = `Input "${input.name}" has no value: give it one, or a default here.`
    problems.push(error("missing-key", place, message))
  }
  return inputs
}

/** genectl reads these without a declaration. */
const namesTheRun: ReadonlySet<string> = new Set(["executionName", "namespace"])

function start(root: TreeNode): TreeNode["span"] {
  return root.kind === "map" ? (root.entries[0]?.key.span ?? root.span) : root.span
}
