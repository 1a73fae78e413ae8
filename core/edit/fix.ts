import type { ProblemCode } from "../problem.ts"
import type { Found, OpenDocument, Place } from "../spec/openDocument.ts"
import type { TaskItem } from "../spec/taskItem.ts"
import type { MapNode } from "../spec/tree.ts"
import { addEntry } from "./addEntry.ts"
import { placeholder } from "./placeholder.ts"
import { removeEntry, removeItem } from "./removePart.ts"
import { renameTask } from "./renameTask.ts"
import {
  mapAt,
  type PlacedEdit,
  placed,
  type Section,
  sectionOf,
  stepsTo,
  type TextChange,
} from "./section.ts"
import { writeScalar, writeValue } from "./writeScalar.ts"

/** A way to mend a mistake. */
export interface Fix {
  readonly title: string
  readonly edits: readonly PlacedEdit[]
  /** What most people would choose. */
  readonly isPreferred: boolean
  /** Says the same as before, only rightly, so that it may be done without a look at each place. */
  readonly isSafe: boolean
}

/** Every way to mend a mistake that is known, the best one first. */
export function fixesFor(document: OpenDocument, found: Found): readonly Fix[] {
  const { code, remedy } = found.problem
  // Where it is not certain what belongs together, nothing is put in or taken out.
  const isBroken = [found, ...found.related].some((place) => hasSyntaxMistake(document, place))
  if (isBroken && remedy?.kind !== "write" && remedy?.kind !== "source") return []
  if (code === "cycle") return cycleFixes(document, found)
  if (code === "duplicate-key") return duplicateFixes(document, found)
  if (code === "duplicate-name") return renamed(document, found, freeName(document, ownName(found)))
  if (!remedy) return []
  const section = sectionOf(document, found.item)
  if (!section) return []
  const { span } = found
  switch (remedy.kind) {
    case "write":
      return written(section, found, remedy.value)
    case "source":
      return one(
        section,
        remedy.source === "" ? "Remove it" : `Write ${remedy.source}`,
        rewritten(section, found, remedy.source),
      )
    case "add": {
      const map = mapAt(section, remedy.map)
      if (map?.node.kind !== "map" || !document.dialect) return []
      const example = placeholder(document.dialect, [...map.path, remedy.key])
      const isName = remedy.key === "name" || remedy.key === "nodename"
      const usual = isName && typeof example === "string" ? freeName(document, example) : example
      const value = remedy.value ?? usual
      const text = writeValue(value, section.isJson)
      const changes = addEntry(section, map.node, remedy.key, text)
      return one(
        section,
        `Add "${remedy.key}: ${writeValue(value, false)}"`,
        changes,
        remedy.value !== undefined,
      )
    }
    case "drop-entry": {
      const title = `Remove "${section.text.slice(span.start, span.end).replace(/^["']|["']$/g, "")}"`
      return one(section, title, withoutEntry(section, found), false)
    }
    case "drop-item": {
      const name = section.text.slice(span.start, span.end).replace(/^["']|["']$/g, "")
      const title =
        code === "bad-value" ? `Remove this "${name}"` : `Remove this dependency on "${name}"`
      const isTwice = code === "bad-value"
      const fixes = one(section, title, withoutItem(section, found), isTwice)
      // That another name was meant is likelier than that none was.
      return code === "unknown-dependency" ? fixes.map(notPreferred) : fixes
    }
    case "rename":
      return renamed(document, found, remedy.value)
  }
}

function renamed(document: OpenDocument, found: Found, to: string): readonly Fix[] {
  const name = ownName(found)
  const made = renameTask(document, { item: found.item, span: found.span, name }, to)
  if (made.kind === "refused" || made.edits.length === 0) return []
  const title = `Rename "${name}" to "${to}"`
  return [{ title, edits: made.edits, isPreferred: true, isSafe: false }]
}

function ownName({ item }: Found): string {
  return item?.task.name?.value ?? ""
}

/** The name, or the first with a number behind it that no task has and none waits for. */
function freeName({ members }: OpenDocument, name: string): string {
  const isTaken = (one: string) =>
    members !== undefined && members.named(one).length + members.waitingFor(one).length > 0
  let free = name
  for (let number = 2; isTaken(free); number++) free = `${name}-${number}`
  return free
}

function notPreferred(fix: Fix): Fix {
  return { ...fix, isPreferred: false }
}

function hasSyntaxMistake({ text, frame }: OpenDocument, { item }: Place): boolean {
  const problems = (text.layout && item ? item.reading?.problems : frame?.problems) ?? []
  return problems.some(({ code }) => code === "syntax" || code === "too-large")
}

function one(
  section: Section,
  title: string,
  changes: readonly TextChange[],
  isSafe = true,
): readonly Fix[] {
  if (changes.length === 0) return []
  return [{ title, edits: placed(section, changes), isPreferred: true, isSafe }]
}

function written(section: Section, { problem, span }: Found, value: string) {
  const steps = stepsTo(section, span)
  const last = steps.at(-1)
  const node = last?.node
  if (node?.kind !== "scalar" || !last) return []
  const isKey =
    last.within && "map" in last.within && last.within.map.entries[last.within.index]?.key === node
  const isWhole = node.span.start === span.start && node.span.end === span.end
  // In its own place only: what an anchor or a merge brings in stands somewhere else.
  if (section.text.slice(node.span.start, node.span.end) !== node.source) return []
  if (isWhole && isKey && last.within && "map" in last.within) {
    if (hasKey(last.within.map, value, last.within.index)) return []
  }
  const newText = isWhole ? writeScalar(value, node.style, section.isJson) : value
  const title = isKey ? `Rename this key to "${value}"` : `Change to "${value}"`
  return one(section, title, [{ span, newText }], !guessed.has(problem.code))
}

/** What was meant is a guess from names that look alike. */
const guessed: ReadonlySet<ProblemCode> = new Set([
  "unknown-dependency",
  "condition-dependency",
  "unknown-variable",
  "bad-name",
])

function hasKey(map: MapNode, key: string, except: number): boolean {
  return map.entries.some((entry, i) => i !== except && entry.key.value === key)
}

function rewritten(section: Section, { span }: Found, source: string): readonly TextChange[] {
  const node = stepsTo(section, span).at(-1)?.node
  if (node?.kind !== "scalar" || section.text.slice(span.start, span.end) !== node.source) return []
  return [{ span, newText: source }]
}

function withoutEntry(section: Section, { span }: Place): readonly TextChange[] {
  const within = stepsTo(section, span).at(-1)?.within
  if (!within || !("map" in within)) return []
  return keepsAnchors(section, removeEntry(section.text, within.map, within.index))
}

function withoutItem(section: Section, { span }: Place): readonly TextChange[] {
  const within = stepsTo(section, span).findLast(
    (step) => step.within && "seq" in step.within,
  )?.within
  if (!within || !("seq" in within)) return []
  return keepsAnchors(section, removeItem(section.text, within.seq, within.index))
}

/** Nothing goes that an alias may repeat elsewhere. */
function keepsAnchors({ text }: Section, changes: readonly TextChange[]): readonly TextChange[] {
  const holdsAnchor = ({ span }: TextChange) =>
    /(?:^|[\s[{,])&[^\s,[\]{}]/.test(text.slice(span.start, span.end))
  return changes.some(holdsAnchor) ? [] : changes
}

/** Each edge of a cycle opens it: first the one that closes it, where the problem stands. */
function cycleFixes(document: OpenDocument, found: Found): readonly Fix[] {
  const places: readonly Place[] = [found, ...found.related]
  return places.flatMap((place, i) => {
    const section = sectionOf(document, place.item)
    if (!section) return []
    const name = nameAt(section, place)
    const waiting = i === 0 ? undefined : waitingName(place.item, document)
    const title =
      waiting === undefined
        ? `Remove this dependency on "${name}"`
        : `Remove the dependency of "${waiting}" on "${name}"`
    const changes = withoutItem(section, place)
    if (changes.length === 0) return []
    return [{ title, edits: placed(section, changes), isPreferred: i === 0, isSafe: false }]
  })
}

function nameAt(section: Section, { span }: Place): string {
  const node = stepsTo(section, span).at(-1)?.node
  return node?.kind === "scalar" ? String(node.value) : ""
}

function waitingName(item: TaskItem | undefined, document: OpenDocument): string {
  return (item && document.text.items.includes(item) ? item.task.name?.value : undefined) ?? ""
}

/** Every reader takes the last of two, so the first is the one that says nothing. */
function duplicateFixes(document: OpenDocument, found: Found): readonly Fix[] {
  const section = sectionOf(document, found.item)
  if (!section) return []
  const key = section.text.slice(found.span.start, found.span.end).replace(/^["']|["']$/g, "")
  const [first] = found.related
  const earlier = first ? withoutEntry(section, first) : []
  return [
    ...one(section, `Remove the first "${key}", which does not count`, earlier, false),
    ...one(section, `Remove this "${key}"`, withoutEntry(section, found), false).map((fix) =>
      earlier.length > 0 ? notPreferred(fix) : fix,
    ),
  ]
}
