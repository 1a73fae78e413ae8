import type { Problem, Span } from "../problem.ts"
import type { Dialect } from "../workflow.ts"

/** What etcd takes in one request unless told otherwise; the object needs room for its status, too. */
const limit = 1.5 * 1024 * 1024

/** An object that Kubernetes would not keep, by the bytes it takes as JSON. */
export function tooLarge(dialect: Dialect, bytes: number, span: Span): readonly Problem[] {
  if (bytes <= limit || (dialect !== "execution" && dialect !== "gcs")) return []
  const size = (bytes / 1024 / 1024).toFixed(1)
  return [
    {
      code: "too-large",
      severity: "error",
      message: `This Execution takes about ${size} MiB and Kubernetes keeps at most 1.5 MiB: let one task make many steps (commandsIter), or split the workflow.`,
      span,
      authority: "server",
    },
  ]
}
