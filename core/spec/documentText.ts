import type { DialectReader } from "./dialect.ts"
import { ItemList } from "./itemList.ts"
import { isMarker } from "./lines.ts"
import { Piece, type Position } from "./piece.ts"
import { hasMarker, type Layout, leadsToTasks, split, splitDocuments, splitTasks } from "./split.ts"
import { TaskItem } from "./taskItem.ts"

/** What an edit did to the pieces of a text. */
export interface Change {
  /** Around the tasks. */
  readonly frame: boolean
  /** Tasks with another text than before, new ones among them. */
  readonly changed: readonly TaskItem[]
  readonly gone: readonly TaskItem[]
  /** The tasks are other ones, or more, or fewer. */
  readonly structure: boolean
}

/** A place in a document: counted from a task's start, or through the text around the tasks. */
export interface Spot {
  readonly item: TaskItem | undefined
  readonly offset: number
}

/**
 * The text of one document: `head | task* | tail`. An edit inside the tasks costs what it touches.
 * Without a layout everything is head.
 */
export class DocumentText {
  readonly layout: Layout | undefined
  readonly #reader: DialectReader | undefined
  readonly #isLast: boolean
  readonly #head: Piece
  readonly #tail: Piece
  readonly #list = new ItemList()

  /** `isLast`: no other document follows in the file. */
  constructor(text: string, reader: DialectReader | undefined, isLast: boolean) {
    this.#reader = reader
    this.#isLast = isLast
    const found = reader && split(text, reader)
    this.layout = found?.layout
    this.#head = new Piece(found ? text.slice(0, found.starts[0]) : text)
    this.#tail = new Piece(found ? text.slice(found.end) : "")
    if (!found) return
    const { starts, end } = found
    const items = starts.map((start, i) => new TaskItem(text.slice(start, starts[i + 1] ?? end)))
    this.#list.replace(0, 0, items)
  }

  get items(): readonly TaskItem[] {
    return this.#list.items
  }

  /** Tasks that were found in a tree: they stand in the head and have no text of their own. */
  setItems(items: readonly TaskItem[]): void {
    this.#list.replace(0, this.#list.items.length, items)
  }

  get length(): number {
    return this.#head.text.length + this.#list.length + this.#tail.text.length
  }

  get lineEnds(): number {
    return this.#head.lineEnds + this.#list.lineEnds + this.#tail.lineEnds
  }

  get headLength(): number {
    return this.#head.text.length
  }

  /** The text around the tasks. */
  frame(): string {
    return this.#head.text + this.#tail.text
  }

  text(): string {
    return this.#head.text + this.#list.items.map((item) => item.text).join("") + this.#tail.text
  }

  /** The first characters of the document, and perhaps a few more. */
  beginning(characters: number): string {
    let text = this.#head.text
    for (const item of this.#list.items) {
      if (text.length >= characters) return text
      text += item.text
    }
    return text + this.#tail.text
  }

  /** Takes an edit in, or answers undefined where the text must be divided anew. */
  edit(start: Position, end: Position, inserted: string): Change | undefined {
    if (!this.layout) return undefined
    const first = this.#pieceAt(start.line)
    const last = this.#pieceAt(end.line)
    if (first.piece === this.#head && last.piece === this.#head) {
      return this.#editHead(start, end, inserted, this.layout)
    }
    if (!(first.piece instanceof TaskItem) || !(last.piece instanceof TaskItem)) return undefined
    const from = first.piece.offsetAt({ line: start.line - first.line, character: start.character })
    const to = last.piece.offsetAt({ line: end.line - last.line, character: end.character })
    // What stands in a task's first line may belong to the task before.
    const before = start.line === first.line ? this.items[first.piece.rank - 1] : undefined
    const rank = before?.rank ?? first.piece.rank
    const text =
      (before?.text ?? "") + first.piece.text.slice(0, from) + inserted + last.piece.text.slice(to)
    return this.#editTasks(rank, last.piece.rank - rank + 1, text, this.layout)
  }

