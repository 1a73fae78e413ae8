import type { Reference } from "../workflow.ts"
import { count } from "./count.ts"
import { withRemedy, writing } from "./report.ts"
import type { CrossProblem, Member, NeighbourRule } from "./rule.ts"

/** A task that reads a result waits for exactly that task, as a whole, and it has one step. */
export const conditionDependency: NeighbourRule = {
  name: "conditionDependency",
  dialects: ["execution", "gcs"],
  check: (member, { named, nearest }) => {
    const { references } = member.task
    if (!references) return []
    const problems: CrossProblem[] = []
    for (const reference of references) {
      const { target } = reference
      if (target.value === "") continue
      const [source] = named(target.value)
      const message = source
        ? wrongWith(member, source, reference)
        : `There is no task "${target.value}" whose result ${reading[reference.by]} could read${meant(nearest(target.value))}`
      if (message === undefined) continue
      const { span } = target
      const problem: CrossProblem = {
        code: "condition-dependency",
        severity: "error",
        message,
        span,
      }
      problems.push(withRemedy(problem, source ? undefined : writing(nearest(target.value))))
    }
    return problems
  },
}

const reading: Readonly<Record<Reference["by"], string>> = {
  get_result: "get_result",
  check_result: "check_result",
  genericCondition: "this condition",
}

function meant(name: string | undefined): string {
  return name === undefined ? "." : `: did you mean "${name}"?`
}

function wrongWith(member: Member, source: Member, reference: Reference): string | undefined {
  const read = reference.target.value
  const by = reading[reference.by]
  const { steps } = source.task
  if (steps.kind === "known" && steps.count > 1) {
    return `"${read}" has ${count(steps.count, "step")}: ${by} reads the result of a task with one step.`
  }
  const { dependencies } = member.task
  const [only] = dependencies
  const own = member.task.name?.value ?? ""
  if (!only || dependencies.length > 1) {
    const waits = only ? `${dependencies.length} tasks` : "no task"
    return `"${own}" waits for ${waits}: with ${by} it must wait for "${read}" and nothing else.`
  }
  if (only.target.value !== read) {
    return `"${own}" waits for "${only.target.value}": with ${by} it must wait for "${read}".`
  }
  return only.type === "whole"
    ? undefined
    : `"${own}" waits for "${read}" step by step: with ${by} the type must be "whole".`
}
