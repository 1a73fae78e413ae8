import { count } from "./count.ts"
import type { CrossProblem, NeighbourRule } from "./rule.ts"

/** Step by step needs the same number of steps on both sides. */
export const iterateMismatch: NeighbourRule = {
  name: "iterateMismatch",
  dialects: ["execution", "gcs"],
  check: ({ task, targets }) => {
    if (!task.dependencies.some(({ type }) => type === "iterate")) return []
    const problems: CrossProblem[] = []
    task.dependencies.forEach((dependency, i) => {
      const target = targets[i]
      if (dependency.type !== "iterate" || !target || target.task === task) return
      const own = task.steps
      const other = target.task.steps
      if (own.kind !== "known" || other.kind !== "known" || own.count === other.count) return
      // A task with nothing to run is told so; that the numbers differ then is no news.
      if (own.count === 0 || other.count === 0) return
      const name = task.name?.value ?? ""
      problems.push({
        code: "iterate-mismatch",
        severity: "error",
        message: `"${name}" has ${count(own.count, "step")} and "${dependency.target.value}" has ${other.count}: "iterate" needs the same number on both sides.`,
        span: dependency.span,
        related: [
          {
            member: target,
            span: target.task.name?.span ?? target.task.span,
            message: `"${dependency.target.value}" has ${count(other.count, "step")}.`,
          },
        ],
      })
    })
    return problems
  },
}