  #editTasks(rank: number, count: number, text: string, layout: Layout): Change | undefined {
    const old = this.items.slice(rank, rank + count)
    const follows = this.items[rank + count]?.text ?? this.#tail.text
    // A line "..." that ends the document may be what the edit takes away.
    if (follows === "" && hasMarker(old.at(-1)?.text ?? "")) return undefined
    const isAtEnd = follows === "" && this.#isLast
    if (!isAtEnd && !text.endsWith("\n")) return undefined
    const starts = text === "" ? [] : splitTasks(text, layout, firstLine(follows))
    if (!starts || starts.length + this.items.length === count) return undefined
    const texts = starts.map((start, i) => text.slice(start, starts[i + 1] ?? text.length))
    const changed: TaskItem[] = []
    const items = matched(old, texts).map((item, i) => {
      const part = texts[i] ?? ""
      if (item?.text === part) return item
      item?.setText(part)
      const own = item ?? new TaskItem(part)
      changed.push(own)
      return own
    })
    const staying = new Set(items)
    this.#list.replace(rank, count, items)
    const gone = old.filter((item) => !staying.has(item))
    return { frame: false, changed, gone, structure: items.length !== count }
  }

  #editHead(start: Position, end: Position, inserted: string, layout: Layout): Change | undefined {
    const { text } = this.#head
    const from = this.#head.offsetAt(start)
    const head = text.slice(0, from) + inserted + text.slice(this.#head.offsetAt(end))
    const isDivided = splitDocuments(head).length > 1 || isMarker(head, 0) !== isMarker(text, 0)
    if (isDivided || !this.#reader || !leadsToTasks(head, layout, this.#reader)) return undefined
    this.#head.setText(head)
    return { frame: true, changed: [], gone: [], structure: false }
  }

  #pieceAt(line: number): { readonly piece: Piece; readonly line: number } {
    const inList = line - this.#head.lineEnds
    if (!this.layout || inList < 0) return { piece: this.#head, line: 0 }
    const isTail = inList >= this.#list.lineEnds && this.#tail.text !== ""
    const item = isTail ? undefined : this.#list.atLine(inList)
    if (item) return { piece: item, line: this.#head.lineEnds + this.#list.lineOf(item) }
    return { piece: this.#tail, line: this.#head.lineEnds + this.#list.lineEnds }
  }

  spotAt(position: Position): Spot {
    const { piece, line } = this.#pieceAt(position.line)
    const offset = piece.offsetAt({ line: position.line - line, character: position.character })
    if (piece instanceof TaskItem) return { item: piece, offset }
    return { item: undefined, offset: piece === this.#tail ? offset + this.headLength : offset }
  }

  positionOf({ item, offset }: Spot): Position {
    if (item && this.layout) {
      return down(item.positionAt(offset), this.#head.lineEnds + this.#list.lineOf(item))
    }
    if (!this.#isInTail(offset)) return this.#head.positionAt(offset)
    const inTail = this.#tail.positionAt(offset - this.headLength)
    return down(inTail, this.#head.lineEnds + this.#list.lineEnds)
  }

  /** How many characters of the document stand before a spot. */
  offsetOf({ item, offset }: Spot): number {
    if (item && this.layout) return this.headLength + this.#list.offsetOf(item) + offset
    return this.#isInTail(offset) ? offset + this.#list.length : offset
  }

  positionAt(offset: number): Position {
    const inList = offset - this.headLength
    if (!this.layout || inList < 0) return this.#head.positionAt(offset)
    const listLength = this.#list.length
    if (inList >= listLength && this.#tail.text !== "") {
      return this.positionOf({ item: undefined, offset: offset - listLength })
    }
    const item = this.#list.atOffset(inList)
    return item
      ? this.positionOf({ item, offset: inList - this.#list.offsetOf(item) })
      : this.#head.positionAt(offset)
  }

  /** The line above the one in which a spot stands, empty at the start. */
  lineAbove({ item, offset }: Spot): string {
    const piece = item && this.layout ? item : this.#isInTail(offset) ? this.#tail : this.#head
    const at = piece === this.#tail ? offset - this.headLength : offset
    const lineStart = piece.text.lastIndexOf("\n", at - 1) + 1
    const isFirst = lineStart === 0
    const before = isFirst ? this.#textBefore(piece) : piece.text.slice(0, lineStart)
    return before.slice(before.lastIndexOf("\n", before.length - 2) + 1)
  }

  #textBefore(piece: Piece): string {
    if (piece === this.#head) return ""
    const last = piece instanceof TaskItem ? this.items[piece.rank - 1] : this.items.at(-1)
    return (last ?? this.#head).text
  }

  #isInTail(offset: number): boolean {
    return this.layout !== undefined && this.#tail.text !== "" && offset >= this.headLength
  }
}

export function down(position: Position, lines: number): Position {
  return { line: position.line + lines, character: position.character }
}

/**
 * Which of the old tasks becomes which of the new texts. Tasks keep their identity, counted from
 * the end where the texts are equal and from the start otherwise, so that what is known of the
 * others about them stays.
 */
function matched(
  old: readonly TaskItem[],
  texts: readonly string[],
): readonly (TaskItem | undefined)[] {
  const same = Math.min(old.length, texts.length)
  let fromEnd = 0
  while (fromEnd < same && old.at(-1 - fromEnd)?.text === texts.at(-1 - fromEnd)) fromEnd++
  return texts.map((_, i) => {
    if (i < same - fromEnd) return old[i]
    return i >= texts.length - fromEnd ? old[old.length - texts.length + i] : undefined
  })
}

function firstLine(text: string): string {
  const newline = text.indexOf("\n")
  return newline < 0 ? text : text.slice(0, newline + 1)
}
