import {
  Document,
  Pair,
  type Parser,
  Scalar,
  stringify,
  YAMLMap,
  YAMLSeq,
  Parser as YamlParser,
} from "yaml"
import type { ScalarNode, TreeNode } from "./tree.ts"

/** The same document as JSON, its keys in the order they were written in. */
export function toJsonText(tree: TreeNode): string {
  return `${json(tree, "")}\n`
}

/** The same document as YAML, its keys in the order they were written in. */
export function toYamlText(tree: TreeNode): string {
  const document = new Document()
  document.contents = yamlNode(tree) as typeof document.contents
  return document.toString(yamlForm)
}

/** A plain value as YAML. */
export function writeYaml(value: unknown): string {
  return stringify(value, { ...yamlForm, aliasDuplicateObjects: false })
}

/** How many comments a text has: JSON cannot hold them, so a conversion has to say that they go. */
export function countComments(text: string): number {
  let count = 0
  for (const token of new YamlParser().parse(text)) count += commentsIn(token)
  return count
}

const yamlForm = { lineWidth: 0, version: "1.2" } as const

function json(node: TreeNode, indent: string): string {
  const inner = `${indent}  `
  switch (node.kind) {
    case "scalar":
      return jsonScalar(node)
    case "seq": {
      if (node.items.length === 0) return "[]"
      const items = node.items.map((item) => inner + json(item, inner))
      return `[\n${items.join(",\n")}\n${indent}]`
    }
    case "map": {
      const pairs = lastEntries(node).map(
        ([key, value]) => `${inner}${JSON.stringify(key)}: ${json(value, inner)}`,
      )
      return pairs.length === 0 ? "{}" : `{\n${pairs.join(",\n")}\n${indent}}`
    }
  }
}

function jsonScalar(node: ScalarNode): string {
  if (typeof node.value !== "number") return JSON.stringify(node.value)
  // Digits as they were written: large numbers and 1.10 stay what they are.
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(node.source)) return node.source
  return Number.isFinite(node.value) ? JSON.stringify(node.value) : JSON.stringify(node.source)
}

/** Of a key written twice the last counts, in the place of the first. */
function lastEntries(node: TreeNode): readonly (readonly [string, TreeNode])[] {
  const values = new Map<string, TreeNode>()
  if (node.kind === "map") {
    for (const { key, value } of node.entries) values.set(String(key.value), value)
  }
  return [...values]
}

function yamlNode(node: TreeNode): Scalar | YAMLMap | YAMLSeq {
  switch (node.kind) {
    case "scalar":
      return yamlScalar(node)
    case "seq": {
      const seq = new YAMLSeq()
      seq.items = node.items.map(yamlNode)
      return seq
    }
    case "map": {
      const map = new YAMLMap()
      map.items = lastEntries(node).map(
        ([key, value]) => new Pair(new Scalar(key), yamlNode(value)),
      )
      return map
    }
  }
}

function yamlScalar(node: ScalarNode): Scalar {
  if (typeof node.value !== "number") return new Scalar(node.value)
  if (/^-?\d+$/.test(node.source)) return new Scalar(BigInt(node.source))
  const scalar = new Scalar(node.value)
  const fraction = /^-?\d+\.(\d+)$/.exec(node.source)?.[1]
  if (fraction !== undefined) scalar.minFractionDigits = fraction.length
  return scalar
}

type Token = ReturnType<Parser["parse"]> extends Generator<infer Made> ? Made : never

function commentsIn(root: Token): number {
  let count = 0
  const open: unknown[] = [root]
  while (open.length > 0) {
    const token = open.pop()
    if (Array.isArray(token)) for (const item of token) open.push(item)
    else if (typeof token === "object" && token !== null) {
      if ("type" in token && token.type === "comment") count++
      for (const part of ["start", "items", "end", "props", "key", "sep", "value"]) {
        if (part in token) open.push((token as Record<string, unknown>)[part])
      }
    }
  }
  return count
}
