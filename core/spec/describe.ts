import { habitsOf, type PlacedSchema, resolve, type SchemaName, schemaOf } from "./schema.ts"

/** What there is to say about a place in a document, from its schema alone. */
export interface Description {
  /** The key as the schema spells it; for an item of a list, what such an item is called. */
  readonly key: string
  /** In words: "text", "list of texts", "whole number". */
  readonly type: string
  readonly description: string | undefined
  /** What holds when the key is absent. */
  readonly default: unknown
  readonly examples: readonly unknown[]
  readonly values: readonly { readonly value: string; readonly description: string | undefined }[]
  /** The key to write instead. */
  readonly replacement: string | undefined
  readonly required: boolean
}

/** Keys and indexes that lead from the root of a document to a place in it. */
export type Path = readonly (string | number)[]

/** What the schema says about a place, or undefined where anything may stand. */
export function describe(name: SchemaName, path: Path): Description | undefined {
  const placed = schemaAt(name, path)
  if (placed === undefined) return undefined
  const { schema } = placed
  const last = path.at(-1)
  const parent = schemaAt(name, path.slice(0, -1))
  const key =
    typeof last === "string"
      ? ((parent && spelt(parent, last)) ?? last)
      : (schema.title ?? (last === undefined ? name : "item"))
  return {
    key,
    type: typeText(placed),
    description: schema.description,
    default: schema.default,
    examples: schema.examples ?? [],
    values: (schema.enum ?? [])
      .map((value, index) => ({ value, description: schema.enumDescriptions?.[index] }))
      .filter(({ value }) => value !== ""),
    replacement: schema["x-replacement"],
    required: parent?.schema.required?.includes(key) ?? false,
  }
}

/** The schema that holds for a place; undefined where no schema says anything. */
export function schemaAt(name: SchemaName, path: Path): PlacedSchema | undefined {
  let here = rootOf(name, path[0])
  for (const part of path) {
    const next = here && step(here, part)
    if (next === undefined) return undefined
    here = next
  }
  return here
}

/** Of the two forms of a workflow, the one the path goes into. */
function rootOf(name: SchemaName, first: string | number | undefined): PlacedSchema | undefined {
  const { schema, file } = schemaOf(name)
  if (schema.anyOf === undefined || first === undefined) return resolve(schema, file)
  const type = typeof first === "number" ? "array" : "object"
  const form = schema.anyOf.find((branch) => branch.type === type)
  return form && resolve(form, file)
}

function step({ schema, file }: PlacedSchema, part: string | number): PlacedSchema | undefined {
  if (typeof part === "number") return schema.items && resolve(schema.items, file)
  const key = spelt({ schema, file }, part)
  const property = key === undefined ? undefined : schema.properties?.[key]
  if (property !== undefined) return resolve(property, file)
  return typeof schema.additionalProperties === "object"
    ? resolve(schema.additionalProperties, file)
    : undefined
}

/** The property that a key means. Some dialects read keys whatever their capitals. */
function spelt({ schema, file }: PlacedSchema, key: string): string | undefined {
  const properties = schema.properties ?? {}
  if (Object.hasOwn(properties, key)) return key
  if (habitsOf(file).foldsCase !== true) return undefined
  const folded = key.toLowerCase()
  return Object.keys(properties).find((name) => name.toLowerCase() === folded)
}

function typeText({ schema, file }: PlacedSchema, plural = false): string {
  if (schema["x-type"] !== undefined) return schema["x-type"]
  const branches = schema.anyOf?.map((branch) => typeText(resolve(branch, file), plural))
  if (branches !== undefined) return branches.join(" or ")
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? [])
  const words = types
    .filter((type) => type !== "null")
    .map((type) => {
      if (type !== "array" || schema.items === undefined) return (plural ? many : one)[type] ?? type
      const items = typeText(resolve(schema.items, file), true)
      return items === "" ? (plural ? "lists" : "list") : `${plural ? "lists" : "list"} of ${items}`
    })
  return words.join(" or ")
}

const one: Readonly<Record<string, string>> = {
  string: "text",
  integer: "whole number",
  number: "number",
  boolean: "true or false",
  object: "map",
  array: "list",
}
const many: Readonly<Record<string, string>> = {
  string: "texts",
  integer: "whole numbers",
  number: "numbers",
  boolean: "true or false",
  object: "maps",
  array: "lists",
}
