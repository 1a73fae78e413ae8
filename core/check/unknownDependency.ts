import { withRemedy, writing } from "./report.ts"
import type { CrossProblem, NeighbourRule } from "./rule.ts"

/** A task waits for a task that is not there. */
export const unknownDependency: NeighbourRule = {
  name: "unknownDependency",
  dialects: ["execution", "gcs", "colonies-workflow"],
  check: ({ task }, { named, nearest }) => {
    const problems: CrossProblem[] = []
    for (const { target } of task.dependencies) {
      if (target.value === "" || named(target.value).length > 0) continue
      const like = nearest(target.value)
      // Waiting for itself is never what was meant.
      const meant = like === task.name?.value ? undefined : like
      const problem: CrossProblem = {
        code: "unknown-dependency",
        severity: "error",
        message: `There is no task "${target.value}"${meant === undefined ? "." : `: did you mean "${meant}"?`}`,
        span: target.span,
      }
      problems.push(withRemedy(problem, writing(meant) ?? { kind: "drop-item" }))
    }
    return problems
  },
}
