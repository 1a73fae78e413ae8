import { type CST, Parser } from "yaml"
import { isBlank, lineStart } from "./lineAt.ts"
import type { TextChange } from "./section.ts"

type Token = CST.Token
type Item = CST.CollectionItem

/** How the lines of a YAML text stand when it is laid out; undefined where that is not certain. */
export function layOut(text: string): readonly TextChange[] | undefined {
  const tokens = [...new Parser().parse(text)]
  const layout = new Layout(text, dashOffset(tokens, text))
  for (const token of tokens) {
    if (token.type === "error") return undefined
    if (token.type !== "document" || !token.value) continue
    layout.block(token.value, 0, 0, [])
  }
  return layout.isCertain ? layout.changes() : undefined
}

/** A line that starts with a key or a dash: the columns it stands in, its own and those around it. */
type Columns = readonly { readonly old: number; readonly now: number }[]

/** Columns of the lines of one text, before and after. */
class Layout {
  isCertain = true
  readonly #text: string
  readonly #dash: number
  /** By the start of a line, the column where it will stand. */
  readonly #columns = new Map<number, number>()
  readonly #structure: { readonly line: number; readonly columns: Columns }[] = []
  readonly #changes: TextChange[] = []
  /** Stretches in which the ends of lines belong to a text. */
  readonly #texts: { readonly start: number; readonly end: number }[] = []

  constructor(text: string, dash: number) {
    this.#text = text
    this.#dash = dash
  }

  /** A node whose parent stands at a column, and where it will stand if it is a block. */
  block(token: Token, parentOld: number, column: number, around: Columns): void {
    switch (token.type) {
      case "block-map":
        for (const item of token.items) this.#entry(item, column, around)
        return
      case "block-seq":
        for (const item of token.items) this.#item(item, column, around)
        return
      case "block-scalar":
        this.#blockScalar(token, parentOld, around.at(-1)?.now ?? 0)
        return
      default:
        this.#follow(token, parentOld, around.at(-1)?.now ?? 0)
    }
  }

