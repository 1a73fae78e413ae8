import { scanReferences } from "../expression.ts"

/** `range(start, end[, step])`: the numbers from start up to, not including, end. */
export interface RangeCall {
  readonly parameters: readonly RangeParameter[]
  /** genectl takes no space but the ones behind a comma. */
  readonly strict: boolean
}

export interface RangeParameter {
  readonly role: "start" | "end" | "step"
  readonly value: number | { readonly input: string }
  /** Offsets in the text that was read. */
  readonly start: number
  readonly end: number
}

export type RangeReading =
  | { readonly kind: "range"; readonly call: RangeCall }
  | { readonly kind: "fault"; readonly why: string; readonly start: number; readonly end: number }
  /** Not a range at all: plain text. */
  | undefined

export function readRange(text: string): RangeReading {
  if (!/^\s*range/.test(text)) return undefined
  const open = text.indexOf("(")
  const close = text.lastIndexOf(")")
  const behind = text.slice(close + 1)
  const whole = { start: 0, end: text.length }
  if (close < open || behind.trim() !== "" || text.slice(0, open).trim() !== "range") {
    return { kind: "fault", why: "it is written range(start, end, step)", ...whole }
  }
  const pieces = text.slice(open + 1, close).split(",")
  if (pieces.length < 2 || pieces.length > 3) {
    const why = `range takes a start, an end and perhaps a step, not ${pieces.length} parameter${pieces.length === 1 ? "" : "s"}`
    return { kind: "fault", why, ...whole }
  }
  const parameters: RangeParameter[] = []
  let strict = text.startsWith("range(") && behind === ""
  let at = open + 1
  for (const [index, piece] of pieces.entries()) {
    const written = piece.trim()
    const start = at + piece.length - piece.trimStart().length
    const end = start + written.length
    at += piece.length + 1
    const role = roles[index] ?? "step"
    const value = parameterValue(written)
    if (value === undefined) {
      return {
        kind: "fault",
        why: `the ${role} "${written}" is neither a number nor one \${input}`,
        start,
        end,
      }
    }
    strict &&= piece === piece.trimEnd() && (index > 0 || piece === piece.trimStart())
    parameters.push({ role, value, start, end })
  }
  return { kind: "range", call: { parameters, strict } }
}

/** Why these three numbers make no range, or undefined. */
export function rangeFault(start: number, end: number, step: number): string | undefined {
  if (![start, end, step].every(Number.isFinite)) return "a range needs finite numbers"
  if (step <= 0) return `the step is ${step}; it must be larger than 0`
  if (start >= end) return `it is empty: the start ${start} is not smaller than the end ${end}`
  return undefined
}

/** The numbers of a range that `rangeFault` has nothing against. */
export function rangeValues(start: number, end: number, step: number): readonly number[] {
  return Array.from({ length: rangeSize(start, end, step) }, (_, index) => start + index * step)
}

/** Counted, not made: a range may be longer than memory. */
export function rangeSize(start: number, end: number, step: number): number {
  return Math.max(0, Math.ceil((end - start) / step))
}

const roles = ["start", "end", "step"] as const

function parameterValue(text: string): RangeParameter["value"] | undefined {
  if (/^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(text)) return Number(text)
  const [reference, ...more] = scanReferences(text)
  if (reference?.kind !== "name" || more.length > 0) return undefined
  return reference.start === 0 && reference.end === text.length
    ? { input: reference.name }
    : undefined
}
