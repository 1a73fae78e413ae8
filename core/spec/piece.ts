/** A place in a text: line and UTF-16 code unit, both from zero. */
export interface Position {
  readonly line: number
  readonly character: number
}

/** A stretch of a file's text. Its line table is made when first asked for. */
export class Piece {
  #text: string
  #lineEnds: number
  #starts: Int32Array | undefined

  constructor(text: string) {
    this.#text = text
    this.#lineEnds = countLineEnds(text)
  }

  get text(): string {
    return this.#text
  }

  /** How many line ends it holds. */
  get lineEnds(): number {
    return this.#lineEnds
  }

  setText(text: string): void {
    this.#text = text
    this.#lineEnds = countLineEnds(text)
    this.#starts = undefined
  }

  positionAt(offset: number): Position {
    const starts = this.#lineStarts()
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low, character: offset - (starts[low] ?? 0) }
  }

  /** A character past the end of its line means the end of the line. */
  offsetAt({ line, character }: Position): number {
    const starts = this.#lineStarts()
    const start = starts[line]
    if (start === undefined) return this.#text.length
    let end = starts[line + 1] ?? this.#text.length
    if (line + 1 < starts.length) {
      end--
      if (this.#text.charCodeAt(end) === 10 && this.#text.charCodeAt(end - 1) === 13) end--
    }
    return Math.min(start + character, Math.max(end, start))
  }

  #lineStarts(): Int32Array {
    if (this.#starts) return this.#starts
    const starts = new Int32Array(this.#lineEnds + 1)
    let line = 0
    for (let at = nextLine(this.#text, 0); at >= 0; at = nextLine(this.#text, at)) {
      starts[++line] = at
    }
    this.#starts = starts
    return starts
  }
}

function countLineEnds(text: string): number {
  let count = 0
  if (text.includes("\r")) {
    for (let at = nextLine(text, 0); at >= 0; at = nextLine(text, at)) count++
  } else for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++
  return count
}

/** Where the next line starts, -1 when there is none. A lone carriage return ends a line, too. */
function nextLine(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === 10) return at + 1
    if (character === 13) return text.charCodeAt(at + 1) === 10 ? at + 2 : at + 1
  }
  return -1
}