  #entry({ start, key, sep, value }: Item, column: number, around: Columns): void {
    // Comments behind the last entry.
    if (!key && !sep && !value) return
    const first = firstOf(start) ?? key
    if (!key || !first || !sep || start.some(({ type }) => type === "explicit-key-ind")) {
      this.isCertain = false
      return
    }
    if (!("source" in key) || String(key.source).includes("\n")) this.isCertain = false
    const old = this.#columnOf(first.offset)
    const columns = [...around, { old, now: column }]
    this.#stand(first.offset, column, columns)
    this.#oneBlank(sep, value)
    if (!value) return
    if (value.type === "block-map" || value.type === "block-seq") {
      // A block below its key.
      const inner = value.type === "block-seq" ? column + this.#dash : column + 2
      this.block(value, old, inner, columns)
    } else this.block(value, old, column + 2, columns)
  }

  #item({ start, value }: Item, column: number, around: Columns): void {
    const dash = start.find(({ type }) => type === "seq-item-ind")
    if (!dash) {
      // Comments behind the last item.
      if (value) this.isCertain = false
      return
    }
    const old = this.#columnOf(dash.offset)
    const columns = [...around, { old, now: column }]
    this.#stand(dash.offset, column, columns)
    const behind = start.slice(start.indexOf(dash) + 1)
    this.#oneBlank([dash, ...behind], value)
    if (!value) return
    const isBlock = value.type === "block-map" || value.type === "block-seq"
    // What an anchor before a key names depends on the line it stands in.
    const opensLine = behind.some(({ type }) => type === "newline")
    if (isBlock && !opensLine && firstOf(behind)) this.isCertain = false
    this.block(value, old, column + 2, columns)
  }

  /** The line in which it is the first to stand will begin at a column. */
  #stand(offset: number, column: number, columns: Columns): void {
    const line = lineStart(this.#text, offset)
    if (!isBlank(this.#text, line, offset)) {
      const known = this.#structure.at(-1)
      if (known?.line === line) this.#structure[this.#structure.length - 1] = { line, columns }
      return
    }
    this.#columns.set(line, column)
    this.#structure.push({ line, columns })
  }

  #columnOf(offset: number): number {
    return offset - lineStart(this.#text, offset)
  }

  /** One blank between a colon or dash and what follows in the line. */
  #oneBlank(tokens: readonly CST.SourceToken[], value: Token | null | undefined): void {
    for (const [i, { type, offset, source }] of tokens.entries()) {
      const before = tokens[i - 1]?.type
      if (type === "space" && source.includes("\t")) this.isCertain = false
      if (type !== "space" || (before !== "map-value-ind" && before !== "seq-item-ind")) continue
      const next = tokens[i + 1]?.type
      if (next === "newline" || next === "comment" || (next === undefined && !value)) continue
      if (source !== " ") this.#change(offset, offset + source.length, " ")
    }
  }

  /** The lines of a value of several lines move with the key or dash they belong to. */
  #follow(token: Token, parentOld: number, parentNow: number): void {
    const end = endOf(token)
    const first = this.#text.indexOf("\n", token.offset)
    if (first < 0 || first >= end) return
    const isText = token.type === "single-quoted-scalar" || token.type === "double-quoted-scalar"
    if (isText) this.#texts.push({ start: token.offset, end })
    if (token.type === "flow-collection") for (const text of textsIn(token)) this.#texts.push(text)
    for (let at = first; at >= 0 && at < end; ) {
      const line = at + 1
      at = this.#text.indexOf("\n", line)
      const column = indentAt(this.#text, line)
      if (this.#text.charAt(line + column) === "\t") this.isCertain = false
      this.#columns.set(line, Math.max(0, column + parentNow - parentOld))
    }
  }

  #blockScalar(
    { props, source, offset }: CST.BlockScalar,
    parentOld: number,
    parentNow: number,
  ): void {
    const header = props.find(({ type }) => type === "block-scalar-header")
    const last = props.at(-1)
    const start = last && "source" in last ? last.offset + last.source.length : offset
    const end = start + source.length
    this.#texts.push({ start, end })
    const given =
      header && "source" in header ? /[1-9]/.exec(String(header.source))?.[0] : undefined
    const lines: { start: number; blanks: number; isBlank: boolean }[] = []
    for (let line = start; line < end; ) {
      const newline = this.#text.indexOf("\n", line)
      const next = newline < 0 || newline >= end ? end : newline + 1
      const blanks = indentAt(this.#text, line)
      lines.push({
        start: line,
        blanks,
        isBlank:
          isBlank(this.#text, line + blanks, next) && !this.#text.slice(line, next).includes("\t"),
      })
      line = next
    }
    const first = lines.find((line) => !line.isBlank)
    if (!first) return
    const old = given === undefined ? first.blanks : parentOld + Number(given)
    const now = parentNow + (given === undefined ? 2 : Number(given))
    for (const { start: line, blanks, isBlank: says } of lines) {
      if (says && blanks <= old) {
        if (blanks > 0) this.#change(line, line + blanks, "")
      } else if (blanks < old) this.isCertain = false
      else if (now !== old) this.#change(line, line + old, " ".repeat(now))
    }
  }

  /** Every change, in the order of the text. */
  changes(): readonly TextChange[] {
    const text = this.#text
    const texts = this.#texts.sort((a, b) => a.start - b.start)
    const structure = this.#structure.sort((a, b) => a.line - b.line)
    let passed = 0
    let block = 0
    for (let line = 0; line < text.length; ) {
      const newline = text.indexOf("\n", line)
      const next = newline < 0 ? text.length : newline + 1
      let end = newline < 0 ? text.length : newline
      if (text.charAt(end - 1) === "\r" && end > line) end--
      while (block < texts.length && (texts[block]?.end ?? 0) <= line) block++
      const inside = texts[block]
      const startsInText = inside !== undefined && inside.start < line
      let endsInText = false
      for (let i = block; i < texts.length && (texts[i]?.start ?? end) < end; i++) {
        endsInText = (texts[i]?.end ?? 0) > end
      }
      const isScalar = startsInText && !this.#columns.has(line)
      while ((structure[passed]?.line ?? Infinity) < line) passed++
      const said = text.slice(line, end).trimEnd()
      if (!isScalar) {
        const blanks = indentAt(text, line)
        const column =
          this.#columns.get(line) ?? this.#loneColumn(line, blanks, said, structure, passed)
        if (said !== "" && column !== blanks) this.#change(line, line + blanks, " ".repeat(column))
      }
      if (!endsInText && !isScalar && line + said.length < end)
        this.#change(line + said.length, end, "")
      line = next
    }
    const last = texts.at(-1)
    if (last === undefined || last.end < text.length) this.#finalLine()
    return this.#changes.sort((a, b) => a.span.start - b.span.start)
  }

  /** A comment stands where the line below it does, or one above, whichever it stood beside. */
  #loneColumn(
    line: number,
    blanks: number,
    said: string,
    structure: readonly { readonly line: number; readonly columns: Columns }[],
    passed: number,
  ): number {
    if (!said.startsWith("#", blanks)) return blanks
    const below = structure[passed]?.columns ?? []
    const above = structure[passed - 1]?.columns ?? []
    const near = [...below.slice(-2), ...above]
    const same = near.find(({ old }) => old === blanks)
    if (same) return same.now
    let best: Columns[number] | undefined
    for (const one of near) if (one.old <= blanks && one.old > (best?.old ?? -1)) best = one
    return line === 0 ? 0 : (best?.now ?? 0)
  }

  /** The file ends with one line end. */
  #finalLine(): void {
    const text = this.#text
    const content = text.trimEnd().length
    if (content === 0) return
    const rest = text.slice(content)
    const newline = text.includes("\r\n") ? "\r\n" : "\n"
    if (rest === newline) return
    const before = this.#changes.filter(({ span }) => span.start < content)
    this.#changes.splice(0, this.#changes.length, ...before)
    this.#change(content, text.length, newline)
  }

  #change(start: number, end: number, newText: string): void {
    if (this.#text.slice(start, end) !== newText)
      this.#changes.push({ span: { start, end }, newText })
  }
}

