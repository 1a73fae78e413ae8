import { parseQuantity } from "../spec/quantity.ts"
import { isObject, type Json, type JsonObject } from "./json.ts"

/**
 * Reads the fields of one JSON object and gathers, in words, what is not as it must be. A child
 * writes to the same list as its parent. Null counts as absent everywhere.
 */
export class Reader {
  readonly reasons: string[]
  readonly #value: JsonObject
  readonly #path: string

  constructor(value: unknown, path: string, reasons: string[] = []) {
    this.reasons = reasons
    this.#path = path
    if (value !== undefined && value !== null && !isObject(value)) {
      reasons.push(`${path === "" ? "the object" : path} must be a map`)
    }
    this.#value = isObject(value) ? value : {}
  }

  refuse(sentence: string): void {
    this.reasons.push(this.#path === "" ? sentence : `${this.#path}: ${sentence}`)
  }

  /** The same object, spoken of by a name people know. */
  named(name: string | undefined): Reader {
    return name === undefined ? this : new Reader(this.#value, name, this.reasons)
  }

  self(): JsonObject {
    return this.#value
  }

  keys(): string[] {
    return Object.keys(this.#value)
  }

  value(key: string): Json | undefined {
    return Object.hasOwn(this.#value, key) ? (this.#value[key] ?? undefined) : undefined
  }

  has(key: string): boolean {
    return this.value(key) !== undefined
  }

  child(key: string): Reader {
    return new Reader(this.value(key), this.#below(key), this.reasons)
  }

  optional(key: string): Reader | undefined {
    return this.has(key) ? this.child(key) : undefined
  }

  children(key: string): Reader[] {
    return this.#list(key).map(
      (value, index) => new Reader(value, `${this.#below(key)}[${index}]`, this.reasons),
    )
  }

  /** Undefined when absent or empty. */
  text(key: string): string | undefined {
    const value = this.value(key)
    if (value === undefined || value === "") return undefined
    if (typeof value === "string") return value
    this.refuse(`"${key}" must be a text`)
    return undefined
  }

  required(key: string): string {
    const before = this.reasons.length
    const text = this.text(key)
    if (text === undefined && this.reasons.length === before) this.refuse(`"${key}" is missing`)
    return text ?? ""
  }

  textList(key: string): readonly string[] {
    const texts: string[] = []
    for (const [index, value] of this.#list(key).entries()) {
      if (typeof value === "string") texts.push(value)
      else this.refuse(`"${key}[${index}]" must be a text`)
    }
    return texts
  }

  texts(key: string): Readonly<Record<string, string>> {
    const entries = Object.entries(this.object(key) ?? {})
    return Object.fromEntries(
      entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    )
  }

  object(key: string): JsonObject | undefined {
    const value = this.value(key)
    if (value === undefined || isObject(value)) return value
    this.refuse(`"${key}" must be a map`)
    return undefined
  }

  /** A whole number that is not negative. */
  count(key: string): number | undefined {
    const value = this.value(key)
    if (value === undefined) return undefined
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value
    this.refuse(`"${key}" must be a whole number, 0 or more`)
    return undefined
  }

  /** Kubernetes takes numbers and texts; zero is how some tools write "not said". */
  quantity(key: string): string | undefined {
    const value = this.value(key)
    if (value === undefined || value === "") return undefined
    if (typeof value !== "string" && typeof value !== "number") {
      this.refuse(`"${key}" must be a quantity such as "2" or "8Gi"`)
      return undefined
    }
    const text = String(value).trim()
    const read = parseQuantity(text)
    if (!read.ok) {
      this.refuse(`"${key}" must be a quantity such as "2" or "8Gi", not "${text}"`)
      return undefined
    }
    return read.quantity.nanos === 0n ? undefined : text
  }

  time(key: string): number | undefined {
    const text = this.text(key)
    const time = text === undefined ? Number.NaN : Date.parse(text)
    return Number.isNaN(time) ? undefined : time
  }

  #list(key: string): readonly Json[] {
    const value = this.value(key)
    if (value === undefined) return []
    if (Array.isArray(value)) return value
    this.refuse(`"${key}" must be a list`)
    return []
  }

  #below(key: string): string {
    return this.#path === "" ? key : `${this.#path}.${key}`
  }
}
