import type { Schema } from "../spec/schema.ts"
import type { TreeNode } from "../spec/tree.ts"

/** What was found, to stand behind "not". */
export function found(node: TreeNode): string {
  switch (node.kind) {
    case "map":
      return "a map"
    case "seq":
      return "a list"
    case "scalar":
      switch (typeof node.value) {
        case "string":
          return `the text ${quoted(node.value)}`
        case "number":
          return `the number ${cut(node.source)}`
        case "boolean":
          return String(node.value)
        default:
          return "nothing"
      }
  }
}

/** What is wanted, to stand behind "must be". */
export function wanted(schema: Schema): string {
  const own = schema["x-wanted"] ?? schema["x-type"]
  if (own !== undefined) return own
  const types = typesOf(schema).filter((type) => type !== "null")
  return orList(types.map((type) => typeNames[type] ?? type))
}

export function typesOf(schema: Schema): readonly string[] {
  if (schema.type === undefined) return []
  return typeof schema.type === "string" ? [schema.type] : schema.type
}

/** `a`, `a or b`, `a, b or c`. */
export function orList(words: readonly string[]): string {
  return joined(words, "or")
}

export function andList(words: readonly string[]): string {
  return joined(words, "and")
}

/** A name or value of the user's between quotes, cut where it would fill the screen. */
export function quoted(text: string): string {
  return `"${cut(text)}"`
}

const typeNames: Readonly<Record<string, string>> = {
  object: "a map (key: value)",
  array: "a list",
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
}

function joined(words: readonly string[], last: string): string {
  if (words.length < 2) return words.join("")
  return `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
