import type { Json } from "./json.ts"
import type { Reader } from "./reader.ts"

export interface CommandsIter {
  readonly command: string
  /** Row n lists what `${n+1}` can be. */
  readonly rows: readonly VarsRow[]
}

export type VarsRow =
  | { readonly kind: "values"; readonly values: readonly string[] }
  /** The pieces of what the task printed; the whole text when the separator is empty. */
  | { readonly kind: "result"; readonly task: string; readonly separator: string }

export function readCommandsIter(reader: Reader): CommandsIter {
  const rows: VarsRow[] = []
  const written = reader.value("varsIter")
  if (written !== undefined && !Array.isArray(written)) reader.refuse('"varsIter" must be a list')
  for (const [index, row] of (Array.isArray(written) ? written : []).entries()) {
    const read = readRow(row)
    if (read === undefined) {
      reader.refuse(
        `"varsIter[${index}]" must be a list of values or ["get_result", "<task>", "<separator>"]`,
      )
    } else rows.push(read)
  }
  return { command: reader.required("command"), rows }
}

function readRow(row: Json): VarsRow | undefined {
  if (!Array.isArray(row)) return undefined
  if (row[0] !== "get_result") return { kind: "values", values: row.map(valueText) }
  const [, task, separator] = row
  if (row.length !== 3 || typeof task !== "string" || typeof separator !== "string") {
    return undefined
  }
  return { kind: "result", task, separator }
}

/** A value as it stands in a command: texts as they are, numbers in plain decimal. */
export function valueText(value: Json | undefined): string {
  if (typeof value === "string") return value
  if (typeof value === "number") return plainDecimal(value)
  if (value === null || value === undefined || typeof value === "boolean") return String(value)
  return compactJson(value)
}

function plainDecimal(value: number): string {
  const [digits = "", exponentText] = String(value).split("e")
  if (exponentText === undefined) return digits
  const exponent = Number(exponentText)
  const sign = digits.startsWith("-") ? "-" : ""
  const [whole = "", fraction = ""] = digits.replace("-", "").split(".")
  if (exponent >= 0) return sign + whole + fraction.padEnd(exponent, "0")
  return `${sign}0.${"0".repeat(-exponent - 1)}${whole}${fraction}`
}

/** Sorted keys and escaped angle brackets, because that is how KubeGene's own JSON comes out. */
function compactJson(value: Json): string {
  const sorted = JSON.stringify(value, (_, inner) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
  return sorted.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  )
}
