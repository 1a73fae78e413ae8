import { error } from "../../check/report.ts"
import { mostSteps } from "../../plan/commands.ts"
import type { Problem } from "../../problem.ts"
import { substitute, valueText } from "../expression.ts"
import { givenAt, stringNode } from "../lookup.ts"
import { itemsOf, type TreeNode, toValue } from "../tree.ts"
import { type Inputs, typeOfValue } from "./inputs.ts"
import { rangeFault, rangeSize, rangeValues, readRange } from "./range.ts"
import { readResultCall } from "./resultCall.ts"
import { onlyInput, rangeNumbers } from "./rows.ts"

/** A row of vars_iter with its values, or the get_result that will give them at run time. */
export type Row =
  | { readonly kind: "values"; readonly values: readonly unknown[] }
  | { readonly kind: "result"; readonly job: string; readonly separator: string }

/** A text with the inputs in their places; what no input gives stays as it is. */
export function fillInputs(text: string, inputs: Inputs): string {
  return substitute(text, ({ kind, name }) => {
    const value = kind === "name" ? inputs.get(name)?.value : undefined
    return value === undefined ? undefined : valueText(value)
  })
}

export function expandVarsIter(
  iter: TreeNode | undefined,
  inputs: Inputs,
  problems: Problem[],
): readonly Row[] {
  return itemsOf(givenAt(iter, "vars_iter")).flatMap((row): Row[] => {
    const text = stringNode(row)?.value ?? ""
    const call = readResultCall(text, "get_result")
    if (call?.kind === "call") {
      const { job, argument } = call.call
      const separator = argument === undefined ? "" : argumentText(argument, inputs)
      return [{ kind: "result", job: job.value, separator }]
    }
    const range = readRange(text)
    const values =
      range?.kind === "range"
        ? countRange(row, rangeNumbers(range.call.parameters, inputs), problems)
        : rowValues(row, inputs, problems)
    if (values?.length === 0) {
      const message = "This row is empty, so there is nothing to run."
      problems.push(error("bad-value", row.span, message))
    }
    return values === undefined ? [] : [{ kind: "values", values }]
  })
}

/** The rows of vars, which have to be of one length, and of as many columns as vars_iter has rows. */
export function expandVars(
  iter: TreeNode | undefined,
  inputs: Inputs,
  columns: number | undefined,
  problems: Problem[],
): readonly (readonly unknown[])[] {
  const nodes = itemsOf(givenAt(iter, "vars"))
  const all = nodes.map((node) => rowValues(node, inputs, problems) ?? [])
  const width = all[0]?.length
  for (const [index, values] of all.entries()) {
    const node = nodes[index]
    if (node === undefined || values.length === width) continue
    const message = `This row has ${values.length} values, the first one has ${width}: all rows of "vars" are of one length.`
    problems.push(error("bad-value", node.span, message))
  }
  if (width !== undefined && columns !== undefined && columns !== width && nodes[0] !== undefined) {
    const message = `"vars" has ${width} columns and "vars_iter" ${columns} rows: both numbers have to agree.`
    problems.push(error("bad-value", nodes[0].span, message))
  }
  return all
}

export function argumentText(
  argument: { readonly value: string; readonly form: "quoted" | "input" },
  inputs: Inputs,
): string {
  return fillInputs(argument.form === "input" ? `\${${argument.value}}` : argument.value, inputs)
}

function rowValues(
  row: TreeNode | undefined,
  inputs: Inputs,
  problems: Problem[],
): readonly unknown[] | undefined {
  if (row === undefined) return undefined
  if (row.kind === "seq") {
    return row.items.map((item) => {
      const text = stringNode(item)?.value
      const name = text === undefined ? undefined : onlyInput(text)
      const given = name === undefined ? undefined : inputs.get(name)?.value
      if (given !== undefined) return given
      return text === undefined ? toValue(item) : fillInputs(text, inputs)
    })
  }
  const name = onlyInput(stringNode(row)?.value ?? "")
  const value = name === undefined ? undefined : inputs.get(name)?.value
  if (Array.isArray(value)) return value
  const isThere = name !== undefined && value !== undefined
  const message = isThere
    ? `Input "${name}" is of type ${typeOfValue(value) ?? "map"}; a row has to be an array.`
    : "This row has no values."
  problems.push(error(isThere ? "wrong-type" : "bad-value", row.span, message))
  return undefined
}

function countRange(
  row: TreeNode,
  numbers: [number, number, number] | undefined,
  problems: Problem[],
): readonly unknown[] | undefined {
  if (numbers === undefined) {
    problems.push(
      error("bad-expression", row.span, "This range needs numbers for its start, end and step."),
    )
    return undefined
  }
  const fault = rangeFault(...numbers)
  if (fault !== undefined) {
    problems.push(error("bad-expression", row.span, `This range cannot be counted: ${fault}.`))
    return undefined
  }
  const size = rangeSize(...numbers)
  if (size > mostSteps) {
    const message = `This range has ${size} numbers; one workflow can hold ${mostSteps} commands.`
    problems.push(error("fan-out", row.span, message))
    return undefined
  }
  return rangeValues(...numbers)
}
