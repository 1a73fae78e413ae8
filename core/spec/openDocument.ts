import { excessOf } from "../check/nameTooLong.ts"
import { graphRules, neighbourRules, readers } from "../check/rules.ts"
import { tooLarge } from "../check/tooLarge.ts"
import type { Problem, Span } from "../problem.ts"
import type { Dialect, Task, Workflow } from "../workflow.ts"
import { detectDocument, glance } from "./detect.ts"
import type { DialectReader } from "./dialect.ts"
import { DocumentText } from "./documentText.ts"
import type { Anchors } from "./exact.ts"
import { type Frame, readFrame, readWhole, taskNodes } from "./frame.ts"
import { jsonFaults, lastComma } from "./jsonFaults.ts"
import { Members } from "./members.ts"
import { endOf, endsWithComma, missingComma } from "./missingComma.ts"
import type { Position } from "./piece.ts"
import { judge, readTask, type TaskNode, taskTree } from "./readTask.ts"
import { readText } from "./readText.ts"
import { isSwitchedOff } from "./suppress.ts"
import { TaskItem, type TaskReading } from "./taskItem.ts"
import type { TreeNode } from "./tree.ts"

/** A stretch of a document: counted from a task's start, or through the text around the tasks. */
export interface Place {
  readonly item: TaskItem | undefined
  readonly span: Span
}

/** A mistake and the places it names. */
export interface Found extends Place {
  readonly problem: Omit<Problem, "span" | "related">
  readonly related: readonly (Place & { readonly message: string })[]
}

/** What an older document has read, by the text of the task. */
export interface Known {
  readonly dialect: Dialect
  readonly scopeKey: string | undefined
  readonly readings: ReadonlyMap<string, TaskReading>
}

/**
 * One document while it is edited. Each task is read by itself, and only when its text changes. Where
 * the tasks are not laid out line by line every edit makes a new document.
 */
export class OpenDocument {
  readonly text: DocumentText
  readonly #path: string
  /** The file says that it is JSON, which takes less than YAML. */
  readonly #isJson: boolean
  readonly #reader: DialectReader | undefined
  readonly #members: Members | undefined
  readonly #unread = new Set<TaskItem>()
  readonly #troubled = new Set<TaskItem>()
  /** Tasks with anchors of their own, or aliases that want some from before. */
  readonly #anchored = new Set<TaskItem>()
  /** In JSON: tasks with no comma behind them. */
  readonly #commaless = new Set<TaskItem>()
  #anchorsChanged = false
  #anchorPass: AnchorPass | undefined
  /** In a document read whole: where in its tree each task is. */
  #nodes = new Map<TaskItem, TaskNode>()
  #known: readonly Known[]
  #bytes = 0
  #frame: Frame | undefined
  #isFrameOld = true

  constructor(text: string, path: string, isLast: boolean, known: readonly Known[] = []) {
    this.#path = path
    this.#isJson = path.endsWith(".json")
    const dialect = detectDocument(text, path)
    this.#reader = dialect && readers[dialect]
    this.#known = known.filter((one) => one.dialect === dialect)
    this.text = new DocumentText(text, this.#reader, isLast)
    if (!dialect || !this.#reader) return
    this.#members = new Members({
      neighbour: neighbourRules.filter((rule) => rule.dialects.includes(dialect)),
      graph: graphRules.filter((rule) => rule.dialects.includes(dialect)),
    })
    for (const item of this.text.items) this.#unread.add(item)
    this.#noteCommas(this.text.items)
  }

  /** Undefined: this document is none of ours. */
  get dialect(): Dialect | undefined {
    return this.#reader?.dialect
  }

  get frame(): Frame | undefined {
    return this.#frame
  }

  get members(): Members | undefined {
    return this.#members
  }

