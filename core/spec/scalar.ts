/** The value of a plain scalar as YAML 1.2 core reads it. */
export function plainValue(source: string): string | number | boolean | null {
  switch (source.charCodeAt(0)) {
    case 0x7e: // ~
      return source.length === 1 ? null : source
    case 0x4e: // N
    case 0x6e: // n
      return nulls.has(source) ? null : source
    case 0x54: // T
    case 0x74: // t
      return trues.has(source) ? true : source
    case 0x46: // F
    case 0x66: // f
      return falses.has(source) ? false : source
    case 0x2b: // +
    case 0x2d: // -
    case 0x2e: // .
      return numberIn(source)
    default: {
      const first = source.charCodeAt(0)
      if (source.length === 0) return null
      return first >= 0x30 && first <= 0x39 ? numberIn(source) : source
    }
  }
}

const nulls = new Set(["null", "Null", "NULL"])
const trues = new Set(["true", "True", "TRUE"])
const falses = new Set(["false", "False", "FALSE"])

const integer = /^[-+]?[0-9]+$/
const octal = /^0o[0-7]+$/
const hex = /^0x[0-9a-fA-F]+$/
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/
const infinite = /^[-+]?\.(?:inf|Inf|INF)$/
const notANumber = /^\.(?:nan|NaN|NAN)$/

function numberIn(source: string): string | number {
  if (integer.test(source)) return Number.parseInt(source, 10)
  if (float.test(source)) return Number.parseFloat(source)
  if (octal.test(source)) return Number.parseInt(source.slice(2), 8)
  if (hex.test(source)) return Number.parseInt(source.slice(2), 16)
  if (infinite.test(source)) return source.startsWith("-") ? -Infinity : Infinity
  if (notANumber.test(source)) return Number.NaN
  return source
}

/** The value of what stands between double quotes on one line; undefined where an escape is not one. */
export function unescaped(inside: string): string | undefined {
  let value = ""
  let from = 0
  for (;;) {
    const slash = inside.indexOf("\\", from)
    if (slash < 0) return value + inside.slice(from)
    value += inside.slice(from, slash)
    const letter = inside.charAt(slash + 1)
    const simple = escapes.get(letter)
    if (simple !== undefined) {
      value += simple
      from = slash + 2
      continue
    }
    const digits = digitsAfter.get(letter)
    if (digits === undefined) return undefined
    const code = inside.slice(slash + 2, slash + 2 + digits)
    if (code.length < digits || !/^[0-9a-fA-F]+$/.test(code)) return undefined
    const point = Number.parseInt(code, 16)
    if (point > 0x10ffff) return undefined
    value += String.fromCodePoint(point)
    from = slash + 2 + digits
  }
}

const digitsAfter = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
])

const escapes = new Map([
  ["0", "\0"],
  ["a", "\x07"],
  ["b", "\b"],
  ["e", "\x1b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
  ["N", "\u0085"],
  ["_", "\u00a0"],
  ["L", "\u2028"],
  ["P", "\u2029"],
  [" ", " "],
  ['"', '"'],
  ["/", "/"],
  ["\\", "\\"],
  ["\t", "\t"],
])
