import type { Problem } from "../problem.ts"
import { spanInside } from "../spec/expressionSpan.ts"
import { type Inputs, inputsOf } from "../spec/gcs/inputs.ts"
import { rangeFault, readRange } from "../spec/gcs/range.ts"
import { readResultCall } from "../spec/gcs/resultCall.ts"
import { onlyInput, rangeNumbers } from "../spec/gcs/rows.ts"
import { givenAt, type StringNode, shown, stringNode } from "../spec/lookup.ts"
import { itemsOf, type TreeNode } from "../spec/tree.ts"
import { oldYaml } from "./gcsInputs.ts"
import { inputProblems, typedInput } from "./gcsReference.ts"
import { error, hint, warning } from "./report.ts"
import type { TaskRule } from "./rule.ts"

/** The rows of a gcs job's commands_iter. */
export const gcsRows: TaskRule = {
  name: "gcsRows",
  dialects: ["gcs"],
  check: ({ tree, head }) => {
    const iter = givenAt(tree, "commands_iter")
    return [...checkVars(iter, inputsOf(head)), ...checkVarsIter(iter, inputsOf(head), true)]
  },
}

/** Rows that are one command each: all of one length, which is the number of columns. */
export function checkVars(iter: TreeNode | undefined, inputs: Inputs): Problem[] {
  const vars = itemsOf(givenAt(iter, "vars"))
  const rows = itemsOf(givenAt(iter, "vars_iter"))
  const problems = vars.flatMap((row) =>
    checkRow(row, inputs, '"vars" takes lists and arrays only'),
  )
  const width = sizeOf(vars[0], inputs)
  if (width === undefined) return problems
  for (const row of vars.slice(1)) {
    const other = sizeOf(row, inputs)
    if (other === undefined || other === width) continue
    const message = `This row has ${other} ${other === 1 ? "value" : "values"}, the first one has ${width}: all rows of "vars" are of one length.`
    problems.push(error("bad-value", row.span, message))
  }
  const [first] = vars
  if (first !== undefined && rows.length > 0 && rows.length !== width) {
    const message = `"vars" has ${width} ${width === 1 ? "column" : "columns"} and "vars_iter" ${rows.length} ${rows.length === 1 ? "row" : "rows"}: together they fill one command, so both numbers have to agree.`
    problems.push(error("bad-value", first.span, message))
  }
  return problems
}

export function checkVarsIter(
  iter: TreeNode | undefined,
  inputs: Inputs,
  takesFunctions: boolean,
): Problem[] {
  return itemsOf(givenAt(iter, "vars_iter")).flatMap((row) => {
    const text = stringNode(row)
    const called = text && takesFunctions ? checkCall(text, inputs) : undefined
    if (called !== undefined) return called
    if (sizeOf(row, inputs) === 0) return [emptyRow(row, text)]
    const more = takesFunctions ? ", range(start, end) and get_result(job)" : " only"
    return checkRow(row, inputs, `"vars_iter" takes lists, arrays${more}`)
  })
}

/** Every choice of values needs one from each row, so an empty row leaves no choice at all. */
function emptyRow(row: TreeNode, text: StringNode | undefined): Problem {
  const message = "This row is empty, so there is nothing to run."
  return text === undefined
    ? error("bad-value", row.span, message)
    : warning("bad-value", row.span, `${message} Another value may be given for the input.`)
}

function sizeOf(row: TreeNode | undefined, inputs: Inputs): number | undefined {
  if (row?.kind === "seq") return row.items.length
  const name = onlyInput(stringNode(row)?.value ?? "")
  const value = name === undefined ? undefined : inputs.get(name)?.value
  return Array.isArray(value) ? value.length : undefined
}

/** A range or a get_result; undefined when the text is neither. */
function checkCall(node: StringNode, inputs: Inputs): Problem[] | undefined {
  const range = readRange(node.value)
  if (range?.kind === "fault") {
    const span = spanInside(node, range.start, range.end)
    return [error("bad-expression", span, `This is not a range: ${range.why}.`)]
  }
  if (range?.kind === "range") {
    const { parameters, strict } = range.call
    const problems = parameters.flatMap((place) => typedInput(node, inputs, ["number"], place))
    const numbers = problems.length === 0 ? rangeNumbers(parameters, inputs) : undefined
    const fault = numbers && rangeFault(...numbers)
    if (fault !== undefined) {
      problems.push(error("bad-expression", node.span, `This range cannot be counted: ${fault}.`))
    }
    if (!strict) {
      const message =
        "genectl takes a space in range() only behind a comma; ours takes it anywhere."
      problems.push(hint("portability", node.span, message))
    }
    return problems
  }
  const result = readResultCall(node.value, "get_result")
  return result === undefined ? undefined : resultProblems(node, result, inputs)
}

/** What get_result and check_result have in common: their form, and the input they may name. */
export function resultProblems(
  node: StringNode,
  reading: NonNullable<ReturnType<typeof readResultCall>>,
  inputs: Inputs,
): Problem[] {
  if (reading.kind === "fault") {
    return [error("bad-expression", node.span, `This is not a call: ${reading.why}.`)]
  }
  const { argument, differs } = reading.call
  const problems =
    argument === undefined
      ? []
      : typedInput(node, inputs, ["string"], {
          start: argument.start + (argument.form === "quoted" ? 1 : 0),
          end: argument.end - (argument.form === "quoted" ? 1 : 0),
        })
  if (differs !== undefined) {
    problems.push(hint("portability", node.span, `${differs}; ours does what is written.`))
  }
  return problems
}

function checkRow(row: TreeNode, inputs: Inputs, wanted: string): Problem[] {
  if (row.kind === "seq") return row.items.flatMap((value) => checkValue(value, inputs))
  const text = stringNode(row)
  if (text !== undefined && onlyInput(text.value) !== undefined) {
    return typedInput(text, inputs, ["array"])
  }
  const what = row.kind === "scalar" ? `"${shown(row)}" is not a row` : "A map is not a row"
  return [error("bad-expression", row.span, `${what}: ${wanted}.`)]
}

function checkValue(value: TreeNode, inputs: Inputs): Problem[] {
  if (value.kind === "seq") {
    return [error("wrong-type", value.span, "A value in a row cannot be a list itself.")]
  }
  const text = stringNode(value)
  if (text === undefined) return []
  return onlyInput(text.value) === undefined
    ? [...inputProblems(text, inputs), ...oldYaml(text)]
    : typedInput(text, inputs, ["string", "number", "bool"])
}
