import type { Problem } from "../problem.ts"
import {
  field,
  fieldEntry,
  isContainerSpec,
  numberField,
  processesPerNode,
} from "../spec/functionSpec.ts"
import type { NumberNode } from "../spec/lookup.ts"
import type { TreeNode } from "../spec/tree.ts"
import { error } from "./report.ts"
import type { TaskRule } from "./rule.ts"

/** The numbers without which the KubeExecutor refuses to run a container. */
export const coloniesContainer: TaskRule = {
  name: "coloniesContainer",
  dialects: ["function", "colonies-workflow"],
  check: ({ tree }) => {
    if (!isContainerSpec(tree)) return []
    const conditions = field(tree, "conditions")
    const outer = fieldEntry(tree, "funcname")?.key.span ?? tree.span
    const inner = fieldEntry(tree, "conditions")?.key.span ?? outer
    const walltime = numberField(conditions, "walltime")
    const maxexectime = numberField(tree, "maxexectime")
    const needed: [
      NumberNode | undefined,
      TreeNode | undefined,
      string,
      Problem["span"],
      string,
    ][] = [
      [
        processesPerNode(conditions),
        field(conditions, "processespernode"),
        "processespernode",
        inner,
        "how many containers each pod has",
      ],
      [
        numberField(conditions, "nodes"),
        field(conditions, "nodes"),
        "nodes",
        inner,
        "how many pods the Job has",
      ],
      [
        walltime,
        field(conditions, "walltime"),
        "walltime",
        inner,
        "after how many seconds a pod is ended",
      ],
      [
        maxexectime,
        field(tree, "maxexectime"),
        "maxexectime",
        outer,
        "how many seconds an executor may keep the process",
      ],
      [
        numberField(tree, "maxretries"),
        field(tree, "maxretries"),
        "maxretries",
        outer,
        "how often the process may be tried again",
      ],
    ]
    return [
      ...needed.flatMap(([node, written, name, place, meaning]) => {
        // Another type stands there: the schema has said so.
        if (node === undefined && written !== undefined) return []
        if (node !== undefined && node.value > 0) return []
        if (node === undefined) {
          const message = `The KubeExecutor wants "${name}": ${meaning}.`
          return [error("missing-key", place, message, "executor")]
        }
        const message = `"${name}" is ${node.source}; the KubeExecutor wants 1 or more: ${meaning}.`
        return [error("bad-value", node.span, message, "executor")]
      }),
      ...tooShort(walltime, maxexectime),
    ]
  },
}

function tooShort(
  walltime: NumberNode | undefined,
  maxexectime: NumberNode | undefined,
): Problem[] {
  if (walltime === undefined || maxexectime === undefined) return []
  if (walltime.value <= 0 || walltime.value >= maxexectime.value) return []
  const message = `"walltime" is ${walltime.source} and "maxexectime" ${maxexectime.source}: the pod would be ended before the executor's time is up, and the KubeExecutor refuses that.`
  const related = [
    { span: maxexectime.span, message: `"maxexectime" is ${maxexectime.source} here` },
  ]
  return [{ ...error("walltime-too-short", walltime.span, message, "executor"), related }]
}
