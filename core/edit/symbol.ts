import type { Span } from "../problem.ts"
import { scanReferences } from "../spec/expression.ts"
import { placesOf } from "../spec/expressionSpan.ts"
import { field } from "../spec/functionSpec.ts"
import { inputsOf } from "../spec/gcs/inputs.ts"
import { entryAt, givenAt } from "../spec/lookup.ts"
import type { OpenDocument, Place } from "../spec/openDocument.ts"
import type { Position } from "../spec/piece.ts"
import { questionAt } from "../spec/questionAt.ts"
import type { SpecFile, Standing } from "../spec/specFile.ts"
import { itemsOf, type ScalarNode, type TreeNode } from "../spec/tree.ts"
import { occurrencesOf } from "./occurrences.ts"
import { scalarsIn } from "./scalars.ts"
import { isCopy, type Section, sectionOf } from "./section.ts"

/** Something with a name that is written in more than one place. */
export interface NamedSymbol {
  readonly kind: "task" | "input" | "tool" | "volume"
  readonly name: string
  readonly standing: Standing
  /** Where it was asked for. */
  readonly place: Place
}

/** A place that spells a symbol. */
export interface SymbolPlace extends Place {
  readonly role: "definition" | "use"
  /** What the place would say for another name. */
  readonly spelt: (name: string) => {
    readonly span: Span
    readonly value: string
    readonly node?: ScalarNode
  }
}

/** The symbol that a position spells, if it is one. */
export function symbolAt(file: SpecFile, position: Position): NamedSymbol | undefined {
  const question = questionAt(file, position)
  if (!question) return undefined
  const { standing, item, at, path } = question
  const { document } = standing
  const { dialect } = document
  const spot = document.text.spotAt({
    line: position.line - standing.line,
    character: position.character,
  })
  const covers = ({ start, end }: Span) => start <= spot.offset && spot.offset <= end
  const task = taskAt(document, item ?? spot.item, covers)
  if (task) return { kind: "task", ...task, standing }
  const node = at.isInKey ? at.key : at.value.kind === "scalar" ? at.value : undefined
  if (!node || !dialect) return undefined
  const make = (kind: NamedSymbol["kind"], name: string, span = node.span): NamedSymbol => ({
    kind,
    name,
    standing,
    place: { item, span },
  })
  const last = path.at(-1)
  if (dialect === "execution" && !at.isInKey && namesTask(path))
    return make("task", String(node.value))
  if (dialect === "gcs") {
    if (at.isInKey && path.length === 2 && path[0] === "inputs")
      return make("input", String(node.value))
    if (at.isInKey && path.length === 2 && path[0] === "volumes")
      return make("volume", String(node.value))
    if (at.isInKey) return undefined
    if (path.length === 3 && path[0] === "workflow" && last === "tool")
      return make("tool", String(node.value))
    const placeOf = placesOf(node)
    for (const reference of scanReferences(typeof node.value === "string" ? node.value : "")) {
      const span = placeOf(reference)
      if (reference.kind === "name" && covers(span)) return make("input", reference.name, span)
    }
    return undefined
  }
  if (dialect !== "execution") return undefined
  if (at.isInKey ? isVolumeKey(path) : isVolumeName(path)) return make("volume", String(node.value))
  return undefined
}

/** The task whose name stands there; in a document read whole every task is asked. */
function taskAt(
  document: OpenDocument,
  item: Place["item"],
  covers: (span: Span) => boolean,
): Pick<NamedSymbol, "name" | "place"> | undefined {
  const candidates =
    item && document.text.layout ? [item] : document.text.layout ? [] : document.text.items
  for (const one of candidates) {
    const { name, dependencies, references = [] } = one.task
    // By itself a function may have no name but that of what it calls.
    const own = name && document.dialect !== "function" ? [name] : functionName(document, name)
    const texts = [...own, ...[...dependencies, ...references].map(({ target }) => target)]
    const text = texts.find(({ span }) => covers(span))
    if (text) return { name: text.value, place: { item: one, span: text.span } }
  }
  return undefined
}

function functionName(document: OpenDocument, name: { value: string; span: Span } | undefined) {
  const node = document.frame && field(document.frame.tree, "nodename")
  return name && node && node.span.start === name.span.start ? [name] : []
}

/** An item of `spec.until` or `spec.resumeFrom.rerun`. */
function namesTask([spec, first, second, third]: readonly (string | number)[]): boolean {
  if (spec !== "spec") return false
  return first === "until"
    ? typeof second === "number"
    : second === "rerun" && typeof third === "number"
}

function isVolumeKey(path: readonly (string | number)[]): boolean {
  return path.length === 5 && path[0] === "spec" && path[1] === "tasks" && path[3] === "volumes"
}

/** `volumes[].name` and `volumeMounts[].name` of a jobTemplate. */
function isVolumeName(path: readonly (string | number)[]): boolean {
  return (
    path[3] === "jobTemplate" &&
    path.at(-1) === "name" &&
    typeof path.at(-2) === "number" &&
    (path.at(-3) === "volumes" || path.at(-3) === "volumeMounts")
  )
}

