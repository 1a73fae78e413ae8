import type { Head } from "../spec/dialect.ts"
import type { TaskFacts } from "../workflow.ts"
import type { NeighbourRule } from "./rule.ts"

/** Jobs are called `<execution>.<task>.<index>`, and Kubernetes takes 63 characters. */
export const nameTooLong: NeighbourRule = {
  name: "nameTooLong",
  dialects: ["execution", "gcs"],
  check: ({ task }, { head }) => {
    const excess = excessOf(task, head)
    const name = task.name
    if (excess <= 0 || !name) return []
    const job = `${head.name?.value}.${name.value}.${lastIndex(task)}`
    return [
      {
        code: "name-too-long",
        severity: "error",
        message: `The Job "${job}" would have a name of ${job.length} characters; Kubernetes takes at most ${limit}. Shorten the task's name or the Execution's by ${excess}.`,
        span: name.span,
      },
    ]
  },
}

const limit = 63

/** How many characters the longest Job name of a task is over the limit. */
export function excessOf(task: TaskFacts, head: Head): number {
  if (!head.name || !task.name) return 0
  // Names that are too long by themselves have a rule of their own.
  if (head.name.value.length > limit || task.name.value.length > limit) return 0
  const job = head.name.value.length + task.name.value.length + String(lastIndex(task)).length + 2
  return job - limit
}

function lastIndex({ steps }: TaskFacts): number {
  return steps.kind === "known" ? Math.max(steps.count - 1, 0) : 0
}
