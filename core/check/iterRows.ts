import type { Problem } from "../problem.ts"
import { givenAt, shown } from "../spec/lookup.ts"
import { itemsOf, type SeqNode, type TreeNode } from "../spec/tree.ts"
import { error, hint, quoting, warning, withRemedy } from "./report.ts"
import type { TaskRule } from "./rule.ts"

/** The rows of an Execution's commandsIter: lists of values, or a get_result list. */
export const iterRows: TaskRule = {
  name: "iterRows",
  dialects: ["execution"],
  check: ({ tree, task }) => {
    const iter = givenAt(tree, "commandsIter")
    const rows = givenAt(iter, "varsIter")
    const items = itemsOf(rows)
    const problems = items.flatMap(checkRow)
    if (iter !== undefined && task.dependencies.length === 0 && !items.some(isCall)) {
      const message =
        "KubeGene's own controller never starts a commandsIter of a task that waits for nothing; ours does."
      problems.push(hint("portability", keySpan(tree), message))
    }
    return problems
  },
}

const form = '[get_result, task, "separator"]'

function checkRow(row: TreeNode): Problem[] {
  if (row.kind === "scalar") {
    const text = typeof row.value === "string" ? row.value.trim() : ""
    const better = text.startsWith("range")
      ? "range() is a word of gcs files; here the values are written out, as in [0, 1, 2]"
      : text.startsWith("get_result")
        ? `here it is a list: ${form}`
        : `each row is a list of values, or ${form}`
    return [error("bad-expression", row.span, `"${shown(row)}" is not a row: ${better}.`)]
  }
  if (row.kind === "map") {
    return [error("bad-expression", row.span, `A row is a list of values, or ${form}.`)]
  }
  if (isCall(row)) return checkCall(row)
  if (row.items.length === 0) {
    const message =
      "This row is empty, so the task has nothing to run. KubeGene's own controller crashes on it."
    return [error("bad-value", row.span, message)]
  }
  return row.items.flatMap(checkValue)
}

function isCall(row: TreeNode): boolean {
  const [first] = itemsOf(row)
  return first?.kind === "scalar" && first.value === "get_result"
}

function checkCall(row: SeqNode): Problem[] {
  const [, task, separator, ...more] = row.items
  if (task === undefined || separator === undefined || more.length > 0) {
    const message = `get_result takes a task and a separator: ${form}; with "" the whole result is one value.`
    return [error("bad-expression", row.span, message)]
  }
  const problems: Problem[] = []
  if (task.kind !== "scalar" || typeof task.value !== "string") {
    problems.push(
      error("bad-expression", task.span, `get_result needs the name of a task here: ${form}.`),
    )
  }
  if (separator.kind !== "scalar" || typeof separator.value !== "string") {
    const better =
      separator.kind === "scalar" && separator.value !== null
        ? `: write "${separator.source}" in quotes`
        : `: ${form}`
    const message = `get_result splits at a text${better}.`
    const problem = error("bad-expression", separator.span, message)
    problems.push(withRemedy(problem, quoting(separator)))
  }
  return problems
}

function checkValue(value: TreeNode): Problem[] {
  if (value.kind !== "scalar" || typeof value.value !== "number") return []
  if (!Number.isInteger(value.value) || Number.isSafeInteger(value.value)) return []
  const message = `${value.source} is too large for a number and loses digits: put it in quotes.`
  return [warning("bad-value", value.span, message)]
}

function keySpan(tree: TreeNode): TreeNode["span"] {
  const entries = tree.kind === "map" ? tree.entries : []
  return entries.findLast(({ key }) => key.value === "commandsIter")?.key.span ?? tree.span
}