/** Whether most lists stand further right than their key: 2, or 0 where they do not. */
function dashOffset(tokens: readonly Token[], text: string): number {
  let further = 0
  let same = 0
  const open: Token[] = [...tokens]
  for (let token = open.pop(); token; token = open.pop()) {
    if (token.type === "document" && token.value) open.push(token.value)
    if (token.type !== "block-map" && token.type !== "block-seq") continue
    for (const { key, value } of token.items) {
      if (!value) continue
      open.push(value)
      if (token.type !== "block-map" || value.type !== "block-seq" || !key) continue
      const column = value.offset - lineStart(text, value.offset)
      const isFurther = column > key.offset - lineStart(text, key.offset)
      if (isFurther) further++
      else same++
    }
  }
  return same > further ? 0 : 2
}

function firstOf(tokens: readonly CST.SourceToken[]): CST.SourceToken | undefined {
  return tokens.find(({ type }) => type === "anchor" || type === "tag")
}

function endOf(token: Token): number {
  if (token.type === "flow-collection") {
    const last = token.end.find(({ type }) => type === "flow-map-end" || type === "flow-seq-end")
    return last ? last.offset + 1 : token.offset
  }
  return "source" in token ? token.offset + token.source.length : token.offset
}

/** Quoted texts of several lines inside brackets. */
function* textsIn(token: CST.FlowCollection): Generator<{ start: number; end: number }> {
  for (const { key, value } of token.items) {
    for (const part of [key, value]) {
      if (!part) continue
      if (part.type === "flow-collection") yield* textsIn(part)
      else if ("source" in part && part.source.includes("\n")) {
        yield { start: part.offset, end: part.offset + part.source.length }
      }
    }
  }
}

function indentAt(text: string, line: number): number {
  let at = line
  while (text.charCodeAt(at) === 0x20) at++
  return at - line
}
