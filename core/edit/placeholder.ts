import { describe, type Path } from "../spec/describe.ts"
import type { Dialect } from "../workflow.ts"

/** What a new key may hold at first: what is meant without it, or an example of the schema's. */
export function placeholder(dialect: Dialect, path: Path): unknown {
  const found = describe(dialect, path)
  if (!found) return ""
  if (found.values.length > 0) return found.default ?? found.values[0]?.value
  if (found.key === "commandSet" || found.key === "commands") return ["echo hello"]
  const [example] = found.examples
  if (example !== undefined) return example
  if (found.default !== undefined) return found.default
  if (found.type.startsWith("list")) return []
  if (found.type.startsWith("map")) return {}
  return found.type.includes("number") ? 1 : found.type === "true or false" ? true : ""
}
