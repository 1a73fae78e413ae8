import { code } from "./cursor.ts"
import type { DialectReader } from "./dialect.ts"
import {
  contentLine,
  goesOn,
  isEmptyRest,
  isMarker,
  keyOf,
  type Line,
  nameOf,
  startsWithDash,
} from "./lines.ts"

/**
 * How the tasks of a document stand in its text, told by indentation alone, so that a mistake in
 * one task leaves the others where they are.
 */
export interface Layout {
  /** list: dashes; map: keys; json: braces, each task from a line "{" to a line "}". */
  readonly kind: "list" | "map" | "json"
  /** Column of the key that holds the tasks, -1 where they are the document itself. */
  readonly base: number
  /** Column of each task's first line. */
  readonly indent: number
}

export interface Split {
  readonly layout: Layout
  /** Where each task's first line starts. A task goes to the start of the next. */
  readonly starts: readonly number[]
  /** Where the last task ends and the rest of the document begins. */
  readonly end: number
}

/** Where the documents of a file begin: at each line "---" and behind each line "...". */
export function splitDocuments(text: string): readonly number[] {
  const starts = [0]
  for (let at = 0; at >= 0 && at < text.length; ) {
    if (isMarker(text, at)) {
      const newline = text.indexOf("\n", at)
      const behind = newline < 0 ? text.length : newline + 1
      const start = text.charCodeAt(at) === code.dash ? at : behind
      if (start > (starts.at(-1) ?? 0)) starts.push(start)
    }
    at = nextMarkerLine(text, at)
  }
  return starts.at(-1) === text.length && starts.length > 1 ? starts.slice(0, -1) : starts
}

function nextMarkerLine(text: string, from: number): number {
  const dashes = text.indexOf("\n---", from)
  const dots = text.indexOf("\n...", from)
  if (dashes < 0) return dots < 0 ? -1 : dots + 1
  return dots < 0 || dashes < dots ? dashes + 1 : dots + 1
}

/** Finds the tasks of a document, or undefined where they are not laid out line by line. */
export function split(text: string, reader: DialectReader): Split | undefined {
  if (reader.tasksAre === "one") return undefined
  for (const path of reader.taskPaths) {
    const found = findTasks(text, path, reader.tasksAre)
    if (found) return found
  }
  return undefined
}

function findTasks(
  text: string,
  path: readonly string[],
  tasksAre: "list" | "map",
): Split | undefined {
  let found: Split | undefined
  let line = contentLine(text, afterMarker(text))
  if (!line) return undefined
  const json = isAlone(text, line, "{") || (isAlone(text, line, "[") && path.length === 0)
  if (path.length === 0 && !json) return tasksFrom(text, line, tasksAre, -1)
  // The keys of the path passed so far, by column, and the column where the next must stand.
  const columns: number[] = []
  let expected = json ? -1 : line.column
  if (json) {
    if (path.length === 0) return jsonTasks(text, contentLine(text, line.next), line.column)
    columns.push(line.column)
    line = contentLine(text, line.next)
    expected = line?.column ?? -1
  }
  const above = json ? 1 : 0
  while (line) {
    while (columns.length > above && line.column <= (columns.at(-1) ?? -1)) {
      columns.pop()
      expected = line.column
    }
    const depth = columns.length - above
    const wanted = path[depth]
    const matches: boolean =
      line.column === expected && opens(text, line, wanted, depth, path, json)
    if (matches) {
      const below = contentLine(text, line.next)
      if (depth === path.length - 1) {
        found = json
          ? jsonTasks(text, below, line.column)
          : below && tasksFrom(text, below, tasksAre, line.column)
        line = found ? contentLine(text, found.end) : below
        continue
      }
      found = undefined
      if (!below || below.column <= line.column) {
        line = below
        continue
      }
      columns.push(line.column)
      expected = below.column
      line = below
      continue
    }
    line = contentLine(text, line.next)
  }
  return found
}

function afterMarker(text: string): number {
  const bom = text.charCodeAt(0) === 0xfeff ? 1 : 0
  if (!isMarker(text, bom)) return bom
  const newline = text.indexOf("\n", bom)
  return newline < 0 ? text.length : newline + 1
}

/** Whether a line is the key wanted next, with nothing behind it but what opens its value. */
function opens(
  text: string,
  line: Line,
  wanted: string | undefined,
  depth: number,
  path: readonly string[],
  json: boolean,
): boolean {
  const key = keyOf(text, line)
  if (!key || nameOf(text, line) !== wanted) return false
  if (!json) return isEmptyRest(key.rest)
  return key.rest === (depth === path.length - 1 ? "[" : "{")
}

function isAlone(text: string, line: Line, bracket: string): boolean {
  return text.slice(line.content, line.next).trim() === bracket
}

function tasksFrom(
  text: string,
  first: Line,
  tasksAre: "list" | "map",
  base: number,
): Split | undefined {
  if (tasksAre === "list" ? first.column < base : first.column <= base) return undefined
  const layout: Layout = { kind: tasksAre, base, indent: first.column }
  if (!startsTask(text, first, layout)) return undefined
  const { starts, end } = collect(text, first, layout)
  return { layout, starts, end }
}

