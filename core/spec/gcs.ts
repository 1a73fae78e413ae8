import type { Text } from "../problem.ts"
import type { Dependency, Reference, StepCount, TaskFacts } from "../workflow.ts"
import type { DialectReader, Head } from "./dialect.ts"
import { spanInside } from "./expressionSpan.ts"
import { type Inputs, inputsOf, readInputs } from "./gcs/inputs.ts"
import { type ResultCall, readResultCall } from "./gcs/resultCall.ts"
import { rowSize } from "./gcs/rows.ts"
import { givenAt, stringAt, stringNode } from "./lookup.ts"
import { itemsOf, type ScalarNode, type TreeNode, textOf } from "./tree.ts"

/** genectl's workflow: a map of jobs, with inputs that its texts may name. */
export const gcs: DialectReader = {
  dialect: "gcs",
  taskPaths: [["workflow"]],
  tasksAre: "map",
  readHead,
  readTask,
}

function readHead(root: TreeNode): Head {
  const inputs = readInputs(root)
  const given = givenAt(root, "inputs")
  // Two inputs have a meaning of their own: what the Execution is called, and where it runs.
  const special = (name: string): Text | undefined => {
    const input = givenAt(given, name)
    return textOf(givenAt(input, "value") ?? givenAt(input, "default"))
  }
  return {
    name: special("executionName"),
    namespace: special("namespace"),
    scope: inputs,
    scopeKey: JSON.stringify([...inputs.values()]),
  }
}

function readTask(body: TreeNode, key: ScalarNode | undefined, head: Head): TaskFacts {
  const condition = givenAt(body, "condition")
  const references = [...readReferences(body)]
  const steps = countSteps(body, inputsOf(head))
  const isOff = condition?.kind === "scalar" && condition.value === false
  const isLate = condition ?? givenAt(body, "generic_condition")
  return {
    span: { start: key?.span.start ?? body.span.start, end: body.span.end },
    name: key && { value: String(key.value), span: key.span },
    dependencies: itemsOf(givenAt(body, "depends")).flatMap(readDependency),
    steps,
    ...(references.length > 0 ? { references } : {}),
    ...(isOff ? { off: condition.span } : {}),
    ...(isLate || references.length > 0 ? { late: true } : {}),
  }
}

function readDependency(node: TreeNode): Dependency[] {
  const target = textOf(givenAt(node, "target"))
  if (target === undefined) return []
  const type = stringAt(node, "type")?.value === "iterate" ? "iterate" : "whole"
  return [{ target, type, span: node.span }]
}

function countSteps(body: TreeNode, inputs: Inputs): StepCount {
  const iter = givenAt(body, "commands_iter")
  const rows = itemsOf(givenAt(iter, "vars_iter"))
  const sizes = rows.map((row) => rowSize(row, inputs))
  if (sizes.some((size) => size === "dynamic" || size === undefined)) return { kind: "dynamic" }
  const product = sizes.reduce<number>((all, size) => all * Number(size), rows.length === 0 ? 0 : 1)
  const written = itemsOf(givenAt(body, "commands")).length
  return { kind: "known", count: written + itemsOf(givenAt(iter, "vars")).length + product }
}

function* readReferences(body: TreeNode): Generator<Reference> {
  for (const row of itemsOf(givenAt(givenAt(body, "commands_iter"), "vars_iter"))) {
    const target = calledJob(row, "get_result")
    if (target) yield { by: "get_result", target }
  }
  const checked = calledJob(givenAt(body, "condition"), "check_result")
  if (checked) yield { by: "check_result", target: checked }
  const target = textOf(givenAt(givenAt(body, "generic_condition"), "depend_job_name"))
  if (target) yield { by: "genericCondition", target }
}

function calledJob(node: TreeNode | undefined, name: ResultCall["name"]): Text | undefined {
  const text = stringNode(node)
  const reading = text && readResultCall(text.value, name)
  if (text === undefined || reading?.kind !== "call") return undefined
  const { value, start, end } = reading.call.job
  return { value, span: spanInside(text, start, end) }
}
