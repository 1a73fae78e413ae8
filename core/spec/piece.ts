/** A place in a text: line and UTF-16 code unit, both from zero. */
export interface Position {
  readonly line: number
  readonly character: number
}

/** A stretch of a file's text. Its line table is made when first asked for. */
export class Piece {
  readonly text: string
  /** How many line ends it holds. */
  readonly lineEnds: number
  #starts: Int32Array | undefined

  constructor(text: string) {
    this.text = text
    this.lineEnds = countLineEnds(text)
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
    if (start === undefined) return this.text.length
    let end = starts[line + 1] ?? this.text.length
    if (line + 1 < starts.length) {
      end--
      if (this.text.charCodeAt(end) === 10 && this.text.charCodeAt(end - 1) === 13) end--
    }
    return Math.min(start + character, Math.max(end, start))
  }

  #lineStarts(): Int32Array {
    if (this.#starts) return this.#starts
    const starts = new Int32Array(this.lineEnds + 1)
    let line = 0
    for (let at = afterLineEnd(this.text, 0); at >= 0; at = afterLineEnd(this.text, at)) {
      starts[++line] = at
    }
    this.#starts = starts
    return starts
  }
}

function countLineEnds(text: string): number {
  let count = 0
  for (let at = afterLineEnd(text, 0); at >= 0; at = afterLineEnd(text, at)) count++
  return count
}

/** Where the next line starts, -1 when there is none. A lone carriage return ends a line, too. */
function afterLineEnd(text: string, from: number): number {
  const newline = text.indexOf("\n", from)
  const end = newline < 0 ? text.length : newline
  // Carriage returns are rare: nearly always this finds none, or the one before the newline.
  let cr = text.indexOf("\r", from)
  if (cr < 0 || cr >= end) cr = -1
  if (cr >= 0 && cr !== newline - 1) return cr + 1
  return newline < 0 ? -1 : newline + 1
}
