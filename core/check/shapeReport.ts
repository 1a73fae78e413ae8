import type { Authority, Problem, ProblemCode, Remedy, Severity, Span } from "../problem.ts"
import type { Habits, Schema } from "../spec/schema.ts"
import type { ScalarNode, TreeNode } from "../spec/tree.ts"
import { found, typesOf, wanted } from "./shapeWords.ts"

/** Looks at one node. `subject` begins the sentence about it, `key` is where it was named. */
export type Check = (node: TreeNode, pass: Pass, subject: string, key?: ScalarNode) => void

/** One going through a tree. */
export interface Pass {
  readonly problems: Problem[]
  readonly tasks: TreeNode | undefined
  /** How many more nodes may be looked at: aliases can make a small text a very large tree. */
  budget: number
}

/** Nobody reads more, and a tree of aliases can hold as many as nodes. */
const mostProblems = 20_000

export function report(
  pass: Pass,
  habits: Habits,
  code: ProblemCode,
  severity: Severity,
  message: string,
  span: Span,
  remedy?: Remedy,
): void {
  const authority = habits.authority as Authority
  if (pass.problems.length >= mostProblems) {
    pass.budget = 0
    return
  }
  pass.problems.push({
    code,
    severity,
    message,
    span,
    authority,
    ...(remedy ? { remedy } : {}),
  })
}

export function wrongType(
  node: TreeNode,
  pass: Pass,
  subject: string,
  schema: Schema,
  habits: Habits,
): void {
  const isNothing = node.kind === "scalar" && node.value === null
  const message = isNothing
    ? `${subject} has no value; it must be ${wanted(schema)}.`
    : `${subject} must be ${wanted(schema)}, not ${found(node)}.${advice(node, schema)}`
  report(pass, habits, "wrong-type", "error", message, node.span, quotes(node, schema))
}

/** The value as the schema wants it, where only quotes are missing or too many. */
function quotes(node: TreeNode, schema: Schema): Remedy | undefined {
  if (node.kind !== "scalar" || node.value === null) return undefined
  const types = typesOf(schema)
  if (types.includes("string") && typeof node.value !== "string") {
    return { kind: "source", source: JSON.stringify(node.source) }
  }
  return readsUnquoted(node, types) ? { kind: "source", source: String(node.value) } : undefined
}

function readsUnquoted(node: ScalarNode, types: readonly string[]): boolean {
  if (typeof node.value !== "string" || node.style === "plain" || node.style === "block") {
    return false
  }
  return (
    (types.includes("integer") && /^-?\d{1,15}$/.test(node.value)) ||
    (types.includes("boolean") && /^(?:true|false)$/.test(node.value))
  )
}

function advice(node: TreeNode, schema: Schema): string {
  if (node.kind !== "scalar") return ""
  const types = typesOf(schema)
  if (types.includes("string") && typeof node.value !== "string") {
    return node.source.length > 40
      ? " Write it in quotes."
      : ` Write it in quotes: "${node.source}".`
  }
  return readsUnquoted(node, types) ? ` Write it without quotes: ${node.value}.` : ""
}

export function keyName(key: ScalarNode): string {
  return typeof key.value === "string" ? key.value : key.source
}