/**
 * Splits a stretch of text that holds tasks and nothing else; undefined when that is not so.
 * `following` is the line behind it, which may decide what its last lines mean.
 */
export function splitTasks(
  text: string,
  layout: Layout,
  following: string,
): readonly number[] | undefined {
  const first = contentLine(text, 0)
  if (!first) return undefined
  if (first.start !== 0 || !startsTask(text, first, layout)) return undefined
  if (layout.kind === "json") {
    const found = jsonItems(text, first, layout)
    return found.end === text.length && found.closed ? found.starts : undefined
  }
  if (hasMarker(text)) return undefined
  const { starts, end } = collect(text + following, first, layout, text.length)
  return end === text.length ? starts : undefined
}

/** Whether a line of the text starts or ends a document. */
export function hasMarker(text: string): boolean {
  for (let at = 0; at >= 0; at = nextMarkerLine(text, at)) if (isMarker(text, at)) return true
  return false
}

/**
 * Whether a text ends where tasks of this layout may follow: after the key that holds them. It must
 * be found there as it would be in the whole document.
 */
export function leadsToTasks(head: string, layout: Layout, reader: DialectReader): boolean {
  const probe = layout.kind === "json" ? "{}" : layout.kind === "list" ? "-" : "x:"
  if (!head.endsWith("\n") && head !== "") return false
  const found = split(`${head}${" ".repeat(layout.indent)}${probe}\n`, reader)
  return (
    found !== undefined &&
    found.starts.length === 1 &&
    found.starts[0] === head.length &&
    found.layout.base === layout.base &&
    found.layout.kind === layout.kind
  )
}

function startsTask(text: string, line: Line, layout: Layout): boolean {
  if (line.column !== layout.indent) return false
  switch (layout.kind) {
    case "list":
      return startsWithDash(text, line)
    case "map":
      return !startsWithDash(text, line) && keyOf(text, line) !== undefined
    case "json":
      return text.charCodeAt(line.content) === code.openMap
  }
}

function collect(
  text: string,
  first: Line,
  layout: Layout,
  limit = text.length,
): { starts: readonly number[]; end: number } {
  const starts: number[] = []
  let line: Line | undefined = first
  while (line && line.start < limit) {
    if (startsTask(text, line, layout)) starts.push(line.start)
    else if (endsTasks(text, line, layout)) return { starts, end: line.start }
    line = contentLine(text, line.next)
  }
  return { starts, end: limit }
}

/**
 * Whether a line that starts no task ends the list of them. It does when it is a key of a map
 * around the list. A line inside a task that has lost its indentation looks like one, too: it is
 * told by what follows, which would be no YAML if the line were a key.
 */
function endsTasks(text: string, line: Line, layout: Layout): boolean {
  if (line.column > layout.base || startsWithDash(text, line)) return false
  const key = keyOf(text, line)
  if (!key) return false
  let below = contentLine(text, line.next)
  if (!below) return true
  if (below.column <= line.column) {
    if (!startsWithDash(text, below)) return true
    return below.column === line.column && isEmptyRest(key.rest)
  }
  if (!isEmptyRest(key.rest) && !goesOn(key.rest)) {
    return !startsWithDash(text, below) && keyOf(text, below) === undefined
  }
  const child = below.column
  if (startsTask(text, below, layout)) return true
  for (; below; below = contentLine(text, below.next)) {
    if (startsTask(text, below, layout)) return child <= layout.indent
    if (below.column <= line.column) return !startsWithDash(text, below)
    if (below.column < child) return false
  }
  return true
}

function jsonTasks(text: string, first: Line | undefined, base: number): Split | undefined {
  if (!first || first.column <= base || text.charCodeAt(first.content) !== code.openMap) {
    return undefined
  }
  const layout: Layout = { kind: "json", base, indent: first.column }
  const { starts, end, closed } = jsonItems(text, first, layout)
  const closing = contentLine(text, end)
  const closes = closing && text.charCodeAt(closing.content) === code.closeList
  return closed && closes && closing.column < layout.indent ? { layout, starts, end } : undefined
}

/** Tasks from a line "{" to a line "}" or "},", everything between further right. */
function jsonItems(
  text: string,
  first: Line,
  layout: Layout,
): { starts: readonly number[]; end: number; closed: boolean } {
  const starts: number[] = []
  let line: Line | undefined = first
  let open = false
  while (line) {
    const said: string = text.slice(line.content, Math.min(line.next, line.content + 400)).trim()
    if (line.column < layout.indent) break
    if (line.column === layout.indent) {
      if (open) {
        if (!/^\},?$/.test(said)) break
        open = false
      } else {
        if (!said.startsWith("{")) break
        starts.push(line.start)
        open = !/\},?$/.test(text.slice(line.content, line.next).trimEnd())
      }
    } else if (!open) break
    line = contentLine(text, line.next)
  }
  return { starts, end: line ? line.start : text.length, closed: !open }
}