/** Every place that spells the symbol, definitions first within each text. */
export function placesOfSymbol({ kind, name, standing }: NamedSymbol): readonly SymbolPlace[] {
  const { document } = standing
  switch (kind) {
    case "task":
      return occurrencesOf(document, name).map((one) => ({
        ...one,
        spelt: (value) => ({ span: one.span, value }),
      }))
    case "input":
      return [
        ...inputDefinition(document, name),
        ...inSections(document, `\${${name}}`, (section) => inputUses(section, name)),
      ]
    case "tool":
      return inSections(document, name, (section) =>
        scalars(
          section,
          ({ path, isKey, node }) =>
            !isKey && path.length === 3 && path.at(-1) === "tool" && node.value === name,
          "use",
        ),
      )
    case "volume":
      return document.dialect === "gcs"
        ? headKey(document, "volumes", name)
        : inSections(document, name, (section) => volumePlaces(section, name))
  }
}

function inSections(
  document: OpenDocument,
  wanted: string,
  find: (section: Section) => readonly SymbolPlace[],
): readonly SymbolPlace[] {
  const found: SymbolPlace[] = []
  const items = document.text.layout ? [undefined, ...document.text.items] : [undefined]
  for (const item of items) {
    // Most tasks do not name it; an escape may hide it from a look at the characters.
    if (item && !item.text.includes(wanted) && !item.text.includes("\\")) continue
    const section = sectionOf(document, item)
    if (section) for (const place of find(section)) found.push(place)
  }
  return found
}

function inputDefinition(document: OpenDocument, name: string): readonly SymbolPlace[] {
  return headKey(document, "inputs", name)
}

function headKey(document: OpenDocument, holder: string, name: string): readonly SymbolPlace[] {
  const key = entryAt(givenAt(document.frame?.tree, holder), name)?.key
  return key ? [whole(undefined, key, "definition")] : []
}

function whole(item: Place["item"], node: ScalarNode, role: SymbolPlace["role"]): SymbolPlace {
  return { item, span: node.span, role, spelt: (value) => ({ span: node.span, value, node }) }
}

function scalars(
  section: Section,
  wanted: (found: {
    node: ScalarNode
    path: readonly (string | number)[]
    isKey: boolean
  }) => boolean,
  role: SymbolPlace["role"],
): readonly SymbolPlace[] {
  const found: SymbolPlace[] = []
  for (const one of scalarsIn(section.tree, section.text, section.path)) {
    if (wanted(one)) found.push(whole(section.item, one.node, role))
  }
  return found
}

/** Keys whose texts are taken as they are written. */
const literal = new Set(["tool", "key", "description", "operator", "target", "type", "image"])

function inputUses(section: Section, name: string): readonly SymbolPlace[] {
  const { item, text, tree, path } = section
  const found: SymbolPlace[] = []
  for (const { node, path: way, isKey } of scalarsIn(tree, text, path)) {
    if (isKey || typeof node.value !== "string" || !node.value.includes(`\${${name}}`)) continue
    if (way[0] === "inputs" || literal.has(String(way.at(-1)))) continue
    const placeOf = placesOf(node)
    const spans = new Set<number>()
    for (const reference of scanReferences(node.value)) {
      if (reference.name !== name || reference.kind !== "name") continue
      const span = placeOf(reference)
      if (spans.has(span.start)) continue
      spans.add(span.start)
      const isWhole = span.start === node.span.start && span.end === node.span.end
      const { value } = node
      found.push({
        item,
        span,
        role: "use",
        spelt: (to) =>
          isWhole
            ? { span, value: value.replaceAll(`\${${name}}`, () => `\${${to}}`), node }
            : { span, value: `\${${to}}` },
      })
    }
  }
  return found
}

function volumePlaces({ item, text, tree, path }: Section, name: string): readonly SymbolPlace[] {
  const found: SymbolPlace[] = []
  const inTask = (task: TreeNode) => {
    if (isCopy(task, text)) return
    const key = entryAt(givenAt(task, "volumes"), name)?.key
    if (key && text.slice(key.span.start, key.span.end) === key.source)
      found.push(whole(item, key, "definition"))
    const pod = givenAt(givenAt(givenAt(givenAt(task, "jobTemplate"), "spec"), "template"), "spec")
    const named = (list: TreeNode | undefined, role: SymbolPlace["role"]) => {
      for (const one of itemsOf(list)) {
        const node = givenAt(one, "name")
        if (node?.kind === "scalar" && node.value === name && !isCopy(node, text))
          found.push(whole(item, node, role))
      }
    }
    named(givenAt(pod, "volumes"), "definition")
    for (const list of ["initContainers", "containers"]) {
      for (const container of itemsOf(givenAt(pod, list)))
        named(givenAt(container, "volumeMounts"), "use")
    }
  }
  if (path.length === 3) inTask(tree)
  else for (const task of itemsOf(givenAt(givenAt(tree, "spec"), "tasks"))) inTask(task)
  return found
}

/** The inputs that the document declares. */
export function declaredInputs(document: OpenDocument): ReadonlySet<string> {
  return new Set(document.frame ? inputsOf(document.frame.head).keys() : [])
}
