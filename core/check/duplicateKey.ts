import type { Problem } from "../problem.ts"
import type { MapNode, TreeNode } from "../spec/tree.ts"

/** Keys that a map has twice; every reader takes the last and says nothing. */
export function duplicateKeys(tree: TreeNode): readonly Problem[] {
  const problems: Problem[] = []
  const waiting: TreeNode[] = [tree]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (node.kind === "seq") for (const item of node.items) waiting.push(item)
    else if (node.kind === "map") {
      inMap(node, problems)
      for (const { value } of node.entries) if (value.kind !== "scalar") waiting.push(value)
    }
  }
  return problems
}

function inMap({ entries }: MapNode, problems: Problem[]): void {
  if (entries.length < 2 || !hasTwice(entries)) return
  const first = new Map<unknown, MapNode["entries"][number]>()
  for (const entry of entries) {
    const before = first.get(entry.key.value)
    // A merge key may be written more than once, and an alias repeats what was said elsewhere.
    if (!before || entry.key.source === "<<") {
      first.set(entry.key.value, entry)
      continue
    }
    problems.push({
      code: "duplicate-key",
      severity: "error",
      message: `"${entry.key.source}" is written twice here: only one of them can count.`,
      span: entry.key.span,
      remedy: { kind: "drop-entry" },
      related: [{ span: before.key.span, message: `"${entry.key.source}" is first written here.` }],
    })
  }
}

/** Small maps are by far the most: comparing each pair is faster than filling a set. */
function hasTwice(entries: MapNode["entries"]): boolean {
  if (entries.length > 24)
    return new Set(entries.map((entry) => entry.key.value)).size < entries.length
  for (let i = 1; i < entries.length; i++) {
    for (let j = 0; j < i; j++) {
      if (entries[i]?.key.value === entries[j]?.key.value) return true
    }
  }
  return false
}
