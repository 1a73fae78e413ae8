import type { Span } from "../problem.ts"

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