  /** Readings for whoever takes the document's place; none that depends on text outside its task. */
  known(): Known | undefined {
    if (!this.dialect || !this.text.layout || !this.#frame || this.#isFrameOld) return undefined
    const readings = new Map<string, TaskReading>()
    for (const item of this.text.items) {
      if (item.reading?.needs.length === 0 && !this.#unread.has(item)) {
        readings.set(item.text, item.reading)
      }
    }
    return { dialect: this.dialect, scopeKey: this.#frame.head.scopeKey, readings }
  }

  /**
   * taken: the edit is in. changed: it is in, and the document is another one now. refused: it is not
   * in, because it changes how the text divides.
   */
  edit(start: Position, end: Position, inserted: string): "taken" | "changed" | "refused" {
    const offset = this.text.offsetOf(this.text.spotAt(start))
    const change = this.text.edit(start, end, inserted)
    if (!change) return "refused"
    for (const item of change.gone) this.#drop(item)
    for (const item of change.changed) this.#unread.add(item)
    this.#noteCommas(change.changed)
    if (change.structure && this.#anchored.size > 0) this.#anchorsChanged = true
    if (change.frame) this.#isFrameOld = true
    if (offset > glance) return "taken"
    const dialect = detectDocument(this.text.beginning(glance), this.#path)
    return dialect === this.dialect ? "taken" : "changed"
  }

  /** Reads what is not read yet until time is up; true when all is read and every rule was asked. */
  work(isTimeUp: () => boolean): boolean {
    const reader = this.#reader
    const members = this.#members
    if (!reader || !members) return true
    const frame = this.#readFrame(reader, members)
    const known = this.#known.find((one) => one.scopeKey === frame.head.scopeKey)?.readings
    let count = 0
    for (const item of this.#unread) {
      if (++count % 8 === 0 && isTimeUp()) return false
      // A bug that one task wakes must not keep the others from being read.
      this.#unread.delete(item)
      this.#take(item, known?.get(item.text) ?? this.#read(item, reader, frame))
    }
    this.#known = []
    this.#nodes.clear()
    if (!this.#resolveAnchors(reader, frame, isTimeUp)) return false
    const asked = members.settle(this.text.items, { dialect: reader.dialect, head: frame.head })
    for (const item of asked) this.#noteTrouble(item)
    return true
  }

  #readFrame(reader: DialectReader, members: Members): Frame {
    const old = this.#frame
    if (old && !this.#isFrameOld) return old
    const { layout, items } = this.text
    const around = this.text.frame()
    const read = layout ? readFrame(around, layout, reader) : readWhole(around, reader)
    const frame = this.#strictly(read, around, reader)
    this.#frame = frame
    this.#isFrameOld = false
    if (old && old.head.scopeKey !== frame.head.scopeKey) {
      for (const item of items) this.#unread.add(item)
    }
    if (old) {
      members.headChanged(items, ({ task }) =>
        [old, frame].some(({ head }) => excessOf(task, head) > 0),
      )
    }
    if (old?.anchors !== frame.anchors) this.#anchorsChanged = true
    if (!layout) {
      for (const node of taskNodes(frame.tree, reader)) this.#nodes.set(new TaskItem(""), node)
      this.text.setItems([...this.#nodes.keys()])
      for (const item of this.#nodes.keys()) this.#unread.add(item)
    }
    return frame
  }

  #read(
    item: TaskItem,
    reader: DialectReader,
    { head, anchors }: Frame,
    outside = anchors,
  ): TaskReading {
    const { layout } = this.text
    if (layout) {
      const reading = readTask(item.text, layout, reader, head, outside)
      item.outside = outside && only(reading.needs, outside)
      return this.#strictly(reading, item.text, reader)
    }
    const node = this.#nodes.get(item)
    if (!node) throw new Error("a task that is not in the tree")
    return { ...judge(node, [], reader, head), anchors: undefined, needs: [] }
  }

  /** With what JSON does not take, in a file that is to be JSON. */
  #strictly<T extends { readonly problems: readonly Problem[] }>(
    reading: T,
    text: string,
    { dialect }: DialectReader,
  ): T {
    if (!this.#isJson || reading.problems.some(({ code }) => code === "syntax")) return reading
    const faults = jsonFaults(text, dialect)
    return faults.length === 0
      ? reading
      : { ...reading, problems: [...reading.problems, ...faults] }
  }

  #take(item: TaskItem, reading: TaskReading): void {
    const before = item.reading
    item.reading = reading
    this.#bytes += reading.bytes - (before?.bytes ?? 0)
    this.#members?.update(item, before?.facts, reading.facts)
    if (reading.anchors || before?.anchors) this.#anchorsChanged = true
    if (reading.anchors) this.#anchored.add(item)
    else this.#anchored.delete(item)
    this.#noteTrouble(item)
  }

  #drop(item: TaskItem): void {
    this.#unread.delete(item)
    this.#troubled.delete(item)
    this.#commaless.delete(item)
    if (this.#anchored.delete(item)) this.#anchorsChanged = true
    if (!item.reading) return
    this.#bytes -= item.reading.bytes
    this.#members?.update(item, item.reading.facts, undefined)
    item.reading = undefined
  }

  #noteCommas(items: readonly TaskItem[]): void {
    if (this.text.layout?.kind !== "json") return
    for (const item of items) {
      if (endsWithComma(item)) this.#commaless.delete(item)
      else this.#commaless.add(item)
    }
  }

  #noteTrouble(item: TaskItem): void {
    const problems = (item.reading?.problems.length ?? 0) + item.cross.length
    if (problems > 0) this.#troubled.add(item)
    else this.#troubled.delete(item)
  }

  /**
   * An alias means the last anchor of its name before it, in another task or in the head. One way
   * through the text is enough, however the tasks lean on each other.
   */
  #resolveAnchors(reader: DialectReader, frame: Frame, isTimeUp: () => boolean): boolean {
    if (this.#anchorsChanged) {
      this.#anchorsChanged = false
      const items = [...this.#anchored].sort((a, b) => a.rank - b.rank)
      this.#anchorPass = { items, next: 0, meaning: new Map(frame.anchors ?? []) }
    }
    const pass = this.#anchorPass
    if (!pass) return true
    const { items, meaning } = pass
    for (; pass.next < items.length; pass.next++) {
      if (isTimeUp()) return false
      const item = items[pass.next]
      const needs = item?.reading?.needs ?? []
      if (item && needs.some((name) => item.outside?.get(name) !== meaning.get(name))) {
        this.#take(item, this.#read(item, reader, frame, meaning))
        this.#anchorsChanged = false
      }
      for (const [name, node] of item?.reading?.anchors ?? []) meaning.set(name, node)
    }
    this.#anchorPass = undefined
    return true
  }

  /** Everything found so far that no comment switches off, in the order of the text. */
  *problems(): Generator<Found> {
    for (const found of this.#found()) {
      const spot = { item: found.item, offset: found.span.start }
      if (!isSwitchedOff(found.problem.code, this.text.lineAbove(spot))) yield found
    }
  }

  *#found(): Generator<Found> {
    const frame = this.#frame
    if (!frame || !this.dialect) return
    const large = tooLarge(this.dialect, this.#bytes + frame.bytes, frame.tasksAt)
    const around = [...frame.problems, ...large].map((problem) => here(undefined, problem))
    if (!this.text.layout) {
      yield* [...around, ...this.#inItems()].sort(byStart)
      return
    }
    around.sort(byStart)
    const { headLength } = this.text
    for (const found of around) if (found.span.start < headLength) yield found
    yield* this.#inItems()
    for (const found of around) if (found.span.start >= headLength) yield found
  }

  *#inItems(): Generator<Found> {
    const more = new Map<TaskItem, Found[]>()
    const add = (found: Found) => {
      if (!found.item) return
      const list = more.get(found.item)
      if (list) list.push(found)
      else more.set(found.item, [found])
    }
    for (const { member, problem } of this.#members?.graphProblems ?? []) {
      if (member instanceof TaskItem) add(across(member, problem))
    }
    const last = this.text.items.at(-1)
    for (const item of this.#commaless) if (item !== last) add(here(item, missingComma(item)))
    const isOneTooMany = this.text.layout?.kind === "json" && last && !this.#commaless.has(last)
    if (isOneTooMany && this.#isJson && this.dialect) {
      add(here(last, lastComma(endOf(last) - 1, this.dialect)))
    }
    const items = [...new Set([...this.#troubled, ...more.keys()])]
    for (const item of items.sort((a, b) => a.rank - b.rank)) {
      const found = [
        ...(item.reading?.problems ?? []).map((problem) => here(item, problem)),
        ...item.cross.map((problem) => across(item, problem)),
        ...(more.get(item) ?? []),
      ]
      yield* found.length > 1 ? found.sort(byStart) : found
    }
  }

  /** What the document says, its spans counted from `offset` characters before it. */
  workflow(offset: number): Workflow | undefined {
    if (!this.dialect || !this.#frame) return undefined
    const { name, namespace } = this.#frame.head
    const { text } = this
    const moved = (given: typeof name) => {
      if (!given) return undefined
      const start = text.offsetOf({ item: undefined, offset: given.span.start })
      const end = start + given.span.end - given.span.start
      return { value: given.value, span: { start: start + offset, end: end + offset } }
    }
    let at = offset + (text.layout ? text.headLength : 0)
    const tasks: Task[] = text.items.map((item) => {
      const task = { ...item.task, offset: at }
      at += item.text.length
      return task
    })
    return { dialect: this.dialect, name: moved(name), namespace: moved(namespace), tasks }
  }

  /** The whole document read as one text. */
  tree(): TreeNode | undefined {
    return this.text.layout ? readText(this.text.text()).tree : this.#frame?.tree
  }

  /** A task's own tree, read again for whoever asks about a place in it. */
  taskTree(item: TaskItem): TaskNode | undefined {
    return this.text.layout && taskTree(item.text, this.text.layout, item.outside)
  }
}

interface AnchorPass {
  readonly items: readonly TaskItem[]
  next: number
  readonly meaning: Map<string, TreeNode>
}

function only(names: readonly string[], anchors: Anchors): Anchors | undefined {
  if (names.length === 0) return undefined
  const known = new Map<string, TreeNode>()
  for (const name of names) {
    const node = anchors.get(name)
    if (node) known.set(name, node)
  }
  return known
}

function byStart(a: Found, b: Found): number {
  return a.span.start - b.span.start
}

function here(item: TaskItem | undefined, problem: Problem): Found {
  const related = (problem.related ?? []).map((place) => ({ ...place, item }))
  return { item, span: problem.span, problem, related }
}

function across(item: TaskItem, problem: TaskItem["cross"][number]): Found {
  const related = (problem.related ?? []).map(({ member, span, message }) => ({
    item: member instanceof TaskItem ? member : undefined,
    span,
    message,
  }))
  return { item, span: problem.span, problem, related }
}
