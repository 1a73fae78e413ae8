import type { NeighbourRule } from "./rule.ts"

/** Two tasks of one name: their Jobs would be one, and the run would never end. */
export const duplicateName: NeighbourRule = {
  name: "duplicateName",
  // Where tasks are the keys of a map, a second one is a duplicate key.
  dialects: ["execution", "colonies-workflow"],
  check: (member, { named }) => {
    const name = member.task.name
    if (!name || name.value === "") return []
    const [first] = named(name.value)
    if (!first || first === member) return []
    return [
      {
        code: "duplicate-name",
        severity: "error",
        message: `Another task is named "${name.value}": each needs a name of its own.`,
        span: name.span,
        related: [
          {
            member: first,
            span: first.task.name?.span ?? first.task.span,
            message: `The first task named "${name.value}".`,
          },
        ],
      },
    ]
  },
}
