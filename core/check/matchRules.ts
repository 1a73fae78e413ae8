import type { Problem, Span } from "../problem.ts"
import { scanReferences } from "../spec/expression.ts"
import { entryAt, givenAt, stringAt, stringNode } from "../spec/lookup.ts"
import { itemsOf, type TreeNode } from "../spec/tree.ts"
import type { Dialect } from "../workflow.ts"
import { error, warning } from "./report.ts"
import type { TaskRule } from "./rule.ts"

/** The rules of a generic condition: one that matches is enough, so one that never can is a mistake. */
export const matchRules: TaskRule = {
  name: "matchRules",
  dialects: ["execution", "gcs"],
  check: ({ tree, dialect }) => {
    const words = keys[dialect]
    if (words === undefined) return []
    const condition = givenAt(tree, words.condition)
    const rules = givenAt(condition, words.rules)
    if (rules?.kind !== "seq") return []
    if (rules.items.length === 0) {
      const message = `"${words.rules}" is empty: no rule can match, so the task is always skipped.`
      return [warning("bad-value", rules.span, message)]
    }
    return rules.items.flatMap((rule) => (rule.kind === "map" ? checkRule(rule, dialect) : []))
  },
}

const keys: Readonly<Partial<Record<Dialect, { condition: string; rules: string }>>> = {
  execution: { condition: "genericCondition", rules: "matchRules" },
  gcs: { condition: "generic_condition", rules: "match_rules" },
}

const listOperators = ["In", "NotIn", "=", "==", "!="]

function checkRule(rule: TreeNode, dialect: Dialect): Problem[] {
  const problems: Problem[] = []
  const operator = stringAt(rule, "operator")
  const values = givenAt(rule, "values")
  const items = itemsOf(values)
  const place: Span = values?.span ?? operator?.span ?? rule.span
  const name = operator?.value ?? ""
  if (listOperators.includes(name) && items.length === 0) {
    problems.push(error("bad-value", place, `"${name}" needs at least one value to compare with.`))
  }
  if ((name === "Exists" || name === "DoesNotExist") && items.length > 0) {
    const message = `"${name}" takes no values: it only asks whether the key is there.`
    problems.push(error("bad-value", place, message))
  }
  if (name === "Gt" || name === "Lt") problems.push(...checkNumber(name, items, place))
  return [...problems, ...checkKey(rule, dialect), ...checkReach(name, rule)]
}

function checkNumber(name: string, items: readonly TreeNode[], place: Span): Problem[] {
  const [item] = items
  if (items.length !== 1 || item === undefined) {
    return [error("bad-value", place, `"${name}" needs exactly one value, not ${items.length}.`)]
  }
  const value = stringNode(item)
  if (value === undefined || isInt64(value.value)) return []
  const message = `"${value.value}" is not a whole number, so "${name}" never matches.`
  return [warning("bad-value", value.span, message)]
}

function isInt64(text: string): boolean {
  if (!/^[+-]?\d{1,19}$/.test(text)) return false
  const number = BigInt(text.replace("+", ""))
  return number >= -(2n ** 63n) && number < 2n ** 63n
}

function checkKey(rule: TreeNode, dialect: Dialect): Problem[] {
  const key = stringAt(rule, "key")
  if (key === undefined) return []
  if (key.value === "") {
    return [
      error("bad-value", key.span, "The key is empty: name the one to look for in the result."),
    ]
  }
  const [reference] = scanReferences(key.value)
  if (dialect === "gcs" && reference !== undefined) {
    const message = `A key is taken as it is written: "${key.value}" is not filled in.`
    return [error("bad-expression", key.span, message)]
  }
  return []
}

/** Results read `key:value,key:value`, so neither part can hold these signs. */
function checkReach(operator: string, rule: TreeNode): Problem[] {
  const key = stringAt(rule, "key")
  const asked = listOperators.includes(operator) ? itemsOf(entryAt(rule, "values")?.value) : []
  return [key, ...asked.map(stringNode)].flatMap((node) =>
    node !== undefined && /[,:]/.test(node.value)
      ? [
          warning(
            "bad-value",
            node.span,
            `"${node.value}" is never found: a result is read as key:value,key:value, so neither part can hold "," or ":".`,
          ),
        ]
      : [],
  )
}
