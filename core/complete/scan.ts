import type { Path } from "../spec/describe.ts"
import { type Container, type Form, type Place, pathKey, type Scanned } from "./place.ts"
import { FlowScan } from "./scanFlow.ts"
import { quotedEnd, unquoted } from "./words.ts"

export interface ScanOptions {
  /** Maps and lists that are open where the text begins, the outermost first. */
  readonly open: readonly Container[]
  /** The text is a part of this list, in a document written between braces. */
  readonly flow?: Container | undefined
}

/**
 * What may be written at an offset of a text, told by columns, dashes and braces alone: while a
 * line is half typed no parser has a tree for it.
 */
export function scan(text: string, at: number, { open, flow }: ScanOptions): Scanned {
  return new BlockScan(text, at, open).run(flow)
}

/** A value that has not come yet. */
interface Pending {
  readonly path: Path
  /** The leftmost column where a map, or a text, may be it. */
  readonly mapFrom: number
  readonly listFrom: number
}

class BlockScan {
  readonly #text: string
  readonly #at: number
  readonly #stack: Container[]
  readonly #containers = new Map<string, Container>()
  #pending: Pending | undefined
  #block: { readonly column: number; readonly path: Path } | undefined
  #place: Place | undefined
  #lineStart = 0

  constructor(text: string, at: number, open: readonly Container[]) {
    this.#text = text
    this.#at = at
    this.#stack = [...open]
    for (const container of open) this.#containers.set(pathKey(container.path), container)
    if (open.length === 0) this.#pending = { path: [], mapFrom: 0, listFrom: 0 }
  }

