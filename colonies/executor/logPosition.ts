/**
 * How far a container's log was taken: the time that its runtime gave to the last line, how many
 * lines of that very time were taken whole, and how much of the next line.
 */
export interface LogPosition {
  readonly time: string
  readonly lines: number
  readonly within: number
}

/** Some text of one container, and how far its log is taken with it. */
export interface LogPiece {
  readonly text: string
  readonly position: LogPosition
}

/** A line longer than this goes on its way in pieces. */
export const mostAtOnce = 1 << 20

/**
 * Cuts what a follow request with timestamps brings into pieces that end on line borders, leaving out
 * what a position says was taken. Made anew for each request; the parts may be cut anywhere.
 */
export class LogReader {
  readonly #start: LogPosition | undefined
  #rest = ""
  #time = ""
  #lines = 0
  /** Of the line that is being read: how much has been given out. */
  #within = 0
  /** Of the line that is being read: whether its time was read. */
  #isBegun = false
  /** How much of the line that is being read was taken by an earlier request. */
  #skip = 0

  constructor(start?: LogPosition) {
    this.#start = start
  }

  *take(chunk: string): Generator<LogPiece> {
    // The database behind the server cannot keep it.
    const text = this.#rest + chunk.replaceAll("\0", "")
    let at = 0
    for (;;) {
      if (!this.#isBegun) {
        const space = text.indexOf(" ", at)
        if (space < 0) break
        this.#begin(text.slice(at, space))
        at = space + 1
      }
      const end = text.indexOf("\n", at)
      if (end >= 0 && end + 1 - at <= mostAtOnce) {
        yield* this.#give(text.slice(at, end + 1), true)
        at = end + 1
        continue
      }
      if (text.length - at < mostAtOnce) break
      const cut = wholeCharacters(text, at, at + mostAtOnce)
      yield* this.#give(text.slice(at, cut), false)
      at = cut
    }
    this.#rest = text.slice(at)
  }

  /** What is left when the container has ended in the middle of a line. */
  *finish(): Generator<LogPiece> {
    const text = this.#rest
    this.#rest = ""
    if (this.#isBegun && (text !== "" || this.#within > 0)) yield* this.#give(`${text}\n`, true)
  }

  #begin(time: string): void {
    this.#isBegun = true
    this.#within = 0
    if (time !== this.#time) {
      this.#time = time
      this.#lines = 0
    }
    this.#skip = this.#taken()
  }

  /** How much of the line that begins now was taken before. */
  #taken(): number {
    const start = this.#start
    if (start === undefined) return 0
    const order = compareTimes(this.#time, start.time)
    if (order < 0) return Number.POSITIVE_INFINITY
    if (order > 0 || this.#lines > start.lines) return 0
    return this.#lines < start.lines ? Number.POSITIVE_INFINITY : start.within
  }

  *#give(text: string, isEnd: boolean): Generator<LogPiece> {
    const fresh = text.slice(Math.min(this.#skip, text.length))
    this.#skip -= text.length - fresh.length
    if (isEnd) {
      this.#lines += 1
      this.#within = 0
      this.#isBegun = false
    } else {
      this.#within += text.length
    }
    if (fresh === "") return
    const position = { time: this.#time, lines: this.#lines, within: this.#within }
    yield { text: fresh, position }
  }
}

/** The latest whole second that a log can be asked from without missing anything. */
export function sinceTime({ time }: LogPosition): string {
  return new Date(Math.floor(Date.parse(time) / 1000) * 1000).toISOString()
}

/** A position in a few characters, for many containers together. */
export function positionText({ time, lines, within }: LogPosition): string {
  return `${time} ${lines} ${within}`
}

export function readPosition(text: string): LogPosition | undefined {
  const [time, lines, within] = text.split(" ")
  if (time === undefined || lines === undefined || within === undefined) return undefined
  return { time, lines: Number(lines), within: Number(within) }
}

/** Times of one runtime: RFC 3339 with up to nine digits, all in one zone. */
function compareTimes(a: string, b: string): number {
  const seconds = Date.parse(a.replace(fraction, "")) - Date.parse(b.replace(fraction, ""))
  if (seconds !== 0) return seconds
  const [left, right] = [digitsOf(a), digitsOf(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

const fraction = /\.\d+/

function digitsOf(time: string): string {
  return (fraction.exec(time)?.[0] ?? ".").slice(1).padEnd(9, "0")
}

/** The place at or just before `to` that does not part the two halves of a character. */
function wholeCharacters(text: string, from: number, to: number): number {
  const code = text.charCodeAt(to - 1)
  const isHigh = code >= 0xd800 && code < 0xdc00
  return isHigh && to - 1 > from ? to - 1 : to
}
