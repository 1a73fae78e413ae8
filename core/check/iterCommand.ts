import type { Problem, Span } from "../problem.ts"
import { type Reference, rowNumber, scanReferences } from "../spec/expression.ts"
import { placesOf } from "../spec/expressionSpan.ts"
import { givenAt, stringAt } from "../spec/lookup.ts"
import { itemsOf, type TreeNode } from "../spec/tree.ts"
import { error, hint, warning } from "./report.ts"
import type { TaskRule } from "./rule.ts"

/** The `${…}` of an Execution's commandsIter.command, against its rows. */
export const iterCommand: TaskRule = {
  name: "iterCommand",
  dialects: ["execution"],
  check: ({ tree }) => {
    const iter = givenAt(tree, "commandsIter")
    const command = stringAt(iter, "command")
    if (command === undefined) return []
    if (command.value === "") {
      return [error("bad-value", command.span, "The command is empty: there is nothing to run.")]
    }
    const rows = itemsOf(givenAt(iter, "varsIter")).length
    const known = knownToShell(tree, command.value)
    const place = placesOf(command)
    return scanReferences(command.value).flatMap((reference) => [
      ...adjacency(reference, place),
      ...checkReference(reference, place, rows, known),
    ])
  },
}

export type Place = (reference: Reference) => Span

/** KubeGene and genectl skip a character after each reference they fill in. */
export function adjacency(reference: Reference, place: Place): Problem[] {
  if (!reference.adjacent || reference.kind === "unterminated") return []
  const message = `KubeGene's own tools leave "\${${reference.name}}" as it is because it stands directly behind another one; ours fill in both.`
  return [hint("portability", place(reference), message)]
}

export function unterminated(reference: Reference, place: Place): Problem[] {
  const message = '"${" has no "}" behind it.'
  return [error("bad-expression", place(reference), message)]
}

function checkReference(
  reference: Reference,
  place: Place,
  rows: number,
  known: (name: string) => boolean,
): Problem[] {
  switch (reference.kind) {
    case "unterminated":
      return unterminated(reference, place)
    case "item":
      return []
    case "row": {
      const number = rowNumber(reference)
      if (number === undefined ? reference.name === "0" : number <= rows) return []
      const has =
        rows === 0
          ? '"varsIter" has no rows'
          : `"varsIter" has ${rows} ${rows === 1 ? "row" : "rows"}`
      const message = `"\${${reference.name}}" is not filled in: ${has}.`
      return [warning("unknown-variable", place(reference), message)]
    }
    case "name": {
      if (known(reference.name)) return []
      const rowsHere =
        rows === 0 ? "" : rows === 1 ? '"${1}" and ' : `"\${1}" to "\${${rows}}" and `
      const message = `"\${${reference.name}}" reaches the shell as it is: only ${rowsHere}"\${item}" are filled in here.`
      return [warning("unknown-variable", place(reference), message)]
    }
  }
}

/**
 * What is left in braces is the shell's own: variables by the custom of capitals, what the command
 * or the template sets, and everything that is more than a name, such as `${x:-1}`.
 */
function knownToShell(tree: TreeNode, command: string): (name: string) => boolean {
  const pod = givenAt(givenAt(givenAt(tree, "jobTemplate"), "spec"), "template")
  const containers = itemsOf(givenAt(givenAt(pod, "spec"), "containers"))
  const names = new Set(
    containers
      .flatMap((container) => itemsOf(givenAt(container, "env")))
      .flatMap((entry) => stringAt(entry, "name")?.value ?? []),
  )
  for (const [, set, loop, read] of command.matchAll(assigned)) names.add(set ?? loop ?? read ?? "")
  return (name) =>
    !/^[A-Za-z_][\w-]*$/.test(name) || /^[A-Z_][A-Z0-9_]*$/.test(name) || names.has(name)
}

/** `x=…`, `for x in …` and `read x`. */
const assigned = /\b([A-Za-z_]\w*)=|\bfor\s+([A-Za-z_]\w*)|\bread\s+(?:-r\s+)?([A-Za-z_]\w*)/g
