import type { ProblemCode, Remedy, Severity, Span } from "../problem.ts"
import {
  type Habits,
  type PlacedSchema,
  resolve,
  type Schema,
  severityNamed,
} from "../spec/schema.ts"
import type { MapEntry, MapNode, ScalarNode, TreeNode } from "../spec/tree.ts"
import { nearest } from "./nearest.ts"
import { writing } from "./report.ts"
import { type Check, keyName, type Pass, report } from "./shapeReport.ts"
import { andList, quoted } from "./shapeWords.ts"

/** Checks a map: which keys it has, which it lacks, and what stands under each. */
export function compileMap(schema: Schema, file: string, habits: Habits, compile: Compile) {
  const properties = compileProperties(schema, file, compile)
  const folds = habits.foldsCase === true
  const byFolded = new Map([...properties].map(([name, it]) => [name.toLowerCase(), it]))
  const find = (name: string) =>
    properties.get(name) ?? (folds ? byFolded.get(name.toLowerCase()) : undefined)
  const isRuled = schema["x-rule"] !== undefined
  const required = (isRuled ? [] : (schema.required ?? [])).map((name) => ({
    name,
    bit: properties.get(name)?.bit ?? 0,
  }))
  const choices = (isRuled ? [] : (schema.allOf ?? []))
    .filter((choice) => choice["x-rule"] === undefined)
    .map((choice) => compileChoice(choice, properties))
  const others =
    typeof schema.additionalProperties === "object"
      ? compile({ schema: schema.additionalProperties, file })
      : undefined
  const unknown = compileUnknown(schema, properties, habits)

  return (node: MapNode, pass: Pass, key: ScalarNode | undefined) => {
    let written = 0
    for (const entry of node.entries) {
      const name = keyName(entry.key)
      const property = find(name)
      if (property !== undefined) {
        if (entry.value === pass.tasks || !isAbsent(entry.value, habits)) written |= property.bit
        if (name !== property.name) respelt(node, entry, property.name, pass, habits)
        if (property.told !== undefined) tell(node, entry, property, pass, habits)
        property.check(entry.value, pass, quoted(property.name), entry.key)
        continue
      }
      if (others !== undefined) others(entry.value, pass, quoted(name), entry.key)
      else if (isMerge(entry)) written |= merged(entry.value, find)
      else unknown(entry, name, pass)
    }
    for (const { name, bit } of required) {
      if (written & bit) continue
      const title = schema.title ?? "document"
      const message = `Missing key "${name}" in ${title}${ownName(node, schema)}.`
      const place = placeOf(node, schema, name, key)
      const remedy: Remedy = { kind: "add", key: name, map: node.span }
      report(pass, habits, "missing-key", "error", message, place, remedy)
    }
    for (const choice of choices) {
      if (written & choice.bits) continue
      const span = placeOf(node, schema, undefined, key)
      const remedy: Remedy = { kind: "add", key: choice.first, map: node.span }
      report(pass, habits, "missing-key", "error", `${choice.message}.`, span, remedy)
    }
  }
}

type Compile = (placed: PlacedSchema) => Check

interface Property {
  readonly name: string
  /** Its place in the bits that say which keys were written. */
  readonly bit: number
  readonly check: Check
  readonly schema: Schema
  readonly told: "deprecated-key" | "ignored-key" | undefined
}

/** At least one of these keys has to be there. */
interface Choice {
  readonly message: string
  readonly bits: number
  readonly first: string
}

function compileProperties(
  schema: Schema,
  file: string,
  compile: Compile,
): ReadonlyMap<string, Property> {
  const watched = [
    ...(schema.required ?? []),
    ...(schema.allOf ?? []).flatMap((choice) =>
      (choice.anyOf ?? []).flatMap((it) => it.required ?? []),
    ),
  ]
  const bits = new Map([...new Set(watched)].map((name, index) => [name, 1 << index]))
  return new Map(
    Object.entries(schema.properties ?? {}).map(([name, written]) => {
      const placed = resolve(written, file)
      const { deprecated, "x-ignored": ignored, "x-rule": rule } = placed.schema
      const told =
        rule !== undefined
          ? undefined
          : ignored !== undefined
            ? "ignored-key"
            : deprecated === true
              ? "deprecated-key"
              : undefined
      const property: Property = {
        name,
        bit: bits.get(name) ?? 0,
        check: compile(placed),
        schema: placed.schema,
        told,
      }
      return [name, property]
    }),
  )
}

function compileChoice(choice: Schema, properties: ReadonlyMap<string, Property>): Choice {
  const branches = choice.anyOf ?? []
  const names = branches.flatMap((branch) => branch.required ?? [])
  return {
    message: choice["x-missing"] ?? `One of ${andList(names.map(quoted))} is missing`,
    bits: names.reduce((bits, name) => bits | (properties.get(name)?.bit ?? 0), 0),
    first: names[0] ?? "",
  }
}