  run(flow: Container | undefined): Scanned {
    const first = /^(?:\ufeff|\s|#.*|---(?=\s))*/.exec(this.#text)?.[0].length ?? 0
    const isFlow = /[[{]/.test(this.#text.charAt(first)) && this.#stack.length === 0
    if (flow || isFlow) this.#flow(first, [], -1, "json", flow)
    else {
      for (let start = 0; start <= this.#text.length; ) start = this.#line(start)
    }
    const at = (path: Path) => this.#containers.get(pathKey(path))
    return { place: this.#settled(at), at }
  }

  /** A place on a line of its own counts only where what is there already stands in its column. */
  #settled(at: Scanned["at"]): Place | undefined {
    const place = this.#place
    if (place?.kind !== "slot" || place.form !== "block") return place
    const there = at(place.path)
    if (!there) return place
    if (there.column !== place.column) return undefined
    if (there.kind === "seq") {
      return place.isItem ? undefined : { ...place, kind: "item" }
    }
    return { ...place, kind: "key", hasColon: false, items: undefined }
  }

  /** Answers where the next line starts. */
  #line(start: number): number {
    const text = this.#text
    const newline = text.indexOf("\n", start)
    const next = newline < 0 ? text.length + 1 : newline + 1
    let end = newline < 0 ? text.length : newline
    if (text.charCodeAt(end - 1) === 13) end--
    let content = start
    while (content < end && text.charCodeAt(content) === 32) content++
    this.#lineStart = start
    const isHere = start <= this.#at && this.#at <= end
    const isBlank = content === end
    if (this.#block) {
      const column = isBlank ? this.#at - start : content - start
      const isInside = column > this.#block.column
      if (isInside && isHere) this.#inBlock(content, end)
      if (isBlank && !(isHere && !isInside)) return next
      if (isInside) return next
      if (!isBlank) this.#block = undefined
    }
    if (isBlank) {
      if (isHere) this.#word(this.#at, this.#at, this.#at - start, true)
      return next
    }
    if (text.charAt(content) === "#" || /^(?:---|\.\.\.)(?=\s|$)/.test(text.slice(start, end))) {
      return next
    }
    const stop = this.#entry(content, end, content - start, true)
    return stop <= end ? next : this.#lineAfter(stop)
  }

  #lineAfter(offset: number): number {
    const newline = this.#text.indexOf("\n", offset)
    return newline < 0 ? this.#text.length + 1 : newline + 1
  }

  #inBlock(content: number, end: number): void {
    const { path, column } = this.#block ?? { path: [], column: 0 }
    const span = { start: Math.min(content, this.#at), end }
    this.#place = { kind: "value", path, span, form: "block", column: column + 2, isBlock: true }
  }

  /** What stands from an offset to the end of its line; answers how far it went. */
  #entry(from: number, end: number, column: number, isOwnLine: boolean): number {
    const text = this.#text
    const isDash = text.charAt(from) === "-" && (from + 1 >= end || text.charAt(from + 1) === " ")
    if (isOwnLine) this.#close(column, isDash)
    if (isDash) return this.#dash(from, end, column)
    keyPattern.lastIndex = from
    const key = keyPattern.exec(text)
    if (key && from + key[0].length <= end) {
      return this.#key(from, from + key[0].length - 1, end, column)
    }
    const first = text.charAt(from)
    const pending = this.#pending
    const fits = pending && (!isOwnLine || column >= pending.mapFrom)
    if (pending && fits && /[[{"'|>]/.test(first)) {
      this.#pending = undefined
      this.#noteItem(pending.path, text.slice(from, end))
      return this.#value(from, end, pending.path, column - 1)
    }
    const stop = plainEnd(text, from, end)
    if (from <= this.#at && this.#at <= stop) this.#word(from, stop, column, isOwnLine)
    else if (fits) {
      this.#noteItem(pending.path, text.slice(from, stop))
      this.#pending = undefined
    }
    return end
  }

  #close(column: number, isDash: boolean): void {
    for (;;) {
      const top = this.#stack.at(-1)
      if (!top) return
      const isPassed =
        top.column > column || (top.column === column && top.kind === "seq" && !isDash)
      if (!isPassed) return
      this.#stack.pop()
    }
  }

  #dash(from: number, end: number, column: number): number {
    const list = this.#container("seq", column)
    if (!list) return end
    const path = [...list.path, list.items++]
    this.#pending = { path, mapFrom: column + 1, listFrom: column + 1 }
    let rest = from + 1
    while (rest < end && this.#text.charAt(rest) === " ") rest++
    const isHere = from < this.#at && this.#at <= end
    if (rest < end && this.#text.charAt(rest) !== "#") {
      return this.#entry(rest, end, column + rest - from, false)
    }
    if (isHere && this.#at > from + 1 && this.#at <= rest) {
      this.#word(this.#at, this.#at, this.#at - this.#lineStart, false)
    }
    return end
  }

  /** Items of a list are kept as its keys are: by their number. */
  #noteItem(path: Path, written: string): void {
    const list = this.#containers.get(pathKey(path.slice(0, -1)))
    if (list?.kind === "seq") list.keys.set(String(path.at(-1)), written)
  }

  #container(kind: Container["kind"], column: number): Container | undefined {
    const top = this.#stack.at(-1)
    if (top?.kind === kind && top.column === column) return top
    const pending = this.#pending
    if (!pending || column < (kind === "map" ? pending.mapFrom : pending.listFrom)) return undefined
    const made = { kind, column, path: pending.path, keys: new Map<string, string>(), items: 0 }
    this.#pending = undefined
    this.#stack.push(made)
    this.#containers.set(pathKey(made.path), made)
    return made
  }

  #key(from: number, colon: number, end: number, column: number): number {
    const text = this.#text
    const map = this.#container("map", column)
    if (!map) return end
    const written = text.slice(from, colon).trim()
    const name = unquoted(written)
    let start = colon + 1
    while (start < end && text.charAt(start) === " ") start++
    const isInKey = from <= this.#at && this.#at <= from + written.length
    if (isInKey) {
      const span = { start: from, end: from + written.length }
      const { path } = map
      this.#place = {
        kind: "key",
        path,
        span,
        form: "block",
        column,
        hasColon: true,
        items: undefined,
      }
    } else map.keys.set(name, text.slice(start, plainEnd(text, start, end)))
    const path = [...map.path, name]
    const property = /^[&!]\S*\s*/.exec(text.slice(start, end))
    start += property?.[0].length ?? 0
    if (start >= end || text.charAt(start) === "#") {
      this.#pending = { path, mapFrom: column + 1, listFrom: column }
      if (this.#at > colon + 1 && this.#at <= start && !property) {
        const span = { start: this.#at, end: this.#at }
        this.#place = { kind: "value", path, span, form: "block", column, isBlock: false }
      }
      return end
    }
    this.#pending = undefined
    return this.#value(start, end, path, column)
  }

  #value(start: number, end: number, path: Path, column: number): number {
    const text = this.#text
    const first = text.charAt(start)
    if (first === "{" || first === "[") return this.#flow(start, path, column, "flow")
    if (first === "|" || first === ">") {
      this.#block = { column, path }
      return end
    }
    const isQuoted = first === '"' || first === "'"
    const stop = isQuoted ? quotedEnd(text, start, end) : plainEnd(text, start, end)
    if (start <= this.#at && this.#at <= stop) {
      const span = { start, end: stop }
      this.#place = { kind: "value", path, span, form: "block", column, isBlock: false }
    }
    return end
  }

  #flow(start: number, path: Path, column: number, form: Form, around?: Container): number {
    const found = new FlowScan(this.#text, this.#at, { path, column, form, around }).run(start)
    for (const container of found.containers) {
      this.#containers.set(pathKey(container.path), container)
    }
    this.#place ??= found.place
    return found.end
  }

  /** A word, or nothing yet, that may become a key, an item or a value. */
  #word(start: number, end: number, column: number, isOwnLine: boolean): void {
    const spot = { span: { start, end }, form: "block", column } as const
    const pending = this.#pending
    if (pending && (!isOwnLine || column >= pending.mapFrom)) {
      this.#place = { kind: "slot", path: pending.path, isItem: !isOwnLine, ...spot }
      return
    }
    if (!isOwnLine) return
    const open = this.#stack.filter((one) => one.column <= column)
    const top = open.at(-1)
    if (top?.column !== column) return
    const map = top.kind === "map" ? top : open.findLast((one) => one !== top)
    const items = top.kind === "seq" ? top.path : undefined
    if (map?.kind === "map" && map.column === column) {
      this.#place = { kind: "key", path: map.path, hasColon: false, items, ...spot }
    } else if (items) this.#place = { kind: "item", path: items, ...spot }
  }
}

const keyPattern =
  /(?:"(?:[^"\\\n]|\\.)*" *|'[^'\n]*' *|(?:[^\s#\-?:,[\]{}&*!|>'"%@`]|-[^\s#:])[^\n#:]*(?::(?=\S)[^\n#:]*)*|<<):(?=\s|$)/y

/** Where a plain text ends: at a comment or the end of the line. */
function plainEnd(text: string, start: number, end: number): number {
  const comment = text.slice(start, end).search(/(?:^|\s)#/)
  return start + text.slice(start, comment < 0 ? end : start + comment).trimEnd().length
}
