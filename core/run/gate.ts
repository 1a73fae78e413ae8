import type { Results } from "../plan/commands.ts"
import type { TaskSpec } from "../plan/execution.ts"
import type { Condition, MatchRule } from "../plan/readCondition.ts"

export type Gate =
  | { readonly kind: "open" }
  /** A result is not known yet. */
  | { readonly kind: "waiting"; readonly task: string }
  /** `reason` is what is said of the skipped step. */
  | { readonly kind: "closed"; readonly reason: string }

/** Whether the task's conditions let it run. Both must hold where there are both. */
export function gate(task: TaskSpec, results: Results): Gate {
  for (const condition of [task.genericCondition, task.condition]) {
    const verdict = condition === undefined ? open : judge(condition, results)
    if (verdict.kind !== "open") return verdict
  }
  return open
}

const open: Gate = { kind: "open" }

function judge(condition: Condition, results: Results): Gate {
  if (condition.kind === "literal") {
    return condition.value ? open : { kind: "closed", reason: "skipped: its condition is false" }
  }
  const result = results(condition.task)
  if (result === undefined) return { kind: "waiting", task: condition.task }
  const answer = `"${condition.task}" answered "${brief(result)}"`
  if (condition.kind === "equals") {
    if (result === condition.expected) return open
    return {
      kind: "closed",
      reason: `skipped: ${answer}, wanted "${brief(condition.expected)}"`,
    }
  }
  const pairs = readPairs(result)
  if (condition.rules.some((rule) => matches(rule, pairs))) return open
  const wanted = condition.rules.map(ruleText).join(" or ")
  return {
    kind: "closed",
    reason: `skipped: ${answer}, ${wanted === "" ? "and no rule is given" : `wanted ${wanted}`}`,
  }
}

/** `key:value,key:value`; what follows a second colon is dropped, as KubeGene does. */
function readPairs(result: string): ReadonlyMap<string, string> {
  return new Map(
    result.split(",").map((piece) => {
      const [key = "", value = ""] = piece.split(":")
      return [key, value]
    }),
  )
}

function matches({ key, operator, values }: MatchRule, pairs: ReadonlyMap<string, string>) {
  const value = pairs.get(key)
  switch (operator) {
    case "In":
    case "=":
    case "==":
      return value !== undefined && values.includes(value)
    case "NotIn":
    case "!=":
      return value === undefined || !values.includes(value)
    case "Exists":
      return value !== undefined
    case "DoesNotExist":
      return value === undefined
    case "Gt":
    case "Lt": {
      const left = whole(value)
      const right = whole(values[0])
      if (left === undefined || right === undefined) return false
      return operator === "Gt" ? left > right : left < right
    }
  }
}

/** 64-bit whole numbers, as KubeGene compares them. */
function whole(text: string | undefined): bigint | undefined {
  return text !== undefined && /^[+-]?\d+$/.test(text) ? BigInt(text.replace("+", "")) : undefined
}

function ruleText({ key, operator, values }: MatchRule): string {
  return values.length === 0 ? `${key} ${operator}` : `${key} ${operator} ${values.join(", ")}`
}

function brief(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`
}
