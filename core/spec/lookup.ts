import type { Span } from "../problem.ts"
import { isNull, type MapEntry, type ScalarNode, type TreeNode } from "./tree.ts"

/** The entry of a key; of a key written twice the last, as `at` has it. */
export function entryAt(node: TreeNode | undefined, key: string): MapEntry | undefined {
  if (node?.kind !== "map") return undefined
  // Every rule looks up a dozen keys in every task: a loop is several times faster than findLast.
  const { entries } = node
  for (let i = entries.length - 1; i >= 0; i--) {
    const entry = entries[i]
    if (entry?.key.value === key) return entry
  }
  return undefined
}

export function entriesOf(node: TreeNode | undefined): readonly MapEntry[] {
  return node?.kind === "map" ? node.entries : []
}

/** The value under a key, unless nothing (or null) stands there. */
export function givenAt(node: TreeNode | undefined, key: string): TreeNode | undefined {
  const value = entryAt(node, key)?.value
  return value === undefined || isNull(value) ? undefined : value
}

function scalarAt(node: TreeNode | undefined, key: string): ScalarNode | undefined {
  const value = givenAt(node, key)
  return value?.kind === "scalar" ? value : undefined
}

/** A scalar that is a string; what else stands there is for the schema to say. */
export function stringNode(node: TreeNode | undefined): StringNode | undefined {
  return node?.kind === "scalar" && typeof node.value === "string"
    ? (node as StringNode)
    : undefined
}

export type StringNode = ScalarNode & { readonly value: string }

export function stringAt(node: TreeNode | undefined, key: string): StringNode | undefined {
  return stringNode(entryAt(node, key)?.value)
}

/** A scalar as text, for readers such as genectl's that take 5 for "5". */
export function textAt(node: TreeNode | undefined, key: string): StringNode | undefined {
  const value = scalarAt(node, key)
  return value === undefined ? undefined : { ...value, value: shown(value) }
}

export function numberAt(node: TreeNode | undefined, key: string): NumberNode | undefined {
  const value = entryAt(node, key)?.value
  return value?.kind === "scalar" && typeof value.value === "number"
    ? (value as NumberNode)
    : undefined
}

export type NumberNode = ScalarNode & { readonly value: number }

/** A scalar as a sentence shows it: a string without its quotes, anything else as written. */
export function shown(node: ScalarNode): string {
  return typeof node.value === "string" ? node.value : node.source
}

/** Where to point when something is missing: at what the thing is called, else at its first key. */
export function nameSpan(node: TreeNode, key: ScalarNode | undefined): Span {
  const name = stringAt(node, "name")
  if (key !== undefined) return key.span
  if (name !== undefined) return name.span
  return entriesOf(node)[0]?.key.span ?? node.span
}
