import { type AnsiSpan, type AnsiStyle, readAnsi } from "./ansi.ts"

/** What one container printed, or what is kept of it. */
export interface LogPart {
  /** Said above it: `attempt 2, try 1, pod align.17-x7k2p`. */
  readonly title: string
  readonly lines: readonly string[]
}

/** A log as an editor shows it. */
export interface LogDocument {
  readonly text: string
  /** Of each part, title included; lines count from zero. */
  readonly folds: readonly { readonly start: number; readonly end: number }[]
  readonly colors: readonly (AnsiSpan & { readonly line: number })[]
}

/** Joins parts, each under its title. A title starts with a rule, so that it is never taken for output. */
export function logDocument(parts: readonly LogPart[]): LogDocument {
  const lines: string[] = []
  const folds: { start: number; end: number }[] = []
  const colors: (AnsiSpan & { line: number })[] = []
  for (const part of parts) {
    const start = lines.length
    lines.push(`── ${part.title}`)
    let style: AnsiStyle = {}
    for (const line of part.lines) {
      const read = readAnsi(line, style)
      style = read.style
      for (const span of read.spans) colors.push({ ...span, line: lines.length })
      lines.push(read.text)
    }
    if (part.lines.length > 0) folds.push({ start, end: lines.length - 1 })
  }
  return { text: lines.join("\n"), folds, colors }
}

/** Lines up to so many characters, oldest dropped first and counted. */
export class LogTail {
  readonly #most: number
  #lines: string[] = []
  #size = 0
  #dropped = 0

  constructor(mostCharacters: number) {
    this.#most = mostCharacters
  }

  get lines(): readonly string[] {
    return this.#lines
  }

  /** Characters that are gone. */
  get dropped(): number {
    return this.#dropped
  }

  /** True when older lines had to go. */
  add(lines: readonly string[]): boolean {
    for (const line of lines) {
      this.#lines.push(line)
      this.#size += line.length + 1
    }
    if (this.#size <= this.#most) return false
    // A good part at once, so that it does not happen at each line.
    let gone = 0
    while (this.#size > this.#most * 0.75 && gone < this.#lines.length - 1) {
      const size = (this.#lines[gone]?.length ?? 0) + 1
      this.#size -= size
      this.#dropped += size
      gone++
    }
    this.#lines = this.#lines.slice(gone)
    return gone > 0
  }
}
