import type { Problem } from "../problem.ts"
import { mebibytes, readCpu, readMemory } from "../spec/coloniesAmounts.ts"
import { field, fieldEntry, isContainerSpec, stringField } from "../spec/functionSpec.ts"
import type { StringNode } from "../spec/lookup.ts"
import type { TreeNode } from "../spec/tree.ts"
import { error, warning, withRemedy, writing } from "./report.ts"
import type { TaskRule } from "./rule.ts"

/** CPUs and memory as a Colonies server reads them, then as the KubeExecutor judges what it read. */
export const coloniesAmounts: TaskRule = {
  name: "coloniesAmounts",
  dialects: ["function", "colonies-workflow"],
  check: ({ tree }) => {
    const conditions = field(tree, "conditions")
    const isContainer = isContainerSpec(tree)
    return [
      ...checkCpu(tree, conditions, isContainer),
      ...checkMemory("mem", stringField(conditions, "mem"), isContainer),
      ...checkMemory("storage", stringField(conditions, "storage"), false),
      ...checkMemory("gpu.mem", stringField(field(conditions, "gpu"), "mem"), false),
    ]
  },
}

function checkCpu(
  spec: TreeNode,
  conditions: TreeNode | undefined,
  isContainer: boolean,
): Problem[] {
  const node = stringField(conditions, "cpu")
  if (node === undefined) {
    if (!isContainer || field(conditions, "cpu") !== undefined) return []
    const place = fieldEntry(spec, "conditions")?.key.span ?? fieldEntry(spec, "kwargs")?.key.span
    const message = 'The KubeExecutor wants a "cpu" of 10m or more, as in "500m".'
    return [error("missing-key", place ?? spec.span, message, "executor")]
  }
  const reading = readCpu(node.value)
  if (reading.kind === "refused") {
    const message = `The server refuses the cpu "${node.value}": write whole thousandths of a core, as in "1500m".`
    return [error("bad-quantity", node.span, message, "server")]
  }
  if (reading.kind === "dropped") {
    const cores = Number(node.value)
    const better =
      node.value.trim() !== "" && Number.isFinite(cores) ? Math.round(cores * 1000) : 1000
    const message = `The server reads the cpu "${node.value}" as 0, because it does not end in "m": write "${better}m".`
    const problem = isContainer
      ? error("bad-quantity", node.span, message, "executor")
      : warning("bad-quantity", node.span, message, "server")
    return [withRemedy(problem, writing(`${better}m`))]
  }
  if (!isContainer) return []
  if (reading.milli < 0n) {
    const message = `The cpu "${node.value}" is below 0: the KubeExecutor refuses it.`
    return [error("bad-quantity", node.span, message, "executor")]
  }
  if (reading.milli >= 10n) return []
  const message = `The KubeExecutor refuses a cpu below 10m; this is ${reading.milli}m.`
  return [withRemedy(error("bad-quantity", node.span, message, "executor"), writing("10m"))]
}

function checkMemory(name: string, node: StringNode | undefined, isContainer: boolean): Problem[] {
  if (node === undefined) return []
  const reading = readMemory(node.value)
  const safe = suggestion(node.value)
  if (reading.kind === "refused") {
    const message = `The server refuses the ${name} "${node.value}": write a whole number with Mi or Gi, as in "${safe}".`
    return [withRemedy(error("bad-quantity", node.span, message, "server"), writing(safe))]
  }
  if (reading.kind === "random") {
    const message = `The server takes the ${name} "${node.value}" one time and refuses it another: write "${safe}".`
    return [withRemedy(warning("bad-quantity", node.span, message, "server"), writing(safe))]
  }
  if (reading.bytes < 0n && isContainer) {
    const message = `The ${name} "${node.value}" is below 0: the KubeExecutor refuses it.`
    return [error("bad-quantity", node.span, message, "executor")]
  }
  if (reading.bytes > 0n && reading.bytes < 1048576n) {
    const message = `The server rounds the ${name} "${node.value}" down to ${mebibytes(reading.bytes)}: write at least "1Mi".`
    return [withRemedy(warning("bad-quantity", node.span, message, "server"), writing("1Mi"))]
  }
  return []
}

/** A text of about the same size that every server takes. */
function suggestion(text: string): string {
  const match = /^\s*(\d{1,15})(\.\d{1,9})?\s*([kmgt])?/i.exec(text)
  if (match === null) return "512Mi"
  const [, whole = "", fraction = "", letter = "m"] = match
  const unit = letter.toLowerCase()
  const factor = unit === "t" ? 1024 : 1
  const amount = Number(whole + fraction) * factor
  if (unit === "k") return `${Math.max(1, Math.ceil(amount / 1024))}Mi`
  const big = unit !== "m"
  if (Number.isInteger(amount)) return `${amount}${big ? "Gi" : "Mi"}`
  return big ? `${Math.ceil(amount * 1024)}Mi` : `${Math.ceil(amount)}Mi`
}
