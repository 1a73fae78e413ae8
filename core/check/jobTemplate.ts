import type { Problem } from "../problem.ts"
import { entryAt, givenAt, stringAt } from "../spec/lookup.ts"
import type { TreeNode } from "../spec/tree.ts"
import { error, info, warning } from "./report.ts"
import type { TaskRule } from "./rule.ts"

/** What of a jobTemplate is never used, and what a Job cannot be. */
export const jobTemplate: TaskRule = {
  name: "jobTemplate",
  dialects: ["execution"],
  check: ({ tree }) => {
    const template = givenAt(tree, "jobTemplate")
    if (template === undefined) return []
    const spec = givenAt(template, "spec")
    return [
      ...ignored(givenAt(template, "metadata"), names),
      ...ignored(spec, ours),
      ...restartPolicy(givenAt(givenAt(spec, "template"), "spec"), spec),
    ]
  },
}

const names: Readonly<Record<string, string>> = {
  name: "Jobs are called after the Execution, the task and the step",
  generateName: "Jobs are called after the Execution, the task and the step",
  namespace: "Jobs run in the namespace of the Execution",
}

const ours: Readonly<Record<string, string>> = {
  suspend: "suspend the run instead",
  ttlSecondsAfterFinished: "finished Jobs stay, as evidence, until the run is deleted",
  selector: "Kubernetes chooses it",
  manualSelector: "Kubernetes chooses the selector",
  managedBy: "the Job controller of Kubernetes runs these Jobs",
}

function ignored(node: TreeNode | undefined, reasons: Readonly<Record<string, string>>): Problem[] {
  return Object.entries(reasons).flatMap(([key, why]) => {
    const entry = entryAt(node, key)
    return entry === undefined
      ? []
      : [
          warning(
            "ignored-key",
            entry.key.span,
            `"${key}" is not taken from a jobTemplate: ${why}.`,
          ),
        ]
  })
}

function restartPolicy(pod: TreeNode | undefined, job: TreeNode | undefined): Problem[] {
  const policy = stringAt(pod, "restartPolicy")
  if (policy === undefined || policy.value === "Never") return []
  if (policy.value !== "OnFailure") {
    const message = `A Job's pods cannot have restartPolicy "${policy.value}": use "Never" or "OnFailure".`
    return [error("bad-value", policy.span, message)]
  }
  const failurePolicy = entryAt(job, "podFailurePolicy")
  if (failurePolicy !== undefined) {
    const message = 'Kubernetes takes "podFailurePolicy" only with restartPolicy "Never".'
    return [error("bad-value", failurePolicy.key.span, message)]
  }
  const message =
    'With "OnFailure" a failed try leaves no pod and no log of its own, a lost node counts as a failure, and what follows starts only when the Job is complete.'
  return [info("bad-value", policy.span, message)]
}
