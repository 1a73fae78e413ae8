import type { Span, Text } from "../problem.ts"

/**
 * What a text says, with places, before anybody asks what it means. YAML and JSON look the same
 * here. Spans count from the start of the text that was read.
 */
export type TreeNode = ScalarNode | MapNode | SeqNode

export interface ScalarNode {
  readonly kind: "scalar"
  readonly span: Span
  /** As YAML 1.2 core (and JSON) reads it. */
  readonly value: string | number | boolean | null
  /** The characters as written, quotes included. */
  readonly source: string
  readonly style: "plain" | "single" | "double" | "block"
}

export interface MapNode {
  readonly kind: "map"
  readonly span: Span
  readonly entries: readonly MapEntry[]
}

export interface MapEntry {
  readonly key: ScalarNode
  readonly value: TreeNode
}

export interface SeqNode {
  readonly kind: "seq"
  readonly span: Span
  readonly items: readonly TreeNode[]
}

/** The value under a key; of a key written twice the last, as every reader of these files has it. */
export function at(node: TreeNode | undefined, key: string): TreeNode | undefined {
  if (node?.kind !== "map") return undefined
  for (let i = node.entries.length - 1; i >= 0; i--) {
    const entry = node.entries[i]
    if (entry?.key.value === key) return entry.value
  }
  return undefined
}

export function itemsOf(node: TreeNode | undefined): readonly TreeNode[] {
  return node?.kind === "seq" ? node.items : []
}

/** The node as a Text when it is a string. */
export function textOf(node: TreeNode | undefined): Text | undefined {
  return node?.kind === "scalar" && typeof node.value === "string"
    ? { value: node.value, span: node.span }
    : undefined
}

/** Nothing was written, or `null` or `~`. */
export function isNull(node: TreeNode): boolean {
  return node.kind === "scalar" && node.value === null
}

/** The plain JavaScript value; of a key written twice the last. */
export function toValue(node: TreeNode): unknown {
  switch (node.kind) {
    case "scalar":
      return node.value
    case "seq":
      return node.items.map(toValue)
    case "map": {
      // Entries are defined, not assigned, so that a key "__proto__" is a key like any other.
      const pairs = node.entries.map((entry) => [String(entry.key.value), toValue(entry.value)])
      return Object.fromEntries(pairs)
    }
  }
}
