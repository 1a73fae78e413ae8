import type { Problem } from "../problem.ts"
import { rowNumber, scanReferences } from "../spec/expression.ts"
import { placesOf } from "../spec/expressionSpan.ts"
import { type Inputs, inputsOf } from "../spec/gcs/inputs.ts"
import { readResultCall } from "../spec/gcs/resultCall.ts"
import {
  entryAt,
  givenAt,
  nameSpan,
  type StringNode,
  stringAt,
  stringNode,
} from "../spec/lookup.ts"
import { isNull, itemsOf, type TreeNode } from "../spec/tree.ts"
import { inputProblems } from "./gcsReference.ts"
import { error, hint, warning, withRemedy } from "./report.ts"
import type { TaskRule } from "./rule.ts"

/** What a gcs job runs: commands, and a command with rows; each with its `${…}`. */
export const gcsCommands: TaskRule = {
  name: "gcsCommands",
  dialects: ["gcs"],
  check: ({ tree, key, task, head }) => {
    // `job:` with nothing behind it lacks everything; any other kind is for the schema to say.
    if (tree.kind !== "map" && !isNull(tree)) return []
    const inputs = inputsOf(head)
    const commands = itemsOf(givenAt(tree, "commands"))
    const iter = givenAt(tree, "commands_iter")
    const vars = itemsOf(givenAt(iter, "vars"))
    const rows = itemsOf(givenAt(iter, "vars_iter"))
    const problems = commands.flatMap((command) => {
      const node = stringNode(command)
      return node === undefined ? [] : inputProblems(node, inputs)
    })
    if (
      commands.length + vars.length + rows.length === 0 &&
      stringAt(iter, "command") === undefined
    ) {
      const message = `Job "${task.name?.value ?? ""}" has nothing to run: give it "commands", or "commands_iter" with "vars" or "vars_iter".`
      const remedy = { kind: "add", key: "commands", map: tree.span } as const
      problems.push(withRemedy(error("missing-key", nameSpan(tree, key), message), remedy))
    }
    return [...problems, ...checkIter(iter, tree, inputs), ...dropped(tree, rows, vars)]
  },
}

function checkIter(iter: TreeNode | undefined, tree: TreeNode, inputs: Inputs): Problem[] {
  const place = entryAt(tree, "commands_iter")?.key.span
  if (iter?.kind !== "map" || place === undefined) return []
  const command = stringAt(iter, "command")
  const vars = itemsOf(givenAt(iter, "vars"))
  const rows = itemsOf(givenAt(iter, "vars_iter"))
  if (command === undefined || command.value === "") {
    if (vars.length + rows.length === 0) return []
    const message = 'There are rows but no "command" to fill them into.'
    return [error("missing-key", command?.span ?? place, message)]
  }
  const problems = inputProblems(command, inputs)
  if (vars.length + rows.length === 0) {
    const message = 'There is a command but no row to fill into it: give it "vars" or "vars_iter".'
    return [...problems, error("missing-key", place, message)]
  }
  return [...problems, ...rowReferences(command, vars, rows)]
}

function rowReferences(
  command: StringNode,
  vars: readonly TreeNode[],
  rows: readonly TreeNode[],
): Problem[] {
  const widths = vars.flatMap((row) => (row.kind === "seq" ? [row.items.length] : []))
  const isOpen = widths.length < vars.length
  const columns = Math.max(rows.length, ...widths, 0)
  const place = placesOf(command)
  return scanReferences(command.value).flatMap((reference) => {
    const number = rowNumber(reference)
    if (reference.kind !== "row" || (number === undefined && reference.name === "0")) return []
    const span = place(reference)
    if (number === undefined || (number > columns && !isOpen)) {
      const has =
        rows.length > 0
          ? `"vars_iter" has ${plural(rows.length, "row")}`
          : `"vars" has ${plural(columns, "column")}`
      return [error("unknown-variable", span, `"\${${reference.name}}" is not filled in: ${has}.`)]
    }
    if (rows.length > 0 || number <= rows.length) return []
    const message = `genectl counts the rows of "vars_iter" for "\${${number}}" even where only "vars" is given, and refuses this; ours fills it in.`
    return [hint("portability", span, message)]
  })
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`
}

/** With get_result the rows are only known at run time, and an Execution can hold nothing beside them. */
function dropped(tree: TreeNode, rows: readonly TreeNode[], vars: readonly TreeNode[]): Problem[] {
  const isLate = rows.some((row) => {
    const text = stringNode(row)
    return text !== undefined && readResultCall(text.value, "get_result")?.kind === "call"
  })
  if (!isLate) return []
  const iter = givenAt(tree, "commands_iter")
  const lost = [
    itemsOf(givenAt(tree, "commands")).length > 0 ? entryAt(tree, "commands") : undefined,
    vars.length > 0 ? entryAt(iter, "vars") : undefined,
  ]
  return lost.flatMap((entry) =>
    entry === undefined
      ? []
      : [
          withRemedy(
            warning(
              "ignored-key",
              entry.key.span,
              `"${entry.key.value}" is not used because "vars_iter" has a get_result.`,
            ),
            { kind: "drop-entry" },
          ),
        ],
  )
}
