import type { ProblemCode, Remedy } from "../problem.ts"
import type { Habits, Schema } from "../spec/schema.ts"
import type { ScalarNode, TreeNode } from "../spec/tree.ts"
import { nearest } from "./nearest.ts"
import { writing } from "./report.ts"
import { type Pass, report, wrongType } from "./shapeReport.ts"
import { orList, quoted, typesOf } from "./shapeWords.ts"

/** Checks a value that is no map or list where one is wanted: its type, then what it says. */
export function checkScalar(schema: Schema, habits: Habits) {
  const types = typesOf(schema)
  const allowed = types.reduce((bits, type) => bits | (typeBits[type] ?? 0), 0)
  // What a rule of its own judges is not said twice: here only the type counts.
  const isRuled = schema["x-rule"] !== undefined
  const checkText = isRuled ? undefined : compileText(schema, habits)
  const checkNumber = isRuled ? undefined : compileNumber(schema, habits)
  const checkOld = habits.oldYaml === true && allowed !== 0 ? oldYaml(allowed, habits) : undefined
  const skipsNull = habits.nullIsAbsent === true || types.includes("null")
  return (node: TreeNode, pass: Pass, subject: string): void => {
    if (node.kind === "scalar" && node.value === null && skipsNull) return
    if (allowed !== 0 && (typeOf(node) & allowed) === 0) {
      wrongType(node, pass, subject, schema, habits)
      return
    }
    if (node.kind !== "scalar") return
    checkOld?.(node, pass)
    if (typeof node.value === "number") checkNumber?.(node, node.value, pass, subject)
    if (typeof node.value === "string") checkText?.(node, node.value, pass, subject)
    else if (node.value !== null) checkText?.(node, String(node.value), pass, subject)
  }
}

/** What a value can be taken as: a whole number is a number too. */
function typeOf(node: TreeNode): number {
  if (node.kind !== "scalar") return node.kind === "map" ? typeBit.object : typeBit.array
  switch (typeof node.value) {
    case "string":
      return typeBit.string
    case "boolean":
      return typeBit.boolean
    case "number":
      return isWhole(node, node.value) ? typeBit.integer | typeBit.number : typeBit.number
    default:
      return typeBit.null
  }
}

/** Go reads whole numbers only from digits: 2.0 and 2e0 are refused although they mean 2. */
function isWhole(node: ScalarNode, value: number): boolean {
  return Number.isInteger(value) && /^[-+]?(?:\d+|0x[\da-f]+|0o[0-7]+)$/i.test(node.source)
}

const typeBit = { null: 1, boolean: 2, integer: 4, number: 8, string: 16, array: 32, object: 64 }
const typeBits: Readonly<Record<string, number>> = typeBit

const oldBoolean = /^(?:[yYnN]|[yY]es|YES|[nN]o|NO|[oO]n|ON|[oO]ff|OFF)$/

/**
 * kubectl reads YAML 1.1: a plain `on` is true to it, and 0644 an octal number. What is meant is
 * read here as it was written; it only has to be written so that both agree.
 */
function oldYaml(allowed: number, habits: Habits) {
  const isText = (allowed & (typeBit.string | typeBit.boolean)) === typeBit.string
  const isNumber = (allowed & typeBit.integer) !== 0
  const advised: Habits = { ...habits, authority: "advice" }
  const say = (node: ScalarNode, pass: Pass, message: string, source: string) => {
    const remedy: Remedy = { kind: "source", source }
    report(pass, advised, "portability", "warning", message, node.span, remedy)
  }
  return (node: ScalarNode, pass: Pass) => {
    if (node.style !== "plain" || node.source.length > 12) return
    const { source, value } = node
    if (isText && typeof value === "string" && oldBoolean.test(source)) {
      const meaning = /^(?:y|yes|on)$/i.test(source)
      const message = `kubectl reads ${source} as ${meaning}. Write it in quotes: "${source}".`
      say(node, pass, message, `"${source}"`)
    }
    if (isNumber && typeof value === "number" && /^[-+]?0[0-7]+$/.test(source)) {
      const octal = Number.parseInt(source, 8)
      const message = `kubectl reads ${source} as the octal number ${octal}. Write ${octal}.`
      if (octal !== value) say(node, pass, message, String(octal))
    }
  }
}

function compileNumber(schema: Schema, habits: Habits) {
  const { minimum, maximum } = schema
  if (minimum === undefined && maximum === undefined) return undefined
  const range =
    minimum === undefined
      ? `${maximum} or less`
      : maximum === undefined || maximum === 2147483647
        ? `${minimum} or more`
        : `from ${minimum} to ${maximum}`
  return (node: ScalarNode, value: number, pass: Pass, subject: string) => {
    if (value >= (minimum ?? value) && value <= (maximum ?? value)) return
    const message =
      maximum === 2147483647 && value > maximum
        ? `${subject} must be less than 2147483648, not ${node.source}.`
        : `${subject} must be ${range}, not ${node.source}.`
    report(pass, habits, "bad-value", "error", message, node.span)
  }
}

function compileText(schema: Schema, habits: Habits) {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema
  const code = (schema["x-code"] ?? "bad-value") as ProblemCode
  const values = schema.enum
  const pattern = schema.pattern === undefined ? undefined : new RegExp(schema.pattern, "u")
  if (minLength === 0 && maxLength > 1e9 && values === undefined && pattern === undefined) {
    return undefined
  }
  const allowed = new Set([...(values ?? []), ...Object.keys(schema["x-ruled"] ?? {})])
  const wanted = schema["x-wanted"] ?? "of the form the description says"
  return (node: ScalarNode, text: string, pass: Pass, subject: string) => {
    const say = (message: string, remedy?: Remedy) =>
      report(pass, habits, code, "error", message, node.span, remedy)
    if (values !== undefined) {
      if (!allowed.has(text)) {
        const meant = meantValue(text, values)
        say(enumSentence(subject, text, values, meant), writing(meant))
      }
    } else if (text.length < minLength) {
      say(`${subject} is empty.`)
    } else if (text.length > maxLength) {
      say(`${subject} has ${text.length} characters; at most ${maxLength} are allowed.`)
    } else if (pattern !== undefined && !pattern.test(text)) {
      say(`${subject} must be ${wanted}, not ${quoted(text)}.`)
    }
  }
}

function meantValue(text: string, values: readonly string[]): string | undefined {
  const words = values.filter((value) => value !== "")
  if (words.length === 1) return words[0]
  const folded = text.toLowerCase()
  return words.find((value) => value.toLowerCase() === folded) ?? nearest(text, words)
}

function enumSentence(
  subject: string,
  text: string,
  values: readonly string[],
  meant: string | undefined,
): string {
  const words = values.filter((value) => value !== "")
  const choice = orList(words.map((value) => `"${value}"`))
  const end = meant === undefined || words.length === 1 ? "." : `; did you mean "${meant}"?`
  return `${subject} must be ${choice}, not ${quoted(text)}${end}`
}
