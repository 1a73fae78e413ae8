import { entriesOf, type NumberNode, type StringNode, stringNode } from "./lookup.ts"
import { isNull, type MapEntry, type TreeNode } from "./tree.ts"

/** The entry of a field of a Colonies spec: capitals do not count, the last one does. */
export function fieldEntry(node: TreeNode | undefined, field: string): MapEntry | undefined {
  const entries = entriesOf(node)
  for (let i = entries.length - 1; i >= 0; i--) {
    const entry = entries[i]
    const written = entry?.key.value
    if (written === field) return entry
    if (typeof written !== "string" || written.length !== field.length) continue
    if (written.toLowerCase() === field) return entry
  }
  return undefined
}

/** The value of a field; null is the same as nothing. */
export function field(node: TreeNode | undefined, name: string): TreeNode | undefined {
  const value = fieldEntry(node, name)?.value
  return value === undefined || isNull(value) ? undefined : value
}

export function stringField(node: TreeNode | undefined, name: string): StringNode | undefined {
  return stringNode(field(node, name))
}

export function numberField(node: TreeNode | undefined, name: string): NumberNode | undefined {
  const value = field(node, name)
  return value?.kind === "scalar" && typeof value.value === "number"
    ? (value as NumberNode)
    : undefined
}

/** Containers per pod, under the name of today or one of those that servers used to read. */
export function processesPerNode(conditions: TreeNode | undefined): NumberNode | undefined {
  return ["processespernode", "processes-per-node", "processes_per_node"]
    .map((name) => numberField(conditions, name))
    .find((node) => node !== undefined)
}

/** Whether a KubeExecutor would run this spec as a container. */
export function isContainerSpec(spec: TreeNode): boolean {
  const kwargs = field(spec, "kwargs")
  return (
    stringField(spec, "funcname")?.value === "execute" &&
    entriesOf(kwargs).some(({ key }) => key.value === "docker-image")
  )
}
