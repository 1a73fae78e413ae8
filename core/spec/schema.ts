import colonies from "#schemas/colonies-workflow.schema.json" with { type: "json" }
import execution from "#schemas/execution.schema.json" with { type: "json" }
import func from "#schemas/function.schema.json" with { type: "json" }
import gcs from "#schemas/gcs.schema.json" with { type: "json" }
import tool from "#schemas/gcs-tool.schema.json" with { type: "json" }
import kubernetes from "#schemas/kubernetes.schema.json" with { type: "json" }
import type { Severity } from "../problem.ts"
import type { Dialect } from "../workflow.ts"

/** What has a schema: the dialects, and the tool files that GCS workflows name. */
export type SchemaName = Dialect | "gcs-tool"

/**
 * The part of JSON Schema draft-07 that our schemas use, and our own words beside it (`x-…`, which
 * other validators pass over). schemas/README.md says what they mean.
 */
export interface Schema {
  readonly $ref?: string | undefined
  readonly title?: string | undefined
  readonly description?: string | undefined
  readonly type?: string | readonly string[] | undefined
  readonly format?: string | undefined
  readonly properties?: { readonly [key: string]: Schema } | undefined
  readonly required?: readonly string[] | undefined
  readonly additionalProperties?: boolean | Schema | undefined
  readonly propertyNames?: Schema | undefined
  readonly items?: Schema | undefined
  readonly minProperties?: number | undefined
  readonly minItems?: number | undefined
  readonly enum?: readonly string[] | undefined
  readonly enumDescriptions?: readonly string[] | undefined
  readonly minimum?: number | undefined
  readonly maximum?: number | undefined
  readonly minLength?: number | undefined
  readonly maxLength?: number | undefined
  readonly pattern?: string | undefined
  readonly anyOf?: readonly Schema[] | undefined
  readonly allOf?: readonly Schema[] | undefined
  readonly default?: unknown
  readonly examples?: readonly unknown[] | undefined
  readonly deprecated?: boolean | undefined
  readonly definitions?: { readonly [name: string]: Schema } | undefined
  readonly "x-dialect"?: Habits | undefined
  readonly "x-type"?: string | undefined
  readonly "x-name-key"?: string | undefined
  readonly "x-aliases"?: { readonly [wrong: string]: string } | undefined
  readonly "x-elsewhere"?: { readonly [key: string]: string } | undefined
  readonly "x-ruled"?: { readonly [value: string]: string } | undefined
  readonly "x-rule"?: string | undefined
  readonly "x-rule-all"?: string | undefined
  readonly "x-missing"?: string | undefined
  readonly "x-wanted"?: string | undefined
  readonly "x-code"?: string | undefined
  readonly "x-severity"?: string | undefined
  readonly "x-replacement"?: string | undefined
  readonly "x-because"?: string | undefined
  readonly "x-ignored"?: string | undefined
  readonly "x-crd"?: string | undefined
}

/** How the system behind a schema treats what it reads. */
export interface Habits {
  /** error, warning; near: only keys that look like a known one misspelt. */
  readonly unknownKeys: string
  /** Completes "Unknown key …: ". */
  readonly unknownBecause: string
  readonly authority: string
  readonly foldsCase?: boolean | undefined
  /** Its own tools read YAML as of 2005, where some plain words and numbers mean something else. */
  readonly oldYaml?: boolean | undefined
  readonly nullIsAbsent?: boolean | undefined
}

/** A schema and the file it stands in, which its references start from. */
export interface PlacedSchema {
  readonly schema: Schema
  readonly file: string
}

export function schemaOf(name: SchemaName): PlacedSchema {
  return { schema: fileNamed(`${name}.schema.json`), file: `${name}.schema.json` }
}

export function habitsOf(file: string): Habits {
  return fileNamed(file)["x-dialect"] ?? { unknownKeys: "error", unknownBecause: "", authority: "" }
}

/**
 * The schema as one: behind its reference, with the parts of `allOf` folded in. What stands beside
 * a reference wins over what it names. Only choices ("one of these keys") remain in `allOf`.
 */
export function resolve(schema: Schema, file: string): PlacedSchema {
  if (schema.$ref !== undefined) {
    const { $ref, ...beside } = schema
    const hash = $ref.indexOf("#")
    const target = hash === 0 ? file : hash < 0 ? $ref : $ref.slice(0, hash)
    const pointer = hash < 0 ? "" : $ref.slice(hash + 1)
    const named = resolve(at(fileNamed(target), pointer), target)
    return { schema: { ...named.schema, ...beside }, file: named.file }
  }
  const choices = schema.allOf?.filter((part) => part.anyOf !== undefined)
  if (schema.allOf === undefined || choices?.length === schema.allOf.length) return { schema, file }
  let whole: PlacedSchema = { schema: { ...schema, allOf: choices }, file }
  for (const part of schema.allOf) {
    if (part.anyOf === undefined) whole = folded(whole, resolve(part, file), file)
  }
  return whole
}

function folded(whole: PlacedSchema, part: PlacedSchema, origin: string): PlacedSchema {
  const { schema } = whole
  return {
    schema: {
      ...part.schema,
      ...schema,
      required: [...(schema.required ?? []), ...(part.schema.required ?? [])],
      properties: { ...schema.properties, ...part.schema.properties },
      allOf: [...(schema.allOf ?? []), ...(part.schema.allOf ?? [])],
    },
    // References in what was folded in start from the file it came from.
    file: part.file === origin ? whole.file : part.file,
  }
}

/** The task of a dialect, as one schema. A function spec is its own only task. */
export function taskSchema(dialect: Dialect): PlacedSchema {
  const { schema, file } = schemaOf(dialect)
  switch (dialect) {
    case "function":
      return resolve(schema, file)
    case "execution":
    case "gcs":
    case "colonies-workflow":
      return resolve(at(schema, "/definitions/task"), file)
  }
}

// What JSON files are inferred to be is narrower than a schema, key by key; it is read as one.
const files = {
  "execution.schema.json": execution,
  "gcs.schema.json": gcs,
  "gcs-tool.schema.json": tool,
  "function.schema.json": func,
  "colonies-workflow.schema.json": colonies,
  "kubernetes.schema.json": kubernetes,
} as unknown as { readonly [file: string]: Schema }

export const schemaFiles: readonly string[] = Object.keys(files)

export function fileNamed(file: string): Schema {
  const found = files[file]
  if (found === undefined) throw new Error(`There is no schema file "${file}".`)
  return found
}

function at(schema: Schema, pointer: string): Schema {
  let here: unknown = schema
  for (const part of pointer.split("/").slice(1)) {
    here = (here as { readonly [key: string]: unknown } | undefined)?.[part]
  }
  if (here === undefined) throw new Error(`No schema at "${pointer}".`)
  return here as Schema
}

/** The words our schemas use for severities. */
export function severityNamed(word: string): Severity {
  return word === "warning" || word === "info" || word === "hint" ? word : "error"
}
