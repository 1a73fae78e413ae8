import type { Problem, Span } from "../problem.ts"
import { type Reference, scanReferences } from "../spec/expression.ts"
import { placesOf, spanInside } from "../spec/expressionSpan.ts"
import type { Inputs, InputType } from "../spec/gcs/inputs.ts"
import { onlyInput } from "../spec/gcs/rows.ts"
import type { StringNode } from "../spec/lookup.ts"
import { adjacency, unterminated } from "./iterCommand.ts"
import { nearest } from "./nearest.ts"
import { error, withRemedy, writing } from "./report.ts"

/** The `${…}` of a text that inputs are filled into; `${1}` and `${item}` are for the caller. */
export function inputProblems(node: StringNode, inputs: Inputs): Problem[] {
  const place = placesOf(node)
  const unknown = new Map<string, string>()
  return scanReferences(node.value).flatMap((reference, index, all) => {
    // Inputs and rows are filled in one after the other, so only two of a kind are too close.
    const isTooClose = isInput(all[index - 1]) === isInput(reference)
    const problems = isTooClose ? adjacency(reference, place) : []
    if (reference.kind === "unterminated") return [...problems, ...unterminated(reference, place)]
    if (!isInput(reference) || inputs.has(reference.name)) return problems
    const sentence = unknown.get(reference.name) ?? unknownInput(reference.name, inputs)
    unknown.set(reference.name, sentence)
    const span = place(reference)
    const problem = error("unknown-variable", span, sentence)
    return [...problems, withRemedy(problem, meantInput(node, span, reference.name, inputs))]
  })
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
  if (input === undefined) {
    const problem = error("unknown-variable", span, unknownInput(name, inputs))
    return [withRemedy(problem, meantInput(node, span, name, inputs))]
  }
  if (input.type === undefined || wanted.includes(input.type)) return []
  const message = `Input "${name}" is of type ${input.type}; here it has to be ${wanted.join(", ").replace(/, (\w+)$/, " or $1")}.`
  return [error("wrong-type", span, message)]
}

function isInput(reference: Reference | undefined): boolean {
  return reference?.kind === "name"
}

/** The text with the input that was meant: all of it where the place of the reference is not certain. */
function meantInput(node: StringNode, span: Span, name: string, inputs: Inputs) {
  const meant = nearest(name, inputs.keys())
  if (meant === undefined) return undefined
  const isWhole = span.start === node.span.start && span.end === node.span.end
  return writing(
    isWhole ? node.value.replaceAll(`\${${name}}`, () => `\${${meant}}`) : `\${${meant}}`,
  )
}

function unknownInput(name: string, inputs: Inputs): string {
  const meant = nearest(name, inputs.keys())
  if (meant !== undefined) return `There is no input "${name}": did you mean "${meant}"?`
  const shell = /^[A-Z_][A-Z0-9_]*$/.test(name)
    ? `; for a variable of the shell write "$${name}"`
    : ""
  return `There is no input "${name}": declare it under "inputs"${shell}.`
}
