import { scanReferences } from "../expression.ts"
import { stringNode } from "../lookup.ts"
import type { TreeNode } from "../tree.ts"
import type { Inputs } from "./inputs.ts"
import { type RangeParameter, rangeFault, rangeSize, readRange } from "./range.ts"
import { readResultCall } from "./resultCall.ts"

/** The one input a text consists of, as in "${lanes}". */
export function onlyInput(text: string): string | undefined {
  const [reference, ...more] = scanReferences(text)
  if (reference?.kind !== "name" || more.length > 0) return undefined
  return reference.start === 0 && reference.end === text.length ? reference.name : undefined
}

/** How many values a row of vars_iter has: a number, "dynamic" (get_result), or not known yet. */
export function rowSize(row: TreeNode, inputs: Inputs): number | "dynamic" | undefined {
  if (row.kind === "seq") return row.items.length
  const text = stringNode(row)?.value
  if (text === undefined) return undefined
  if (readResultCall(text, "get_result")?.kind === "call") return "dynamic"
  const range = readRange(text)
  if (range?.kind === "range") {
    const numbers = rangeNumbers(range.call.parameters, inputs)
    if (numbers === undefined || rangeFault(...numbers) !== undefined) return undefined
    return rangeSize(...numbers)
  }
  const name = onlyInput(text)
  const value = name === undefined ? undefined : inputs.get(name)?.value
  return Array.isArray(value) ? value.length : undefined
}

/** start, end and step of a range, where the inputs give them all. */
export function rangeNumbers(
  parameters: readonly RangeParameter[],
  inputs: Inputs,
): [number, number, number] | undefined {
  const numbers = parameters.map(({ value }) =>
    typeof value === "number" ? value : inputs.get(value.input)?.value,
  )
  const [start, end, step = 1] = numbers
  return typeof start === "number" && typeof end === "number" && typeof step === "number"
    ? [start, end, step]
    : undefined
}
