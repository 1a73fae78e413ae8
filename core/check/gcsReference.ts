import type { Problem } from "../problem.ts"
import { type Reference, scanReferences } from "../spec/expression.ts"
import { referenceSpan, spanInside } from "../spec/expressionSpan.ts"
import type { Inputs, InputType } from "../spec/gcs/inputs.ts"
import { onlyInput } from "../spec/gcs/rows.ts"
import type { StringNode } from "../spec/lookup.ts"
import { adjacency, unterminated } from "./iterCommand.ts"
import { nearest } from "./nearest.ts"
import { error } from "./report.ts"

/** The `${…}` of a text that inputs are filled into; `${1}` and `${item}` are for the caller. */
export function inputProblems(node: StringNode, inputs: Inputs): Problem[] {
  return scanReferences(node.value).flatMap((reference) => [
    // Inputs and rows are filled in one after the other, so only two of a kind are too close.
    ...adjacentInputs(node, reference),
    ...(reference.kind === "unterminated" ? unterminated(node, reference) : []),
    ...(reference.kind === "name" ? undefinedInput(node, reference, inputs) : []),
  ])
}

/** A text that has to be one input of certain types, and nothing else. */
export function typedInput(
  node: StringNode,
  inputs: Inputs,
  wanted: readonly InputType[],
  place: { readonly start: number; readonly end: number } = { start: 0, end: node.value.length },
): Problem[] {
  const name = onlyInput(node.value.slice(place.start, place.end))
  const span = spanInside(node, place.start, place.end)
  if (name === undefined) return []
  const input = inputs.get(name)
  if (input === undefined) return [error("unknown-variable", span, unknownInput(name, inputs))]
  if (input.type === undefined || wanted.includes(input.type)) return []
  const message = `Input "${name}" is of type ${input.type}; here it has to be ${wanted.join(", ").replace(/, (\w+)$/, " or $1")}.`
  return [error("wrong-type", span, message)]
}

function adjacentInputs(node: StringNode, reference: Reference): Problem[] {
  if (!reference.adjacent) return []
  const all = scanReferences(node.value)
  const before = all[all.findIndex(({ start }) => start === reference.start) - 1]
  const isInput = (one: Reference | undefined) => one?.kind === "name"
  return isInput(before) === isInput(reference) ? adjacency(node, reference) : []
}

function undefinedInput(node: StringNode, reference: Reference, inputs: Inputs): Problem[] {
  if (inputs.has(reference.name)) return []
  const span = referenceSpan(node, reference)
  return [error("unknown-variable", span, unknownInput(reference.name, inputs))]
}

function unknownInput(name: string, inputs: Inputs): string {
  const meant = nearest(name, inputs.keys())
  if (meant !== undefined) return `There is no input "${name}": did you mean "${meant}"?`
  const shell = /^[A-Z_][A-Z0-9_]*$/.test(name)
    ? `; for a variable of the shell write "$${name}"`
    : ""
  return `There is no input "${name}": declare it under "inputs"${shell}.`
}
