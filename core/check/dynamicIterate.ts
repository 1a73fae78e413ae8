import type { CrossProblem, Member, NeighbourRule } from "./rule.ts"

/** Step by step where the steps of a side are not known before it runs. */
export const dynamicIterate: NeighbourRule = {
  name: "dynamicIterate",
  dialects: ["execution", "gcs"],
  check: (member, { dialect }) => {
    if (!member.task.dependencies.some(({ type }) => type === "iterate")) return []
    const problems: CrossProblem[] = []
    member.task.dependencies.forEach((dependency, i) => {
      const target = member.targets[i]
      if (dependency.type !== "iterate" || !target || target === member) return
      const unknown = [member, target].find(({ task }) => task.steps.kind === "dynamic")
      const late = [member, target].find(({ task }) => task.late)
      if (unknown) {
        problems.push({
          code: "dynamic-iterate",
          severity: "error",
          message: `The number of steps of "${nameOf(unknown)}" is known only while it runs: "iterate" cannot pair them, use "whole".`,
          span: dependency.span,
        })
      } else if (late && dialect === "execution") {
        problems.push({
          code: "dynamic-iterate",
          severity: "warning",
          message: `KubeGene's own controller does not wait here: "${nameOf(late)}" has a condition or commandsIter, and there "iterate" has no effect. Use "whole" to be safe.`,
          span: dependency.span,
        })
      }
    })
    return problems
  },
}

function nameOf({ task }: Member): string {
  return task.name?.value ?? ""
}
