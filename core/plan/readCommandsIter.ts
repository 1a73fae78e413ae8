import { valueText } from "../spec/expression.ts"
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
