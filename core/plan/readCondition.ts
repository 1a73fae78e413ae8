import type { Reader } from "./reader.ts"

/** What must hold before a task starts, besides its dependencies. */
export type Condition =
  | { readonly kind: "literal"; readonly value: boolean }
  | { readonly kind: "equals"; readonly task: string; readonly expected: string }
  | { readonly kind: "match"; readonly task: string; readonly rules: readonly MatchRule[] }

export const matchOperators = [
  "In",
  "NotIn",
  "Exists",
  "DoesNotExist",
  "Gt",
  "Lt",
  "=",
  "!=",
  "==",
] as const

export type MatchOperator = (typeof matchOperators)[number]

export interface MatchRule {
  readonly key: string
  readonly operator: MatchOperator
  readonly values: readonly string[]
}

/** `[true]`, `[false]` or `["check_result", task, expected]`. */
export function readCondition(reader: Reader): Condition | undefined {
  const items = reader.value("condition")
  const list = Array.isArray(items) ? items : []
  const [first, task, expected] = list
  if (typeof first === "boolean") return { kind: "literal", value: first }
  if (first === "check_result" && list.length === 3) {
    if (typeof task === "string" && typeof expected === "string") {
      return { kind: "equals", task, expected }
    }
  }
  reader.refuse('"condition" must be [true], [false] or ["check_result", "<task>", "<text>"]')
  return undefined
}

export function readGenericCondition(reader: Reader): Condition {
  return {
    kind: "match",
    task: reader.required("dependJobName"),
    rules: reader.children("matchRules").map(readRule),
  }
}

function readRule(reader: Reader): MatchRule {
  const key = reader.required("key")
  const written = reader.required("operator")
  const operator = matchOperators.find((known) => known === written)
  const values = reader.textList("values")
  if (operator === undefined) {
    if (written !== "") {
      reader.refuse(`operator "${written}" is not known; it is one of ${matchOperators.join(", ")}`)
    }
    return { key, operator: "Exists", values }
  }
  const wanted = valueCounts[operator]
  if (values.length < wanted.least || values.length > wanted.most) {
    reader.refuse(`operator "${operator}" takes ${wanted.words}`)
  }
  return { key, operator, values }
}

const atLeastOne = { least: 1, most: Number.POSITIVE_INFINITY, words: "at least one value" }
const exactlyOne = { least: 1, most: 1, words: "exactly one value" }
const none = { least: 0, most: 0, words: "no values" }

const valueCounts: Record<MatchOperator, typeof none> = {
  In: atLeastOne,
  NotIn: atLeastOne,
  "=": atLeastOne,
  "==": atLeastOne,
  "!=": atLeastOne,
  Gt: exactlyOne,
  Lt: exactlyOne,
  Exists: none,
  DoesNotExist: none,
}
