import { fileNamed, type Schema, type SchemaName } from "./schema.ts"

/**
 * The schema of a dialect as one file that needs no other: what it takes from other files is among
 * its own definitions, as `<file>.<name>`. For editors and validators that follow no file names.
 */
export function selfContained(name: SchemaName): Schema {
  const own = `${name}.schema.json`
  const definitions: Record<string, Schema> = {}
  const open = new Set<string>()

  function brought(target: string, pointer: string): string {
    const [, , definition] = pointer.split("/")
    const key = [target.replace(".schema.json", ""), definition].filter(Boolean).join(".")
    if (!open.has(key)) {
      open.add(key)
      const { $schema, $id, definitions: inner, ...root } = fileNamed(target) as Foreign
      const named = definition === undefined ? root : inner?.[definition]
      if (named === undefined) throw new Error(`No schema at "${target}#${pointer}".`)
      definitions[key] = moved(named, target) as Schema
    }
    return `#/definitions/${key}`
  }

  function moved(value: unknown, file: string): unknown {
    if (Array.isArray(value)) return value.map((item) => moved(item, file))
    if (typeof value !== "object" || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        if (key !== "$ref" || typeof inner !== "string") return [key, moved(inner, file)]
        const [target = "", pointer = ""] = inner.split("#")
        const from = target === "" ? file : target
        return [key, from === own ? inner : brought(from, pointer)]
      }),
    )
  }

  const whole = moved(fileNamed(own), own) as Schema
  return { ...whole, definitions: { ...whole.definitions, ...definitions } }
}

interface Foreign extends Schema {
  readonly $schema?: string
  readonly $id?: string
}
