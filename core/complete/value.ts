import { describe, type Path } from "../spec/describe.ts"
import type { OfferKind } from "./offer.ts"
import type { Joined, Scalar } from "./render.ts"
import type { Where } from "./where.ts"

/** A scalar that may stand at a place. */
export interface Value {
  readonly value: Scalar | Joined
  readonly kind: OfferKind
  readonly detail?: string | undefined
  readonly documentation?: string | undefined
}

export interface Values {
  readonly values: readonly Value[]
  readonly isCut: boolean
}

/** The words, the default and the examples that the schema has for a path. */
export function fromSchema({ dialect }: Where, path: Path): readonly Value[] {
  const found = describe(dialect, path)
  if (!found) return []
  const standard = found.default === undefined ? undefined : String(found.default)
  const detail = (value: string) => (value === standard ? "default" : undefined)
  if (found.values.length > 0) {
    return found.values.map(({ value, description }) => ({
      value,
      kind: "value",
      detail: detail(value),
      documentation: description,
    }))
  }
  if (found.type === "true or false") {
    return [true, false].map((value) => ({ value, kind: "value", detail: detail(String(value)) }))
  }
  // A name of one's own would only be in the way of the next Enter.
  if (ownWords.has(String(path.at(-1)))) return []
  const examples = [found.default, ...found.examples].filter(isScalarValue)
  return [...new Set(examples)].map((value) => ({
    value,
    kind: "value",
    detail: detail(String(value)),
  }))
}

const ownWords = new Set(["name", "nodename", "generateName", "namespace", "command", "cmd", "key"])

function isScalarValue(value: unknown): value is Scalar {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
}

export function endsIn(path: Path, tail: readonly string[]): boolean {
  if (tail.length > path.length) return false
  return tail.every((part, index) => {
    const here = path[path.length - tail.length + index]
    return part === "*" || String(here).toLowerCase() === part.toLowerCase()
  })
}
