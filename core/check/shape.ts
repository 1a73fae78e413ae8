import type { Problem } from "../problem.ts"
import {
  type Habits,
  habitsOf,
  type PlacedSchema,
  resolve,
  type Schema,
  type SchemaName,
  schemaOf,
  taskSchema,
} from "../spec/schema.ts"
import type { ScalarNode, SeqNode, TreeNode } from "../spec/tree.ts"
import { type Dialect, dialects } from "../workflow.ts"
import type { HeadRule, TaskRule } from "./rule.ts"
import { compileMap } from "./shapeMap.ts"
import { type Check, keyName, type Pass, wrongType } from "./shapeReport.ts"
import { checkScalar } from "./shapeScalar.ts"
import { quoted, typesOf } from "./shapeWords.ts"

/**
 * What is wrong with the keys and values of a document, by the schema of its dialect alone.
 * `tasks` is a node to pass over: the one that holds the tasks, when those are checked one by one.
 */
export function checkShape(name: SchemaName, tree: TreeNode, tasks?: TreeNode): readonly Problem[] {
  const check = compiled(name, () => compile(schemaOf(name)))
  return run(check, tree, "The document", tasks)
}

/**
 * The same for one task by itself. Where tasks are the entries of a map, `key` is the entry's key.
 */
export function checkTaskShape(
  dialect: Dialect,
  body: TreeNode,
  key?: ScalarNode,
): readonly Problem[] {
  const check = compiled(`${dialect}/task`, () => compile(taskSchema(dialect)))
  const subject = dialect === "function" ? "The document" : "A task"
  return run(
    (node, pass) => check(node, pass, key === undefined ? subject : quoted(keyName(key)), key),
    body,
    subject,
  )
}

/** The shape of a task as a rule among the others. */
export const taskShape: TaskRule = {
  name: "taskShape",
  dialects,
  check: ({ dialect, tree, key }) => checkTaskShape(dialect, tree, key),
}

/** The shape of what stands around the tasks. A function spec is nothing but its task. */
export const headShape: HeadRule = {
  name: "headShape",
  dialects: dialects.filter((dialect) => dialect !== "function"),
  check: ({ dialect, tree, tasks }) => checkShape(dialect, tree, tasks),
}

const nodeBudget = 1_000_000

function run(check: Check, tree: TreeNode, subject: string, tasks?: TreeNode): readonly Problem[] {
  const pass: Pass = { problems: [], tasks, budget: nodeBudget }
  check(tree, pass, subject)
  return pass.problems.length > 1 ? withoutRepeats(pass.problems) : pass.problems
}

/** A node that aliases repeat is looked at each time, but its mistakes are written only once. */
function withoutRepeats(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Set<string>()
  return problems.filter(({ code, span, message }) => {
    const words = `${span.start} ${span.end} ${code} ${message}`
    return !seen.has(words) && seen.add(words)
  })
}

const checks = new Map<string, Check>()

function compiled(name: string, make: () => Check): Check {
  const known = checks.get(name)
  if (known !== undefined) return known
  const check = make()
  checks.set(name, check)
  return check
}

function compile(placed: PlacedSchema): Check {
  const { schema, file } = resolve(placed.schema, placed.file)
  const habits = habitsOf(file)
  if (schema["x-rule-all"] !== undefined) return () => undefined
  if (schema.anyOf !== undefined) return compileKinds(schema, file, habits)
  const types = typesOf(schema)
  const checkMap = types.includes("object") ? compileMap(schema, file, habits, compile) : undefined
  const checkSeq = types.includes("array") ? compileSeq(schema, file) : undefined
  const checkOther = checkScalar(schema, habits)
  return (node, pass, subject, key) => {
    if (pass.budget-- <= 0 || node === pass.tasks) return
    if (node.kind === "map" && checkMap !== undefined) checkMap(node, pass, key)
    else if (node.kind === "seq" && checkSeq !== undefined) checkSeq(node, pass, key)
    else checkOther(node, pass, subject)
  }
}

/** One schema for a list, another one for a map. */
function compileKinds(schema: Schema, file: string, habits: Habits): Check {
  const branches = (schema.anyOf ?? []).map((branch) => resolve(branch, file))
  const ofType = (type: string) => {
    const placed = branches.find((branch) => typesOf(branch.schema).includes(type))
    return placed === undefined ? undefined : compile(placed)
  }
  const map = ofType("object")
  const seq = ofType("array")
  return (node, pass, subject, key) => {
    const check = node.kind === "map" ? map : node.kind === "seq" ? seq : undefined
    if (check !== undefined) check(node, pass, subject, key)
    else if (node !== pass.tasks) wrongType(node, pass, subject, schema, habits)
  }
}

function compileSeq(schema: Schema, file: string) {
  const item = schema.items === undefined ? undefined : compile({ schema: schema.items, file })
  return (node: SeqNode, pass: Pass, key: ScalarNode | undefined) => {
    if (item === undefined || node.items.length === 0) return
    const subject = key === undefined ? "Each item" : `Each item of ${quoted(keyName(key))}`
    for (const child of node.items) item(child, pass, subject)
  }
}
