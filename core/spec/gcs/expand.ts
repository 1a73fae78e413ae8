import { error } from "../../check/report.ts"
import { mostSteps } from "../../plan/commands.ts"
import type { Problem } from "../../problem.ts"
import { valueText } from "../expression.ts"
import { fillCommand, product, productSize } from "../expressionProduct.ts"
import { entriesOf, entryAt, givenAt, stringAt, textAt } from "../lookup.ts"
import { parseQuantity } from "../quantity.ts"
import { itemsOf, type ScalarNode, type TreeNode, toValue } from "../tree.ts"
import { cpuQuantity, memoryQuantity } from "./amounts.ts"
import { giveInputs } from "./expandInputs.ts"
import { argumentText, expandVars, expandVarsIter, fillInputs, type Row } from "./expandRows.ts"
import type { Inputs } from "./inputs.ts"
import { readResultCall } from "./resultCall.ts"
import { onlyInput } from "./rows.ts"
import { missingTool, type Tools } from "./tools.ts"

export interface ExpandOptions {
  readonly inputs: Readonly<Record<string, unknown>>
  readonly tools: Tools
  /** What to call the Execution when no input says so. */
  readonly name: string
}

export interface Expansion {
  /** The Execution object, in the order of the text; as good as it could be made. */
  readonly execution: Readonly<Record<string, unknown>>
  /** Only what inputs and tools bring to light; what the text alone shows, the checks say. */
  readonly problems: readonly Problem[]
}

/** What genectl would send to the cluster for this workflow. Expects a text that passed the checks. */
export function expandGcs(root: TreeNode, options: ExpandOptions): Expansion {
  const problems: Problem[] = []
  const inputs = giveInputs(root, options.inputs, problems)
  const volumes = expandVolumes(root, inputs, problems)
  const special = (name: string): string | undefined => {
    const value = inputs.get(name)?.value
    return typeof value === "string" && value !== "" ? value : undefined
  }
  const namespace = special("namespace")
  const tasks = entriesOf(givenAt(root, "workflow")).map(({ key, value }) => ({
    name: String(key.value),
    type: "Job",
    image: findImage(value, key, options.tools, problems),
    ...expandCommands(value, key, inputs, problems),
    ...expandResources(value, inputs, problems),
    ...(Object.keys(volumes).length > 0 ? { volumes } : {}),
    ...expandDepends(value),
    ...expandConditions(value, inputs, problems),
  }))
  const execution = {
    apiVersion: "execution.kubegene.io/v1alpha1",
    kind: "Execution",
    metadata: {
      name: special("executionName") ?? options.name,
      ...(namespace === undefined ? {} : { namespace }),
    },
    spec: { parallelism: 5000, tasks },
  }
  return { execution, problems }
}

function findImage(job: TreeNode, key: ScalarNode, tools: Tools, problems: Problem[]): string {
  const tool = textAt(job, "tool")
  const image = tool && tools.get(tool.value)
  if (image === undefined) {
    const message = missingTool(tool?.value ?? "", tools)
    problems.push(error("bad-value", tool?.span ?? key.span, message))
  }
  return image ?? ""
}

function expandCommands(
  job: TreeNode,
  key: ScalarNode,
  inputs: Inputs,
  problems: Problem[],
): object {
  const iter = givenAt(job, "commands_iter")
  const command = fillInputs(stringAt(iter, "command")?.value ?? "", inputs)
  const rows = expandVarsIter(iter, inputs, problems)
  if (rows.some((row) => row.kind === "result")) {
    return { commandsIter: { command, varsIter: rows.map(lateRow) } }
  }
  const values = rows.flatMap((row) => (row.kind === "values" ? [row.values] : []))
  const columns = givenAt(iter, "vars_iter") === undefined ? undefined : values.length
  const vars = expandVars(iter, inputs, columns, problems)
  const written = itemsOf(givenAt(job, "commands")).map((node) =>
    fillInputs(valueText(toValue(node)), inputs),
  )
  const size = written.length + vars.length + (values.length === 0 ? 0 : productSize(values))
  if (size > mostSteps) {
    const message = `Job "${key.value}" has ${size} commands; one workflow can hold ${mostSteps}.`
    problems.push(error("fan-out", key.span, message))
    return { commandSet: written }
  }
  const choices = values.length === 0 ? [] : product(values)
  const filled = [...vars, ...choices].map((row, item) => fillCommand(command, row, item))
  return { commandSet: [...written, ...filled] }
}

