import { scanReferences } from "../expression.ts"

/** `get_result(job[, "separator"])` or `check_result(job[, "text"])`. */
export interface ResultCall {
  readonly name: "get_result" | "check_result"
  readonly job: Piece
  readonly argument: (Piece & { readonly form: "quoted" | "input" }) | undefined
  /** What genectl makes of the same text, where it is not what is meant here. */
  readonly differs: string | undefined
}

/** `value` is decoded; the offsets stand around it in the text that was read. */
export interface Piece {
  readonly value: string
  readonly start: number
  readonly end: number
}

export type ResultReading =
  | { readonly kind: "call"; readonly call: ResultCall }
  | { readonly kind: "fault"; readonly why: string }
  /** Does not begin like a function: plain text. */
  | undefined

export function readResultCall(text: string, name: ResultCall["name"]): ResultReading {
  if (!text.trimStart().startsWith(name)) return undefined
  const form = name === "get_result" ? 'get_result(job, "separator")' : 'check_result(job, "text")'
  const fault = (why: string): ResultReading => ({ kind: "fault", why })
  const open = text.indexOf("(")
  const close = text.lastIndexOf(")")
  const behind = text.slice(close + 1)
  if (open === -1 || close < open || behind.trim() !== "" || text.slice(0, open).trim() !== name) {
    return fault(`it is written ${form}`)
  }
  const comma = text.slice(0, close).indexOf(",", open)
  const job = trimmed(text, open + 1, comma === -1 ? close : comma)
  if (job.value === "") return fault(`the name of a job is missing: ${form}`)
  if (/["'()]/.test(job.value)) return fault(`it is written ${form}`)
  const jobPiece = { ...job, value: job.value.replaceAll(/\s/g, "") }
  const closeBehind = comma === -1 ? job.end : trimmed(text, comma + 1, close).end
  const isLoose = text.indexOf(name) > 0 || open > name.length || behind !== ""
  const loose =
    isLoose || (comma !== -1 && closeBehind < close)
      ? "genectl takes no space before a bracket or at the end"
      : undefined
  if (comma === -1) {
    return { kind: "call", call: { name, job: jobPiece, argument: undefined, differs: loose } }
  }
  const { value: written, start, end } = trimmed(text, comma + 1, close)
  const quoted = /^(["'])(.*)\1$/s.exec(written)?.[2]
  if (quoted !== undefined) {
    const argument = { value: unescaped(quoted), start, end, form: "quoted" as const }
    return {
      kind: "call",
      call: { name, job: jobPiece, argument, differs: loose ?? quotedDiffers(quoted) },
    }
  }
  const [reference] = scanReferences(written)
  if (reference?.kind !== "name" || reference.end !== written.length || reference.start !== 0) {
    return fault(`"${written}" needs quotes around it: ${form}`)
  }
  const argument = { value: reference.name, start, end, form: "input" as const }
  const differs = `genectl reads ${written} without quotes as an empty text`
  return { kind: "call", call: { name, job: jobPiece, argument, differs } }
}

/** A stretch of the text without the spaces around it. */
function trimmed(text: string, from: number, to: number): Piece {
  const stretch = text.slice(from, to)
  const value = stretch.trim()
  const start = from + stretch.length - stretch.trimStart().length
  return { value, start, end: start + value.length }
}

function quotedDiffers(quoted: string): string | undefined {
  if (quoted === "") return "genectl takes no empty quotes"
  return quoted.includes(",") ? "genectl takes no comma inside the quotes" : undefined
}

function unescaped(text: string): string {
  const signs: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" }
  return text.replace(/\\([ntr])/g, (_, sign: string) => signs[sign] ?? "")
}
