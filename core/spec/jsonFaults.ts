import type { Problem } from "../problem.ts"
import type { Dialect } from "../workflow.ts"

/**
 * What YAML takes and JSON does not, in a file that says it is JSON: the tools that read it as such
 * refuse the whole file. The text is a whole document or a task of one.
 */
export function jsonFaults(text: string, dialect: Dialect): readonly Problem[] {
  const problems: Problem[] = []
  for (const match of text.matchAll(token)) {
    const [found] = match
    const fault = faultOf(found)
    if (!fault) continue
    const { sentence, source } = fault
    problems.push(jsonFault(sentence, match.index, lengthOf(found), dialect, source))
  }
  return problems
}

/** A comma behind the last task, where JSON has none. */
export function lastComma(at: number, dialect: Dialect): Problem {
  return jsonFault(commaSentence("]"), at, 1, dialect, "")
}

// Text in quotes is passed over whole, so that nothing is found in it.
const token =
  /"(?:[^"\\\n]|\\.)*"?|,(?=\s*[}\]])|'(?:[^'\n]|'')*'?|(?:#|\/\/)[^\n]*|[^\s"',:[\]{}#]+/g

const plain = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/

function faultOf(
  found: string,
): { readonly sentence: string; readonly source?: string } | undefined {
  const first = found.charAt(0)
  if (first === '"' || plain.test(found)) return undefined
  if (first === ",") return { sentence: commaSentence("} or ]"), source: "" }
  if (first === "#" || found.startsWith("//")) return { sentence: "JSON has no comments" }
  const value = first === "'" ? found.slice(1, -1).replaceAll("''", "'") : found
  return { sentence: "JSON writes text in double quotes", source: JSON.stringify(value) }
}

function commaSentence(before: string): string {
  return `JSON has no comma before ${before}`
}

function lengthOf(found: string): number {
  return found.trimEnd().length
}

function jsonFault(
  sentence: string,
  start: number,
  length: number,
  dialect: Dialect,
  source: string | undefined,
): Problem {
  const isColonies = dialect === "function" || dialect === "colonies-workflow"
  const who = isColonies ? "Colonies refuses the file" : "tools that read JSON refuse the file"
  return {
    code: "syntax",
    severity: isColonies ? "error" : "warning",
    message: `${sentence}: ${who}.`,
    span: { start, end: start + length },
    ...(source === undefined ? {} : { remedy: { kind: "source", source } }),
  }
}