function compileUnknown(schema: Schema, properties: ReadonlyMap<string, Property>, habits: Habits) {
  const near = habits.unknownKeys === "near"
  const aliases = new Map(Object.entries(schema["x-aliases"] ?? {}))
  const elsewhere = new Map(Object.entries(schema["x-elsewhere"] ?? {}))
  const current = [...properties.values()].filter(
    ({ schema: { deprecated, "x-ignored": ignored } }) => {
      return deprecated !== true && ignored === undefined
    },
  )
  const candidates = current.map((it) => it.name)
  const byFolded = new Map(candidates.map((it) => [it.toLowerCase(), it]))
  const closed = schema.additionalProperties === false
  const severity = severityNamed(near ? "warning" : habits.unknownKeys)
  const told: Habits = severity === "error" ? habits : { ...habits, authority: "advice" }
  const title = schema.title ?? "document"
  return (entry: MapEntry, name: string, pass: Pass) => {
    const hint = elsewhere.get(name)
    const meant =
      aliases.get(name) ??
      byFolded.get(name.toLowerCase()) ??
      nearest(name, candidates, near ? 1 : undefined)
    if (hint === undefined && meant === undefined && !closed) return
    const tail =
      hint !== undefined
        ? `. ${hint}.`
        : meant !== undefined
          ? `; did you mean "${meant}"?`
          : candidates.length <= 6
            ? `; the keys here are ${andList(candidates.map((it) => `"${it}"`))}.`
            : `: ${habits.unknownBecause}.`
    const message = `Unknown key ${quoted(name)} in ${title}${tail}`
    report(
      pass,
      told,
      "unknown-key",
      severity,
      message,
      entry.key.span,
      hint === undefined ? writing(meant) : undefined,
    )
  }
}

/** Keys that the system reads whatever their capitals; the same spelling twice is the reader's. */
function respelt(node: MapNode, entry: MapEntry, name: string, pass: Pass, habits: Habits): void {
  const advised: Habits = { ...habits, authority: "advice" }
  const key = quoted(keyName(entry.key))
  const isSame = (other: MapEntry) =>
    other !== entry && keyName(other.key).toLowerCase() === name.toLowerCase()
  if (node.entries.some(isSame)) {
    const message = `${key} is read as "${name}", which is there too; only the last one counts.`
    report(pass, advised, "duplicate-key", "warning", message, entry.key.span)
    return
  }
  report(
    pass,
    advised,
    "portability",
    "hint",
    `${key} is read as "${name}"; write it so.`,
    entry.key.span,
    writing(name),
  )
}

function tell(
  node: MapNode,
  entry: MapEntry,
  { name, schema, told }: Property,
  pass: Pass,
  habits: Habits,
): void {
  const advised: Habits = { ...habits, authority: "advice" }
  const say = (code: ProblemCode, severity: Severity, message: string, remedy: Remedy) =>
    report(pass, advised, code, severity, message, entry.key.span, remedy)
  if (told === "ignored-key") {
    say("ignored-key", "warning", `"${name}" has no effect: ${schema["x-ignored"]}.`, {
      kind: "drop-entry",
    })
    return
  }
  const better = schema["x-replacement"] ?? ""
  // Who writes both spellings means to be read by old and new servers alike.
  const both = entryOf(node, better) !== undefined
  const because = schema["x-because"] === undefined ? "" : `: ${schema["x-because"]}`
  const severity = both ? "hint" : severityNamed(schema["x-severity"] ?? "hint")
  const remedy: Remedy = both ? { kind: "drop-entry" } : { kind: "write", value: better }
  say("deprecated-key", severity, `Write "${better}" instead of "${name}"${because}.`, remedy)
}

function isAbsent(value: TreeNode, habits: Habits): boolean {
  return habits.nullIsAbsent === true && value.kind === "scalar" && value.value === null
}

function isMerge(entry: MapEntry): boolean {
  return entry.key.value === "<<" && entry.key.style === "plain"
}

/** The keys that a YAML merge brings in count as written; they are checked where they stand. */
function merged(value: TreeNode, find: (name: string) => Property | undefined): number {
  const sources = value.kind === "seq" ? value.items : [value]
  let written = 0
  for (const source of sources) {
    if (source.kind !== "map") continue
    for (const entry of source.entries) written |= find(keyName(entry.key))?.bit ?? 0
  }
  return written
}

/** ` "align"`: what the author calls this thing, where it has a name. */
function ownName(node: MapNode, schema: Schema): string {
  const value = entryOf(node, nameKey(schema))?.value
  return value?.kind === "scalar" && typeof value.value === "string"
    ? ` ${quoted(value.value)}`
    : ""
}

/** Where to say that a key is missing: at the empty one, at the parent's key, at its name. */
function placeOf(
  node: MapNode,
  schema: Schema,
  name: string | undefined,
  key: ScalarNode | undefined,
): Span {
  const written = name === undefined ? undefined : entryOf(node, name)
  if (written !== undefined) return written.key.span
  if (key !== undefined) return key.span
  const named = entryOf(node, nameKey(schema))?.value
  return (named ?? node.entries[0]?.key ?? node).span
}

function nameKey(schema: Schema): string {
  return schema["x-name-key"] ?? "name"
}

function entryOf(node: MapNode, name: string): MapEntry | undefined {
  return node.entries.findLast((entry) => entry.key.value === name)
}
