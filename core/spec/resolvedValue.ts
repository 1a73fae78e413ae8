import type { Dialect } from "../workflow.ts"
import type { Head } from "./dialect.ts"
import { fillCommand, product } from "./expressionProduct.ts"
import { fillInputs } from "./gcs/expandRows.ts"
import { inputsOf } from "./gcs/inputs.ts"
import type { AtOffset } from "./pathAt.ts"
import { at, itemsOf, type TreeNode, toValue } from "./tree.ts"

/** What a value becomes, where that is not what is written. */
export function resolvedValue(
  { path, value }: AtOffset,
  task: TreeNode | undefined,
  dialect: Dialect,
  head: Head,
): string | undefined {
  if (value.kind !== "scalar") return undefined
  if (typeof value.value !== "string") {
    const plain = String(value.value)
    return value.source === "" || value.source === plain ? undefined : plain
  }
  const text = value.value
  if (!text.includes("${")) return undefined
  if (dialect === "execution" && path.at(-1) === "command" && path.at(-2) === "commandsIter") {
    return firstCommand(text, at(at(task, "commandsIter"), "varsIter"))
  }
  const filled = dialect === "gcs" ? fillInputs(text, inputsOf(head)) : text
  return filled === text ? undefined : filled
}

/** The first command of an iteration, unless a result decides it. */
function firstCommand(command: string, rows: TreeNode | undefined): string | undefined {
  const values = itemsOf(rows).map((row) => itemsOf(row).map(toValue))
  if (values.some(([first]) => first === "get_result")) return undefined
  for (const columns of product(values)) return fillCommand(command, columns, 0)
  return undefined
}
