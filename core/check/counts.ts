import type { Problem } from "../problem.ts"
import { type NumberNode, numberAt } from "../spec/lookup.ts"
import { error, warning } from "./report.ts"
import type { HeadRule, TaskRule } from "./rule.ts"

/** The numbers of a task that cannot be below zero, and those where zero means something. */
export const counts: TaskRule = {
  name: "counts",
  dialects: ["execution"],
  check: ({ tree, task }) => {
    const who = task.name === undefined ? "this task" : `"${task.name.value}"`
    return [
      ...check(
        numberAt(tree, "parallelism"),
        "parallelism",
        `${who} is suspended, none of its steps ever starts.`,
      ),
      ...check(numberAt(tree, "backoffLimit"), "backoffLimit", undefined, 2147483647),
      ...check(
        numberAt(tree, "activeDeadlineSeconds"),
        "activeDeadlineSeconds",
        `every step of ${who} ends as soon as it starts (DeadlineExceeded).`,
      ),
    ]
  },
}

/** How many steps of the whole Execution may run at once. */
export const specParallelism: HeadRule = {
  name: "specParallelism",
  dialects: ["execution"],
  check: ({ tree }) => {
    const spec =
      tree.kind === "map" ? tree.entries.find(({ key }) => key.value === "spec")?.value : undefined
    return check(
      numberAt(spec, "parallelism"),
      "parallelism",
      "the whole Execution is suspended, nothing ever starts.",
    )
  },
}

function check(
  node: NumberNode | undefined,
  key: string,
  atZero?: string,
  most?: number,
): Problem[] {
  if (node === undefined) return []
  if (node.value < 0) {
    return [error("bad-value", node.span, `"${key}" is ${node.source}: it cannot be below 0.`)]
  }
  if (most !== undefined && node.value > most) {
    return [
      error(
        "bad-value",
        node.span,
        `"${key}" is ${node.source}: Kubernetes takes at most ${most}.`,
      ),
    ]
  }
  return node.value === 0 && atZero !== undefined
    ? [warning("bad-value", node.span, `"${key}" is 0: ${atZero}`)]
    : []
}
