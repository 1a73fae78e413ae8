import type { YAMLError } from "yaml"
import type { Problem } from "../problem.ts"
import { trimmed } from "./cursor.ts"

export function syntaxProblem(message: string, start: number, end: number): Problem {
  return { code: "syntax", severity: "error", message, span: { start, end } }
}

/**
 * The parser's mistakes in our words. One slip of the author's makes it stumble again and again, so
 * of each line only the first is told, and of lines that it cannot place one after the other only the
 * first one; and what is missing at the end of the text is told at its last character, not on the
 * line behind it.
 */
export function syntaxProblems(errors: readonly YAMLError[], text: string): readonly Problem[] {
  const problems: Problem[] = []
  const lines = new Set<number>()
  const end = trimmed(text, text.length)
  let before: YAMLError["code"] | undefined
  for (const error of errors) {
    const isMore = error.code === "UNEXPECTED_TOKEN" && error.code === before
    before = error.code
    if (isMore) continue
    const [from, to] = error.pos
    const start = Math.max(Math.min(from, end - 1), 0)
    const line = text.lastIndexOf("\n", start - 1)
    if (lines.has(line)) continue
    lines.add(line)
    problems.push(syntaxProblem(sentence(error), start, Math.max(Math.min(to, end), start)))
  }
  return problems
}

function sentence({ code, message }: YAMLError): string {
  switch (code) {
    case "TAB_AS_INDENT":
      return "A tab cannot indent YAML: use spaces."
    case "BAD_INDENT":
      if (message.startsWith("Flow ")) return unclosed(message)
      return "This line is indented differently from the keys it belongs to."
    case "MISSING_CHAR":
      if (message.startsWith("Missing closing")) return "A quote is opened and not closed."
      if (message.includes("must end with")) return unclosed(message)
      if (message.startsWith("Implicit map keys")) return 'A key needs a ":" behind it.'
      return `${message}.`
    case "BLOCK_IN_FLOW":
      return 'Between brackets a "," is wanted here: no line with a key or a dash can stand in them.'
    case "BLOCK_AS_IMPLICIT_KEY":
      return 'Two keys cannot stand on one line: put the text in quotes if its ":" belongs to it.'
    case "MULTILINE_IMPLICIT_KEY":
      return "The lines below are indented too far, or a key goes over several lines."
    case "MULTIPLE_DOCS":
      return 'Another document starts here: a line "---" is wanted before it.'
    case "RESOURCE_EXHAUSTION":
      return "Nested too deep: nothing reads this."
    case "UNEXPECTED_TOKEN":
      return "This does not belong here."
    default:
      return `${message.replace(/\.?$/, "")}.`
  }
}

function unclosed(message: string): string {
  const closing = /end with a ([\]}])/.exec(message)?.[1]
  if (closing === undefined) return "Lines between brackets are indented further than their key."
  return `A "${closing === "]" ? "[" : "{"}" is opened and not closed.`
}
