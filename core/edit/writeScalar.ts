import { plainValue } from "../spec/scalar.ts"
import type { ScalarNode } from "../spec/tree.ts"

/** A text as a scalar, in the quotes of the one it takes the place of where these will do. */
export function writeScalar(value: string, style: ScalarNode["style"], isJson = false): string {
  if (style === "double" || isJson) return JSON.stringify(value)
  if (style === "single" && !/[\n\r\t]/.test(value)) return `'${value.replaceAll("'", "''")}'`
  return isPlain(value) ? value : JSON.stringify(value)
}

/** Whether a text needs no quotes, in block and flow style, for readers of any version of YAML. */
export function isPlain(value: string): boolean {
  return (
    plain.test(value) &&
    typeof plainValue(value) === "string" &&
    !number.test(value) &&
    !oldWord.test(value)
  )
}

const plain = /^[A-Za-z0-9_./$][\w./@+=$-]*(?:(?: |:(?=[\w./-]))[\w./@+=$-]+)*$/
const number = /^[-+.\d][\d_:.,eE+-]*$/
const oldWord = /^(?:y|yes|n|no|on|off|true|false|null)$/i

/** A value of a schema's example in one line, as YAML or JSON. */
export function writeValue(value: unknown, isJson: boolean): string {
  if (Array.isArray(value)) return `[${value.map((item) => writeValue(item, isJson)).join(", ")}]`
  if (typeof value === "object" && value !== null) {
    const pairs = Object.entries(value).map(
      ([key, inner]) =>
        `${writeScalar(key, isJson ? "double" : "plain")}: ${writeValue(inner, isJson)}`,
    )
    return isJson || pairs.length === 0 ? `{${pairs.join(", ")}}` : `{ ${pairs.join(", ")} }`
  }
  if (typeof value === "string") return writeScalar(value, isJson ? "double" : "plain")
  return JSON.stringify(value) ?? "null"
}
