import type { Authority, Problem, ProblemCode, Remedy, Severity, Span } from "../problem.ts"
import type { TreeNode } from "../spec/tree.ts"

/** The spec cannot run. */
export function error(code: ProblemCode, span: Span, message: string, by?: Authority): Problem {
  return problem(code, "error", span, message, by)
}

/** It runs, but not as it reads. */
export function warning(code: ProblemCode, span: Span, message: string, by?: Authority): Problem {
  return problem(code, "warning", span, message, by)
}

/** Worth knowing. */
export function info(code: ProblemCode, span: Span, message: string, by?: Authority): Problem {
  return problem(code, "info", span, message, by)
}

/** Style, and what only other programs would object to. */
export function hint(code: ProblemCode, span: Span, message: string, by?: Authority): Problem {
  return problem(code, "hint", span, message, by)
}

/** The same problem with what would be right, if that is known. */
export function withRemedy<P extends { readonly remedy?: Remedy }>(
  problem: P,
  remedy: Remedy | undefined,
): P {
  return remedy ? { ...problem, remedy } : problem
}

/** The remedy of a name or value for which another one is known. */
export function writing(value: string | undefined): Remedy | undefined {
  return value === undefined ? undefined : { kind: "write", value }
}

/** The remedy of a value that only lacks quotes. */
export function quoting(node: TreeNode): Remedy | undefined {
  if (node.kind !== "scalar" || typeof node.value === "string" || node.source === "")
    return undefined
  return { kind: "source", source: JSON.stringify(node.source) }
}

function problem(
  code: ProblemCode,
  severity: Severity,
  span: Span,
  message: string,
  by: Authority | undefined,
): Problem {
  return { code, severity, message: shortened(message), span, ...(by ? { authority: by } : {}) }
}

/** Sentences name the user's own texts, and a text may be a whole script. */
function shortened(message: string): string {
  if (message.length <= usual) return message
  const cut = message.replace(/"[^"]{100,}"/g, (text) => `${text.slice(0, 60)}…${text.slice(-20)}`)
  return cut.length <= most ? cut : `${cut.slice(0, most - 100)}…${cut.slice(-99)}`
}

const usual = 240
const most = 800
