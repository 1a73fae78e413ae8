/**
 * A `${…}` in a text: the rows of an iteration (`${1}`, `${2}`, …), the number of the command
 * (`${item}`), or any other name, which a gcs file fills in from its inputs.
 */
export interface Reference {
  readonly kind: "row" | "item" | "name" | "unterminated"
  /** What stands between the braces. */
  readonly name: string
  /** Offsets in the text that was scanned. */
  readonly start: number
  readonly end: number
  /** Nothing stands between this one and the one before: KubeGene's own tools leave this one as it is. */
  readonly adjacent: boolean
}

/** Finds every `${…}` from left to right. A reference ends at the first `}`, nothing nests. */
export function scanReferences(text: string): readonly Reference[] {
  const found: Reference[] = []
  let at = text.indexOf("${")
  while (at !== -1) {
    const close = text.indexOf("}", at + 2)
    const end = close === -1 ? text.length : close + 1
    const name = text.slice(at + 2, close === -1 ? undefined : close)
    found.push({
      kind: close === -1 ? "unterminated" : kindOf(name),
      name,
      start: at,
      end,
      adjacent: found.at(-1)?.end === at,
    })
    at = close === -1 ? -1 : text.indexOf("${", end)
  }
  return found
}

/**
 * Fills references in, left to right; what is filled in is not looked at again. Where `resolve`
 * knows no value the reference stays as it was written.
 */
export function substitute(
  text: string,
  resolve: (reference: Reference) => string | undefined,
): string {
  let result = ""
  let done = 0
  for (const reference of scanReferences(text)) {
    const value = reference.kind === "unterminated" ? undefined : resolve(reference)
    if (value === undefined) continue
    result += text.slice(done, reference.start) + value
    done = reference.end
  }
  return result + text.slice(done)
}

/** What a row's value becomes in a command: plain decimals, `null`, compact JSON. */
export function valueText(value: unknown): string {
  if (typeof value === "string") return value
  if (typeof value === "number") return decimal(value)
  if (value === null || value === undefined) return "null"
  if (typeof value === "boolean") return String(value)
  // Sorted keys and these escapes are Go's, so that a command is the same whoever makes it.
  return JSON.stringify(sorted(value)).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  )
}

/** Which row `${n}` means, from 1. `${0}` and `${01}` mean none and stay as they are. */
export function rowNumber(reference: Reference): number | undefined {
  return reference.kind === "row" && /^[1-9]/.test(reference.name)
    ? Number(reference.name)
    : undefined
}

function kindOf(name: string): Reference["kind"] {
  if (/^\d+$/.test(name)) return "row"
  return name === "item" ? "item" : "name"
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== "object" || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}

function decimal(value: number): string {
  const short = String(value)
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(short)
  if (match === null) return short
  const [, sign = "", first = "", rest = "", power = "0"] = match
  const exponent = Number(power)
  const digits = first + rest
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`
  return sign + digits.padEnd(exponent + 1, "0")
}
