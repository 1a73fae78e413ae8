/**
 * What Go's JSON decoder does with a typed struct: unknown keys are dropped, keys match exactly or
 * else without case, null and absent are the zero value, a wrong type refuses the whole.
 */
export type Shape =
  | "string"
  | "int"
  | "long"
  | "number"
  | "bool"
  | "any"
  | { readonly list: Shape }
  | { readonly map: Shape }
  | { readonly pointer: Shape }
  | { readonly fields: { readonly [name: string]: Shape } }

export type Decoded<S> = S extends "string"
  ? string
  : S extends "int" | "number"
    ? number
    : S extends "long"
      ? bigint
      : S extends "bool"
        ? boolean
        : S extends { readonly list: infer L }
          ? Decoded<L>[] | null
          : S extends { readonly map: infer M }
            ? Record<string, Decoded<M>> | null
            : S extends { readonly pointer: infer P }
              ? Decoded<P> | null
              : S extends { readonly fields: infer F }
                ? { -readonly [K in keyof F]: Decoded<F[K]> }
                : unknown

export class WrongType extends Error {}

export function decode<const S extends Shape>(shape: S, value: unknown): Decoded<S> {
  return decodeAny(shape, value) as Decoded<S>
}

function decodeAny(shape: Shape, value: unknown): unknown {
  if (typeof shape === "string") return scalar(shape, value)
  if ("list" in shape) {
    if (value === undefined || value === null) return null
    if (!Array.isArray(value)) throw new WrongType()
    return value.map((entry) => decodeAny(shape.list, entry))
  }
  if ("pointer" in shape) {
    return value === undefined || value === null ? null : decodeAny(shape.pointer, value)
  }
  if ("map" in shape) {
    if (value === undefined || value === null) return null
    return Object.fromEntries(
      Object.entries(asObject(value))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, entry]) => [key, decodeAny(shape.map, entry)]),
    )
  }
  const object = value === undefined || value === null ? {} : asObject(value)
  return Object.fromEntries(
    Object.entries(shape.fields).map(([name, field]) => [
      name,
      decodeAny(field, valueAt(object, name)),
    ]),
  )
}

function scalar(shape: "string" | "int" | "long" | "number" | "bool" | "any", value: unknown) {
  if (shape === "any") return plain(value)
  const absent = value === undefined || value === null
  if (shape === "string") return absent ? "" : ofType("string", value)
  if (shape === "bool") return absent ? false : ofType("boolean", value)
  if (shape === "number" && typeof value === "number") return value
  if (absent) return shape === "long" ? 0n : 0
  const whole = ofType("bigint", value) as bigint
  return shape === "long" ? whole : Number(whole)
}

function ofType(type: string, value: unknown): unknown {
  if (typeof value !== type) throw new WrongType()
  return value
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new WrongType()
  return value as Record<string, unknown>
}

function valueAt(object: Record<string, unknown>, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name]
  const key = Object.keys(object).find((key) => key.toLowerCase() === name)
  return key === undefined ? undefined : object[key]
}

/** Go's interface{}: numbers are floats, the keys of objects come back in order. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== "object" || value === null) return value ?? null
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, plain(entry)]),
  )
}
