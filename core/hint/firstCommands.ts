import type { Head } from "../spec/dialect.ts"
import { valueText } from "../spec/expression.ts"
import { fillCommand, product } from "../spec/expressionProduct.ts"
import { expandVars, expandVarsIter, fillInputs } from "../spec/gcs/expandRows.ts"
import { inputsOf } from "../spec/gcs/inputs.ts"
import { givenAt, stringAt } from "../spec/lookup.ts"
import { itemsOf, type TreeNode, toValue } from "../spec/tree.ts"
import type { Dialect } from "../workflow.ts"

/** The first commands of a task as they will run; fewer, or none, where a result decides them. */
export function firstCommands(
  task: TreeNode,
  dialect: Dialect,
  head: Head,
  most: number,
): readonly string[] {
  const commands = dialect === "gcs" ? gcsCommands(task, head) : executionCommands(task)
  const found: string[] = []
  for (const command of commands) {
    if (found.length === most) break
    found.push(command)
  }
  return found
}

function* executionCommands(task: TreeNode): Generator<string> {
  const iter = givenAt(task, "commandsIter")
  if (!iter) {
    const written = givenAt(task, "commandSet") ?? givenAt(task, "commands")
    for (const command of itemsOf(written)) yield valueText(toValue(command))
    return
  }
  const command = stringAt(iter, "command")?.value ?? ""
  const rows = itemsOf(givenAt(iter, "varsIter")).map((row) => itemsOf(row).map(toValue))
  if (rows.some(([first]) => first === "get_result")) return
  yield* numbered(command, product(rows))
}

function* gcsCommands(task: TreeNode, head: Head): Generator<string> {
  const inputs = inputsOf(head)
  for (const command of itemsOf(givenAt(task, "commands"))) {
    yield fillInputs(valueText(toValue(command)), inputs)
  }
  const iter = givenAt(task, "commands_iter")
  if (!iter) return
  const command = fillInputs(stringAt(iter, "command")?.value ?? "", inputs)
  const rows = expandVarsIter(iter, inputs, [])
  const values = rows.flatMap((row) => (row.kind === "values" ? [row.values] : []))
  if (values.length < rows.length) return
  const vars = expandVars(iter, inputs, undefined, [])
  yield* numbered(command, both(vars, values))
}

function* both(
  lines: readonly (readonly unknown[])[],
  rows: readonly (readonly unknown[])[],
): Generator<readonly unknown[]> {
  yield* lines
  if (rows.length > 0) yield* product(rows)
}

function* numbered(command: string, columns: Iterable<readonly unknown[]>): Generator<string> {
  let item = 0
  for (const values of columns) yield fillCommand(command, values, item++)
}
