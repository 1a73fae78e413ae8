import type { Form } from "./place.ts"

/** What is to be written, as a value with places a person goes through. */
export type Sample = Scalar | Stop | Joined | readonly Sample[] | SampleMap

export type Scalar = string | number | boolean | null

export interface SampleMap {
  readonly [key: string]: Sample
}

/** A scalar that the person may change, or chooses among some. */
export interface Stop {
  readonly stop: Scalar
  readonly choices?: readonly Scalar[] | undefined
}

/** A text of which only parts may be changed. */
export interface Joined {
  readonly parts: readonly (string | Stop)[]
}

/** What is inserted: text, and places to stop at. */
export type Piece = string | { readonly stop: string; readonly choices: readonly string[] }

export function stop(value: Scalar, choices?: readonly Scalar[]): Stop {
  return choices === undefined ? { stop: value } : { stop: value, choices }
}

/** `column` is where the lines below the first begin; the first stands where the cursor is. */
export function render(sample: Sample, form: Form, column: number): readonly Piece[] {
  if (isScalar(sample) || isStop(sample) || isJoined(sample)) return renderScalar(sample, form)
  if (form === "json") return renderJson(sample, column)
  return form === "flow" || isShort(sample) ? renderFlow(sample) : renderBlock(sample, column)
}

/** What stands behind a key's colon, the blank or line break before it included. */
export function renderValue(sample: Sample, form: Form, column: number): readonly Piece[] {
  const isNested =
    form === "block" && (isMap(sample) || isList(sample)) && !isEmpty(sample) && !isShort(sample)
  if (!isNested) {
    const pieces = render(sample, form, column)
    return pieces.length === 0 ? [] : [" ", ...pieces]
  }
  return [`\n${" ".repeat(column + 2)}`, ...render(sample, form, column + 2)]
}

export function renderKey(key: string, form: Form): string {
  return form === "json" || !isPlain(key, form) ? JSON.stringify(key) : key
}

export function filled(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (typeof piece === "string" ? piece : piece.stop)).join("")
}

/** Up to the first place to stop at, for clients that know no such places. */
export function started(pieces: readonly Piece[]): string {
  const first = pieces.findIndex((piece) => typeof piece !== "string")
  return filled(first < 0 ? pieces : pieces.slice(0, first))
}

/** In the language of snippets. */
export function snippet(pieces: readonly Piece[]): string {
  let number = 0
  return pieces
    .map((piece) => {
      if (typeof piece === "string") return piece.replace(/[\\$}]/g, "\\$&")
      number++
      if (piece.choices.length > 1) {
        const choices = piece.choices.map((choice) => choice.replace(/[\\,|$}]/g, "\\$&"))
        return `\${${number}|${choices.join(",")}|}`
      }
      return `\${${number}:${piece.stop.replace(/[\\$}]/g, "\\$&")}}`
    })
    .join("")
}

