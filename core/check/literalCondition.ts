import type { Problem } from "../problem.ts"
import { givenAt, shown } from "../spec/lookup.ts"
import type { ScalarNode, SeqNode, TreeNode } from "../spec/tree.ts"
import { error, hint, info, quoting, warning, withRemedy } from "./report.ts"
import type { TaskRule } from "./rule.ts"

/** `condition: {condition: […]}` of an Execution: `[true]`, `[false]` or a check_result list. */
export const literalCondition: TaskRule = {
  name: "literalCondition",
  dialects: ["execution"],
  check: ({ tree, task }) => {
    const list = givenAt(givenAt(tree, "condition"), "condition")
    if (list?.kind !== "seq") return []
    const [first] = list.items
    if (first === undefined) {
      const message = `The condition is empty: write [true], [false] or ${form}. KubeGene's own controller crashes on it.`
      return [error("bad-value", list.span, message)]
    }
    if (first.kind === "scalar" && typeof first.value === "boolean") {
      return checkLiteral(list, first, task.dependencies.length === 0)
    }
    if (first.kind === "scalar" && first.value === "check_result") return checkCall(list)
    const written = first.kind === "scalar" ? ` "${shown(first)}"` : " this"
    const message = `A condition cannot begin with${written}: write [true], [false] or ${form}.`
    return [error("bad-expression", first.span, message)]
  },
}

const form = '[check_result, task, "text"]'

function checkLiteral(list: SeqNode, first: ScalarNode, isRoot: boolean): Problem[] {
  const problems: Problem[] = []
  if (list.items.length > 1) {
    const span = {
      start: list.items[1]?.span.start ?? first.span.end,
      end: list.items.at(-1)?.span.end ?? first.span.end,
    }
    const message = `Nothing is read behind "${first.source}" in a condition.`
    problems.push(warning("bad-expression", span, message))
  }
  if (first.value === false) {
    const message = "This task is always skipped, and so is what waits for it."
    problems.push(info("bad-value", first.span, message))
  }
  if (isRoot) {
    const message =
      "KubeGene's own controller never starts a task that has a condition and waits for nothing; ours does."
    problems.push(hint("portability", list.span, message))
  }
  return problems
}

function checkCall(list: SeqNode): Problem[] {
  const [, task, text, ...more] = list.items
  if (task === undefined || text === undefined || more.length > 0) {
    const message = `check_result takes a task and a text: ${form}.`
    return [error("bad-expression", list.span, message)]
  }
  const problems: Problem[] = []
  if (!isString(task)) {
    problems.push(
      error("bad-expression", task.span, `check_result needs the name of a task here: ${form}.`),
    )
  }
  if (!isString(text)) {
    const better =
      text.kind === "scalar" && text.value !== null
        ? `: write "${text.source}" in quotes`
        : `: ${form}`
    const message = `check_result compares with a text${better}.`
    problems.push(withRemedy(error("bad-expression", text.span, message), quoting(text)))
  }
  return problems
}

function isString(node: TreeNode): boolean {
  return node.kind === "scalar" && typeof node.value === "string"
}
