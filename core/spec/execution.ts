import type { Span } from "../problem.ts"
import type { Dependency, Reference, StepCount, TaskFacts } from "../workflow.ts"
import type { DialectReader } from "./dialect.ts"
import { at, isNull, itemsOf, type TreeNode, textOf } from "./tree.ts"

/** KubeGene's Execution: a Kubernetes object whose spec.tasks is a list. */
export const execution: DialectReader = {
  dialect: "execution",
  taskPaths: [["spec", "tasks"]],
  tasksAre: "list",
  readHead: (root) => {
    const metadata = at(root, "metadata")
    return { name: textOf(at(metadata, "name")), namespace: textOf(at(metadata, "namespace")) }
  },
  readTask,
}

function readTask(body: TreeNode): TaskFacts {
  const iter = present(at(body, "commandsIter"))
  const condition = present(at(body, "condition"))
  const generic = present(at(body, "genericCondition"))
  const references = [...readReferences(iter, condition, generic)]
  const off = switchedOff(condition)
  return {
    span: body.span,
    name: textOf(at(body, "name")),
    dependencies: itemsOf(at(body, "dependents")).flatMap(readDependency),
    steps: countSteps(body, iter),
    ...(references.length > 0 ? { references } : {}),
    ...(off ? { off } : {}),
    ...(iter || condition || generic ? { late: true } : {}),
  }
}

function readDependency(node: TreeNode): Dependency[] {
  const target = textOf(at(node, "target"))
  if (!target) return []
  const type = textOf(at(node, "type"))?.value === "iterate" ? "iterate" : "whole"
  return [{ target, type, span: node.span }]
}

function countSteps(body: TreeNode, iter: TreeNode | undefined): StepCount {
  if (iter) {
    let count = 1
    for (const row of itemsOf(at(iter, "varsIter"))) {
      if (functionName(row) === "get_result") return { kind: "dynamic" }
      count *= itemsOf(row).length
    }
    return { kind: "known", count }
  }
  // `commands` is what the published pages call commandSet.
  const commands = present(at(body, "commandSet")) ?? present(at(body, "commands"))
  if (!commands && present(at(body, "jobTemplate"))) return { kind: "known", count: 1 }
  return { kind: "known", count: itemsOf(commands).length }
}

function* readReferences(
  iter: TreeNode | undefined,
  condition: TreeNode | undefined,
  generic: TreeNode | undefined,
): Generator<Reference> {
  for (const row of itemsOf(at(iter, "varsIter"))) {
    if (functionName(row) !== "get_result") continue
    const target = textOf(itemsOf(row)[1])
    if (target) yield { by: "get_result", target }
  }
  const list = at(condition, "condition")
  if (functionName(list) === "check_result") {
    const target = textOf(itemsOf(list)[1])
    if (target) yield { by: "check_result", target }
  }
  const target = textOf(at(generic, "dependJobName"))
  if (target) yield { by: "genericCondition", target }
}

function switchedOff(condition: TreeNode | undefined): Span | undefined {
  const list = at(condition, "condition")
  const first = itemsOf(list)[0]
  return first?.kind === "scalar" && first.value === false ? list?.span : undefined
}

function functionName(node: TreeNode | undefined): string | undefined {
  return textOf(itemsOf(node)[0])?.value
}

function present(node: TreeNode | undefined): TreeNode | undefined {
  return node && !isNull(node) ? node : undefined
}
