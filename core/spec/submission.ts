import { field } from "./functionSpec.ts"
import { itemsOf, type MapNode, type TreeNode } from "./tree.ts"

/** What goes to a Colonies server for a text; JSON, with integers beyond 2^53 as bigint. */
export type Submission =
  | { readonly kind: "function"; readonly spec: JsonMap }
  | {
      readonly kind: "workflow"
      readonly spec: { readonly colonyname: string; readonly functionspecs: readonly JsonMap[] }
    }

export type JsonMap = Readonly<Record<string, unknown>>

/**
 * A function spec or a workflow as its server reads it, with what the Colonies tools would fill in
 * and with the older spellings of today's keys. Expects a text that passed the checks.
 */
export function submission(root: TreeNode, colony: string): Submission {
  const list = root.kind === "seq" ? root : field(root, "functionspecs")
  if (list === undefined) return { kind: "function", spec: functionOf(root, colony) }
  const functionspecs = itemsOf(list).map((node) => functionOf(node, colony))
  return { kind: "workflow", spec: { colonyname: colony, functionspecs } }
}

function functionOf(node: TreeNode, colony: string): JsonMap {
  const spec = mapOf(node)
  return {
    ...spec,
    // Sent as 0, a process would be over a second after it began.
    maxexectime: unlimited(spec.maxexectime),
    maxwaittime: unlimited(spec.maxwaittime),
    conditions: conditionsOf(field(node, "conditions"), colony),
  }
}

function unlimited(seconds: unknown): unknown {
  return seconds === undefined || seconds === null || seconds === 0 ? -1 : seconds
}

function conditionsOf(node: TreeNode | undefined, colony: string): JsonMap {
  const conditions = node === undefined ? {} : { ...mapOf(node) }
  for (const old of olderSpellings) {
    conditions.processespernode ??= conditions[old]
    delete conditions[old]
  }
  if (conditions.processespernode === undefined) delete conditions.processespernode
  return { ...conditions, colonyname: colony }
}

const olderSpellings = ["processes-per-node", "processes_per_node"]

/** Keys as the server knows them: it does not mind capitals, we only say each thing once. */
function mapOf(node: TreeNode): Record<string, unknown> {
  if (node.kind !== "map") return {}
  const pairs = node.entries.map(({ key, value }): [string, unknown] => [
    String(key.value).toLowerCase(),
    exactValue(value),
  ])
  return Object.fromEntries(pairs)
}

function exactValue(node: TreeNode): unknown {
  switch (node.kind) {
    case "seq":
      return node.items.map(exactValue)
    case "map":
      return exactMap(node)
    case "scalar":
      return typeof node.value === "number" &&
        !Number.isSafeInteger(node.value) &&
        /^-?\d+$/.test(node.source)
        ? BigInt(node.source)
        : node.value
  }
}

function exactMap({ entries }: MapNode): unknown {
  return Object.fromEntries(entries.map(({ key, value }) => [String(key.value), exactValue(value)]))
}
