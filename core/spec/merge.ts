import type { MapEntry, MapNode, TreeNode } from "./tree.ts"

/**
 * Resolves merge keys (`<<: *base`) as Kubernetes' own YAML reader does: the keys of the merged
 * maps count where the map itself has none of that name, the first merged map before the next.
 */
export function withMerges(node: TreeNode): TreeNode {
  switch (node.kind) {
    case "scalar":
      return node
    case "seq":
      return { ...node, items: node.items.map(withMerges) }
    case "map": {
      const entries = node.entries.map(({ key, value }) => ({ key, value: withMerges(value) }))
      return { ...node, entries: entries.some(isMerge) ? merged(entries) : entries }
    }
  }
}

function merged(entries: readonly MapEntry[]): readonly MapEntry[] {
  const own = entries.filter((entry) => !isMerge(entry))
  const names = new Set(own.map((entry) => entry.key.value))
  for (const source of entries.filter(isMerge).flatMap(({ value }) => sources(value))) {
    for (const entry of source.entries) {
      if (names.has(entry.key.value)) continue
      names.add(entry.key.value)
      own.push(entry)
    }
  }
  return own
}

function isMerge({ key, value }: MapEntry): boolean {
  return key.style === "plain" && key.source === "<<" && sources(value).length > 0
}

function sources(value: TreeNode): readonly MapNode[] {
  if (value.kind === "map") return [value]
  return value.kind === "seq" ? value.items.filter((item) => item.kind === "map") : []
}