function lateRow(row: Row): readonly unknown[] {
  return row.kind === "values" ? row.values : ["get_result", row.job, row.separator]
}

function expandResources(job: TreeNode, inputs: Inputs, problems: Problem[]): object {
  const resources: Record<string, string> = {}
  for (const { key, value } of entriesOf(givenAt(job, "resources"))) {
    if (value.kind !== "scalar" || value.value === null) continue
    const written = typeof value.value === "string" ? value.value : value.source
    const text = fillInputs(written, inputs)
    const quantity = key.value === "cpu" ? cpuQuantity(text) : memoryQuantity(text)
    if (quantity !== undefined && parseQuantity(quantity).ok)
      resources[String(key.value)] = quantity
    else if (text !== written) {
      const message = `"${text}" is not an amount of ${key.value}.`
      problems.push(error("bad-quantity", value.span, message))
    }
  }
  return Object.keys(resources).length === 0 ? {} : { resources }
}

function expandVolumes(root: TreeNode, inputs: Inputs, problems: Problem[]): object {
  return Object.fromEntries(
    entriesOf(givenAt(root, "volumes")).map(({ key, value }) => {
      const node = textAt(value, "mount_path")
      const mountPath = fillInputs(node?.value ?? "", inputs)
      if (node !== undefined && !mountPath.startsWith("/")) {
        const message = `"${mountPath}" is not an absolute path.`
        problems.push(error("bad-value", node.span, message))
      }
      const pvc = fillInputs(textAt(givenAt(value, "mount_from"), "pvc")?.value ?? "", inputs)
      return [String(key.value), { mountPath, mountFrom: { pvc } }]
    }),
  )
}

function expandDepends(job: TreeNode): object {
  const dependents = itemsOf(givenAt(job, "depends")).map((node) => ({
    target: stringAt(node, "target")?.value ?? "",
    type: stringAt(node, "type")?.value || "whole",
  }))
  return dependents.length === 0 ? {} : { dependents }
}

function expandConditions(job: TreeNode, inputs: Inputs, problems: Problem[]): object {
  const list = conditionList(entryAt(job, "condition")?.value, inputs, problems)
  const generic = givenAt(job, "generic_condition")
  const rules = itemsOf(givenAt(generic, "match_rules")).map((rule) => ({
    key: stringAt(rule, "key")?.value ?? "",
    operator: stringAt(rule, "operator")?.value ?? "",
    ...(givenAt(rule, "values") === undefined
      ? {}
      : { values: itemsOf(givenAt(rule, "values")).map((value) => String(toValue(value))) }),
  }))
  const dependJobName = stringAt(generic, "depend_job_name")?.value ?? ""
  return {
    ...(list === undefined ? {} : { condition: { condition: list } }),
    ...(generic === undefined ? {} : { genericCondition: { dependJobName, matchRules: rules } }),
  }
}

function conditionList(
  node: TreeNode | undefined,
  inputs: Inputs,
  problems: Problem[],
): readonly unknown[] | undefined {
  if (node?.kind !== "scalar" || node.value === null) return undefined
  if (typeof node.value === "boolean") return [node.value]
  const text = String(node.value)
  const call = readResultCall(text, "check_result")
  if (call?.kind === "call") {
    const { job, argument } = call.call
    return ["check_result", job.value, argument === undefined ? "" : argumentText(argument, inputs)]
  }
  const name = onlyInput(text)
  const value = name === undefined ? text : inputs.get(name)?.value
  if (value === true || value === "true") return [true]
  if (value === false || value === "false") return [false]
  const message = `Input "${name ?? text}" is "${String(value)}"; a condition has to be "true" or "false".`
  problems.push(error("bad-value", node.span, message))
  return [true]
}