/** A list of words stands on one line; commands stand below each other. */
function isShort(sample: Sample): boolean {
  return (
    isList(sample) &&
    sample.every((item) => {
      if (!isScalar(item) && !isStop(item)) return false
      return !/[\s${]/.test(String(isStop(item) ? item.stop : item))
    })
  )
}

function renderBlock(sample: readonly Sample[] | SampleMap, column: number): readonly Piece[] {
  if (isEmpty(sample)) return [isList(sample) ? "[]" : "{}"]
  const indent = `\n${" ".repeat(column)}`
  if (isList(sample)) {
    return sample.flatMap((item, index) => [
      `${index > 0 ? indent : ""}- `,
      ...(isList(item) ? render(item, "flow", 0) : render(item, "block", column + 2)),
    ])
  }
  return Object.entries(sample).flatMap(([key, value], index) => [
    `${index > 0 ? indent : ""}${renderKey(key, "block")}:`,
    ...renderValue(value, "block", column),
  ])
}

function renderFlow(sample: readonly Sample[] | SampleMap): readonly Piece[] {
  const inner = isList(sample)
    ? sample.map((item) => render(item, "flow", 0))
    : Object.entries(sample).map(([key, value]): readonly Piece[] => [
        `${renderKey(key, "flow")}: `,
        ...render(value, "flow", 0),
      ])
  const [open, close] = isList(sample) ? ["[", "]"] : ["{ ", " }"]
  return [open, ...joined(inner, ", "), close]
}

function renderJson(sample: readonly Sample[] | SampleMap, column: number): readonly Piece[] {
  const indent = " ".repeat(column + 2)
  const isFlat = isList(sample) && sample.every((item) => !isMap(item))
  const inner = isList(sample)
    ? sample.map((item) => render(item, "json", column + 2))
    : Object.entries(sample).map(([key, value]): readonly Piece[] => [
        `${JSON.stringify(key)}: `,
        ...render(value, "json", column + 2),
      ])
  const [open, close] = isList(sample) ? ["[", "]"] : ["{", "}"]
  if (isFlat || inner.length === 0) return [open, ...joined(inner, ", "), close]
  return [`${open}\n${indent}`, ...joined(inner, `,\n${indent}`), `\n${" ".repeat(column)}${close}`]
}

function joined(lists: readonly (readonly Piece[])[], between: string): readonly Piece[] {
  return lists.flatMap((list, index) => (index === 0 ? list : [between, ...list]))
}

function renderScalar(sample: Scalar | Stop | Joined, form: Form): readonly Piece[] {
  if (isScalar(sample)) return sample === null ? [] : [scalarText(sample, form)]
  if (isStop(sample)) {
    if (sample.stop === null) return [{ stop: "", choices: [] }]
    const texts = sample.choices?.map((choice) => scalarText(choice, form)) ?? []
    // Quotes stay around a text that the person writes over.
    const text = scalarText(sample.stop, form)
    if (texts.length < 2 && text.startsWith('"')) {
      return ['"', { stop: text.slice(1, -1), choices: [] }, '"']
    }
    return [{ stop: text, choices: texts }]
  }
  const whole = sample.parts.map((part) => (typeof part === "string" ? part : part.stop)).join("")
  const isQuoted = form === "json" || !isPlain(whole, form)
  const inQuotes = (text: string) => (isQuoted ? JSON.stringify(text).slice(1, -1) : text)
  const inner = sample.parts.map((part): Piece => {
    if (typeof part === "string") return inQuotes(part)
    const choices = part.choices?.map((choice) => inQuotes(String(choice))) ?? []
    return { stop: inQuotes(String(part.stop ?? "")), choices }
  })
  return isQuoted ? ['"', ...inner, '"'] : inner
}

/** A scalar as it has to be written so that it is read as this value. */
export function scalarText(value: Scalar, form: Form): string {
  if (typeof value !== "string") return String(value)
  return form !== "json" && isPlain(value, form) ? value : JSON.stringify(value)
}

function isPlain(text: string, form: Form): boolean {
  if (/^\d+(?:\.\d+)?(?:[mcG]|[KMGT]i)$/.test(text)) return true
  if (!/^[A-Za-z_/$]/.test(text) || /: |\s#|[:\s]$|[\n\t]/.test(text)) return false
  if (form === "flow" && /[,[\]{}]/.test(text)) return false
  return !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text)
}

function isScalar(sample: Sample): sample is Scalar {
  return typeof sample !== "object" || sample === null
}

function isList(sample: Sample): sample is readonly Sample[] {
  return Array.isArray(sample)
}

function isStop(sample: Sample): sample is Stop {
  return typeof sample === "object" && sample !== null && "stop" in sample
}

function isJoined(sample: Sample): sample is Joined {
  return typeof sample === "object" && sample !== null && "parts" in sample
}

function isMap(sample: Sample): sample is SampleMap {
  return !isScalar(sample) && !isList(sample) && !isStop(sample) && !isJoined(sample)
}

function isEmpty(sample: readonly Sample[] | SampleMap): boolean {
  return (isList(sample) ? sample : Object.keys(sample)).length === 0
}
