import type { Head } from "../dialect.ts"
import { entriesOf, givenAt, stringAt } from "../lookup.ts"
import { type TreeNode, toValue } from "../tree.ts"

export const inputTypes = ["string", "number", "bool", "array"] as const

export type InputType = (typeof inputTypes)[number]

export interface Input {
  readonly name: string
  /** Undefined when the text names a type that is none. */
  readonly type: InputType | undefined
  /** `value`, else `default`; undefined when the text gives neither. */
  readonly value: unknown
}

/** What `${…}` may name in a gcs file. */
export type Inputs = ReadonlyMap<string, Input>

export function readInputs(root: TreeNode): Inputs {
  return new Map(
    entriesOf(givenAt(root, "inputs")).map(({ key, value }) => {
      const given = givenAt(value, "value") ?? givenAt(value, "default")
      const input: Input = {
        name: String(key.value),
        type: readType(value),
        value: given === undefined ? undefined : toValue(given),
      }
      return [input.name, input]
    }),
  )
}

export function inputsOf(head: Head): Inputs {
  return head.scope instanceof Map ? (head.scope as Inputs) : new Map()
}

/** The type whose values look like this one; undefined for null and maps. */
export function typeOfValue(value: unknown): InputType | undefined {
  if (typeof value === "string" || typeof value === "number") return typeof value as InputType
  if (typeof value === "boolean") return "bool"
  return Array.isArray(value) ? "array" : undefined
}

function readType(node: TreeNode): InputType | undefined {
  if (givenAt(node, "type") === undefined) return "string"
  const written = stringAt(node, "type")?.value
  return inputTypes.find((type) => type === written)
}
