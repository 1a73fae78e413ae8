import type { Authority, Problem, ProblemCode, Span } from "../problem.ts"

/** The spec cannot run. */
export function error(code: ProblemCode, span: Span, message: string, by?: Authority): Problem {
  return { code, severity: "error", message, span, ...(by ? { authority: by } : {}) }
}

/** It runs, but not as it reads. */
export function warning(code: ProblemCode, span: Span, message: string, by?: Authority): Problem {
  return { code, severity: "warning", message, span, ...(by ? { authority: by } : {}) }
}

/** Worth knowing. */
export function info(code: ProblemCode, span: Span, message: string, by?: Authority): Problem {
  return { code, severity: "info", message, span, ...(by ? { authority: by } : {}) }
}

/** Style, and what only other programs would object to. */
export function hint(code: ProblemCode, span: Span, message: string, by?: Authority): Problem {
  return { code, severity: "hint", message, span, ...(by ? { authority: by } : {}) }
}
