import type { Path } from "../spec/describe.ts"
import type { Container, Form, Place } from "./place.ts"
import { quotedEnd, unquoted } from "./words.ts"

export interface FlowOptions {
  readonly path: Path
  /** Braces that are left open end at a line that starts here or further left. */
  readonly column: number
  readonly form: Form
  /** A list that is open where the text begins, and stays so. */
  readonly around?: Container | undefined
}

interface Open {
  readonly container: Container
  /** What may come next. */
  expects: "entry" | "colon" | "value" | "end"
  key: string
  /** Where the last entry ends. */
  last: number
}

/** Goes through what stands between braces, up to the one that closes the first. */
export class FlowScan {
  readonly #text: string
  readonly #at: number
  readonly #options: FlowOptions
  readonly #containers: Container[] = []
  readonly #stack: Open[] = []
  #place: Place | undefined
  #lineEnd = 0

  constructor(text: string, at: number, options: FlowOptions) {
    this.#text = text
    this.#at = at
    this.#options = options
    const { around } = options
    if (around) this.#stack.push({ container: around, expects: "entry", key: "", last: 0 })
  }

  run(start: number) {
    let at = start
    while (at < this.#text.length) {
      const gap = at
      at = this.#skip(at)
      if (this.#isLeft(gap, at)) break
      if (this.#stack.length > 0) this.#inGap(gap, at)
      if (at >= this.#text.length) break
      at = this.#token(at)
      if (this.#stack.length === 0) break
    }
    return { end: at, containers: this.#containers, place: this.#place }
  }

  /** Blanks, line ends and comments. */
  #skip(from: number): number {
    skipped.lastIndex = from
    return from + (skipped.exec(this.#text)?.[0].length ?? 0)
  }

  #isLeft(gap: number, at: number): boolean {
    if (this.#options.column < 0) return false
    const newline = gap + this.#text.slice(gap, at).lastIndexOf("\n")
    if (newline < gap || this.#text.slice(newline + 1, at).trim() !== "") return false
    return at - newline - 1 <= this.#options.column && !/[\]}]/.test(this.#text.charAt(at))
  }

  #token(at: number): number {
    const sign = this.#text.charAt(at)
    const top = this.#stack.at(-1)
    if (sign === "{" || sign === "[") {
      this.#open(sign === "{" ? "map" : "seq", at + 1)
      return at + 1
    }
    if (sign === "}" || sign === "]") {
      if (this.#stack.length > (this.#options.around ? 1 : 0)) this.#stack.pop()
      this.#ended(at + 1)
      return at + 1
    }
    if (sign === ",") {
      if (top) top.expects = "entry"
      return at + 1
    }
    if (sign === ":") {
      if (top) top.expects = "value"
      return at + 1
    }
    return this.#word(at)
  }

  #open(kind: Container["kind"], behind: number): void {
    const path = this.#stack.length === 0 ? this.#options.path : this.#next()
    const container = { kind, column: 0, path, keys: new Map<string, string>(), items: 0 }
    this.#containers.push(container)
    this.#stack.push({ container, expects: "entry", key: "", last: behind })
  }

  /** The path of the value that starts here. */
  #next(): Path {
    const top = this.#stack.at(-1)
    if (!top) return this.#options.path
    const { path, items, kind } = top.container
    return [...path, kind === "seq" ? items : top.key]
  }

  #ended(at: number): void {
    const top = this.#stack.at(-1)
    if (!top) return
    if (top.container.kind === "seq") top.container.items++
    top.expects = "end"
    top.last = at
  }

  #word(start: number): number {
    const text = this.#text
    if (start >= this.#lineEnd) {
      const newline = text.indexOf("\n", start)
      this.#lineEnd = newline < 0 ? text.length : newline
    }
    const lineEnd = this.#lineEnd
    const quote = text.charAt(start)
    const isQuoted = quote === '"' || quote === "'"
    let end = isQuoted ? quotedEnd(text, start, lineEnd) : plainEnd(text, start, lineEnd)
    // A quote that is only opened takes nothing of what closes the braces.
    if (isQuoted && (end === start + 1 || text.charAt(end - 1) !== quote)) {
      const rest = /[\s,}\]]*$/.exec(text.slice(start + 1, end))
      end -= rest?.[0].length ?? 0
    }
    if (end === start) return start + 1
    const top = this.#stack.at(-1)
    if (!top) return end
    const isHere = start <= this.#at && this.#at <= end
    const isKey = top.container.kind === "map" && top.expects !== "value"
    if (isHere) this.#set(top, { start, end }, top.expects === "end" ? top.last : undefined)
    if (isKey) {
      top.key = unquoted(text.slice(start, end))
      if (!isHere) top.container.keys.set(top.key, "")
      top.expects = "colon"
      top.last = end
    } else {
      const { kind, items, keys } = top.container
      if (!isHere) keys.set(kind === "seq" ? String(items) : top.key, text.slice(start, end))
      this.#ended(end)
    }
    return end
  }

  #inGap(from: number, to: number): void {
    const top = this.#stack.at(-1)
    if (!top || this.#place || this.#at < from || this.#at > to || this.#isInComment(from)) return
    // Right behind a word the word itself is meant, and right before one that is there.
    if (top.expects === "colon") return
    if (top.expects === "end" && (this.#at === from || top.container.kind === "seq")) return
    if (this.#at === to && /["'\w]/.test(this.#text.charAt(to)) && top.expects !== "end") return
    if (top.expects === "value" && this.#at === from) return
    const commaAt = top.expects === "end" ? top.last : undefined
    this.#set(top, { start: this.#at, end: this.#at }, commaAt)
  }

  #isInComment(from: number): boolean {
    const line = this.#text.slice(
      Math.max(from, this.#text.lastIndexOf("\n", this.#at - 1) + 1),
      this.#at,
    )
    return line.includes("#")
  }

  #set(top: Open, span: { start: number; end: number }, commaAt: number | undefined): void {
    const behind = this.#skip(span.end)
    const next = this.#text.charAt(behind)
    const { form } = this.#options
    const lineStart = this.#text.lastIndexOf("\n", span.start - 1) + 1
    const indent = /^ */.exec(this.#text.slice(lineStart, span.start))?.[0].length ?? 0
    const hasColon = next === ":"
    const comma = !hasColon && !/[,}\]]/.test(next) && next !== ""
    const spot = { span, form, column: indent, commaAt, comma }
    const isKey = top.container.kind === "map" && top.expects !== "value"
    this.#place = isKey
      ? { kind: "key", path: top.container.path, hasColon, items: undefined, ...spot }
      : { kind: "value", path: this.#next(), isBlock: false, ...spot }
  }
}

const skipped = /(?:\s|(?<=\s)#[^\n]*)*/y

/**
 * Where a plain text between braces ends. `${a}` ends at its own brace, as YAML has it: there it
 * must stand in quotes.
 */
function plainEnd(text: string, start: number, lineEnd: number): number {
  closing.lastIndex = start
  const end = Math.min(closing.exec(text)?.index ?? lineEnd, lineEnd)
  return start + text.slice(start, end).trimEnd().length
}

const closing = /[,[\]{}\n]|:(?=[\s,[\]{}]|$)|\s#/g
