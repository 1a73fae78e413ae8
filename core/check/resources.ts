import type { Problem } from "../problem.ts"
import { entriesOf, givenAt } from "../spec/lookup.ts"
import { compareQuantities, parseQuantity, type Quantity, zeroQuantity } from "../spec/quantity.ts"
import { itemsOf, type ScalarNode, type TreeNode } from "../spec/tree.ts"
import { error, warning, withRemedy, writing } from "./report.ts"
import type { TaskRule } from "./rule.ts"

/** The amounts a task asks for, in its own short form and in its jobTemplate. */
export const resources: TaskRule = {
  name: "resources",
  dialects: ["execution"],
  check: ({ tree }) => {
    const short = givenAt(tree, "resources")
    const template = givenAt(givenAt(givenAt(tree, "jobTemplate"), "spec"), "template")
    const pod = givenAt(template, "spec")
    return [
      ...amounts(short).problems,
      ...["initContainers", "containers"].flatMap((list) =>
        itemsOf(givenAt(pod, list)).flatMap((container) =>
          containerAmounts(givenAt(container, "resources")),
        ),
      ),
    ]
  },
}

interface Amounts {
  readonly problems: readonly Problem[]
  readonly read: ReadonlyMap<string, { readonly node: ScalarNode; readonly quantity: Quantity }>
}

function containerAmounts(node: TreeNode | undefined): readonly Problem[] {
  const requests = amounts(givenAt(node, "requests"))
  const limits = amounts(givenAt(node, "limits"))
  const problems = [...requests.problems, ...limits.problems]
  for (const [name, request] of requests.read) {
    const limit = limits.read.get(name)
    if (limit === undefined || compareQuantities(request.quantity, limit.quantity) <= 0) continue
    const message = `The request for ${name}, ${request.node.value}, is above its limit, ${limit.node.value}: Kubernetes refuses that.`
    problems.push(error("bad-quantity", request.node.span, message))
  }
  return problems
}

function amounts(node: TreeNode | undefined): Amounts {
  const problems: Problem[] = []
  const read = new Map<string, { node: ScalarNode; quantity: Quantity }>()
  for (const { key, value } of entriesOf(node)) {
    if (value.kind !== "scalar" || value.value === null || typeof value.value === "boolean")
      continue
    const name = String(key.value)
    const text = typeof value.value === "number" ? value.source : value.value
    const reading = parseQuantity(text)
    if (!reading.ok) {
      const problem = error("bad-quantity", value.span, refusal(name, text, reading))
      problems.push(withRemedy(problem, writing(reading.better)))
    } else if (compareQuantities(reading.quantity, zeroQuantity) < 0) {
      const message = `"${name}" is ${text}: an amount cannot be below 0.`
      problems.push(error("bad-quantity", value.span, message))
    } else {
      read.set(name, { node: value, quantity: reading.quantity })
      const odd = surprise(name, text)
      if (odd !== undefined) {
        const better = name === "cpu" ? undefined : `${text.replace(/m$/, "")}Mi`
        problems.push(withRemedy(warning("bad-quantity", value.span, odd), writing(better)))
      }
    }
  }
  return { problems, read }
}

function refusal(
  name: string,
  text: string,
  { why, better }: { why: string; better?: string },
): string {
  const example = better ?? (name === "cpu" ? "500m" : name.includes("/") ? "1" : "512Mi")
  const offer = better === undefined ? `write it as in "${example}"` : `did you mean "${better}"?`
  return `"${text}" is not an amount of ${name}: ${why}; ${offer}${better === undefined ? "." : ""}`
}

function surprise(name: string, text: string): string | undefined {
  if (name === "memory" || name === "ephemeral-storage") {
    if (/m$/.test(text)) {
      return `"${text}" is ${text.slice(0, -1)} thousandths of a byte: did you mean "${text.slice(0, -1)}Mi"?`
    }
    if (/^[1-9]\d{0,4}$/.test(text))
      return `"${text}" is ${text} bytes: did you mean "${text}Mi" or "${text}Gi"?`
  }
  return name === "cpu" && /[KMGTPE]i?$/.test(text)
    ? `"${text}" is a size of memory, not a number of CPUs.`
    : undefined
}
