import type { Problem } from "../problem.ts"
import { rowNumber, scanReferences } from "../spec/expression.ts"
import { placesOf } from "../spec/expressionSpan.ts"
import { type Inputs, inputsOf } from "../spec/gcs/inputs.ts"
import { entriesOf, entryAt, givenAt, stringAt, stringNode } from "../spec/lookup.ts"
import { itemsOf, type TreeNode } from "../spec/tree.ts"
import { inputProblems } from "./gcsReference.ts"
import { checkVars, checkVarsIter } from "./gcsRows.ts"
import { error, hint, withRemedy } from "./report.ts"
import type { HeadRule } from "./rule.ts"

/** The outputs of a gcs file. Nothing acts on them, but genectl refuses a workflow for their mistakes. */
export const gcsOutputs: HeadRule = {
  name: "gcsOutputs",
  dialects: ["gcs"],
  check: ({ tree, head }) => {
    const inputs = inputsOf(head)
    const tools = entryAt(tree, "tools")
    const message = '"tools" is not read here: tools are files of their own.'
    return [
      ...(tools === undefined
        ? []
        : [withRemedy(hint("ignored-key", tools.key.span, message), { kind: "drop-entry" })]),
      ...entriesOf(givenAt(tree, "outputs")).flatMap(({ value }) => checkOutput(value, inputs)),
    ]
  },
}

function checkOutput(output: TreeNode, inputs: Inputs): Problem[] {
  const paths = itemsOf(givenAt(output, "paths")).flatMap((path) => {
    const node = stringNode(path)
    return node === undefined ? [] : inputProblems(node, inputs)
  })
  const entry = entryAt(output, "paths_iter")
  if (entry?.value.kind !== "map") return paths
  const iter = entry.value
  const rows = [...itemsOf(givenAt(iter, "vars")), ...itemsOf(givenAt(iter, "vars_iter"))]
  return [
    ...paths,
    ...checkPath(iter, entry.key.span, rows.length > 0, inputs),
    ...checkVars(iter, inputs),
    ...checkVarsIter(iter, inputs, false),
  ]
}

function checkPath(
  iter: TreeNode,
  place: TreeNode["span"],
  hasRows: boolean,
  inputs: Inputs,
): Problem[] {
  const path = stringAt(iter, "path")
  if (path === undefined || path.value === "") {
    if (!hasRows) return []
    const message = 'There are rows but no "path" to fill them into.'
    return [error("missing-key", path?.span ?? place, message)]
  }
  const problems = inputProblems(path, inputs)
  if (!hasRows) {
    const message = 'There is a path but no row to fill into it: give it "vars" or "vars_iter".'
    return [...problems, error("missing-key", place, message)]
  }
  const widths = itemsOf(givenAt(iter, "vars")).map((row) => itemsOf(row).length)
  const most = Math.max(itemsOf(givenAt(iter, "vars_iter")).length, ...widths)
  const placeOf = placesOf(path)
  for (const reference of scanReferences(path.value)) {
    const number = rowNumber(reference)
    if (number === undefined || number <= most) continue
    const message = `"\${${number}}" is not filled in: it has ${most} ${most === 1 ? "row" : "rows"}.`
    problems.push(error("unknown-variable", placeOf(reference), message))
  }
  return problems
}
