import type { NeighbourRule } from "./rule.ts"

/** A task that waits for itself never starts. */
export const selfDependency: NeighbourRule = {
  name: "selfDependency",
  dialects: ["execution", "gcs", "colonies-workflow"],
  check: ({ task }) => {
    const name = task.name?.value
    if (name === undefined || name === "") return []
    if (!task.dependencies.some(({ target }) => target.value === name)) return []
    return task.dependencies
      .filter(({ target }) => target.value === name)
      .map(({ target }) => ({
        code: "self-dependency",
        severity: "error",
        message: `"${name}" waits for itself.`,
        span: target.span,
        remedy: { kind: "drop-item" },
      }))
  },
}
