import { type LogLevel, logLevel } from "./logLevel.ts"

/**
 * A million lines and more, in order of time over all that print. Text lies joined in large pieces
 * and what is known of a line in typed arrays: a line costs little more than its characters.
 */
export class LogLines {
  readonly sources: LogSource[] = []
  readonly #bySource = new Map<string, number>()
  readonly #pieces: string[] = []
  #waiting: string[] = []
  #count = 0
  /** Where each line's text begins and ends in its piece. */
  #from = new Uint32Array(1024)
  #to = new Uint32Array(1024)
  #time = new Float64Array(1024)
  #source = new Uint16Array(1024)
  #level = new Uint8Array(1024)
  /** Lines in order of time, equal ones as they came. */
  #order = new Uint32Array(1024)
  #size = 0

  get count(): number {
    return this.#count
  }

  /** Characters that are held. */
  get size(): number {
    return this.#size
  }

  /**
   * Adds what a container printed; answers the first place from which the order is another. Lines
   * without any time stand where it began (`since`) among those of others.
   */
  add(name: string, pod: string, lines: readonly string[], since = 0): number {
    const index = this.#sourceOf(name, pod)
    const source = this.sources[index]
    if (source === undefined || lines.length === 0) return this.#count
    if (source.count === 0) source.time = since
    const begin = this.#count
    for (const line of lines) {
      const [time, text] = withoutTime(line)
      // A line without a time belongs to the one before it.
      source.time = time ?? source.time
      if (time !== undefined) source.isTimed = true
      this.#put(text, source.time, index, logLevel(text))
    }
    source.count += lines.length
    return this.#merge(begin)
  }

  text(place: number): string {
    const line = this.#order[place] ?? 0
    const piece = Math.floor(line / perPiece)
    const within = line % perPiece
    const whole = this.#pieces[piece]
    if (whole === undefined) return this.#waiting[within] ?? ""
    return whole.slice(this.#from[line], this.#to[line])
  }

  time(place: number): number {
    return this.#time[this.#order[place] ?? 0] ?? 0
  }

  level(place: number): LogLevel {
    return (this.#level[this.#order[place] ?? 0] ?? 0) as LogLevel
  }

  source(place: number): number {
    return this.#source[this.#order[place] ?? 0] ?? 0
  }

  #sourceOf(name: string, pod: string): number {
    const key = `${name}\n${pod}`
    const known = this.#bySource.get(key)
    if (known !== undefined) return known
    const tries = this.sources.filter((one) => one.name === name).length
    this.sources.push({ name, pod, tryNumber: tries + 1, count: 0, time: 0, isTimed: false })
    this.#bySource.set(key, this.sources.length - 1)
    return this.sources.length - 1
  }

  #put(text: string, time: number, source: number, level: number): void {
    if (this.#count === this.#time.length) this.#grow()
    const line = this.#count++
    this.#waiting.push(text)
    this.#size += text.length
    this.#time[line] = time
    this.#source[line] = source
    this.#level[line] = level
    this.#order[line] = line
    if (this.#waiting.length === perPiece) this.#close(line - perPiece + 1)
  }

  #close(first: number): void {
    let at = 0
    for (const [index, text] of this.#waiting.entries()) {
      this.#from[first + index] = at
      at += text.length
      this.#to[first + index] = at
    }
    this.#pieces.push(this.#waiting.join(""))
    this.#waiting = []
  }

  /** The new lines are in order among themselves, as is what was there. */
  #merge(begin: number): number {
    const first = this.#time[begin] ?? 0
    const timeAt = (place: number) => this.#time[this.#order[place] ?? 0] ?? 0
    if (begin === 0 || timeAt(begin - 1) <= first) return begin
    let [low, high] = [0, begin]
    while (low < high) {
      const middle = (low + high) >> 1
      if (timeAt(middle) <= first) low = middle + 1
      else high = middle
    }
    const old = this.#order.slice(low, begin)
    let place = low
    let next = begin
    for (const line of old) {
      const time = this.#time[line] ?? 0
      while (next < this.#count && (this.#time[next] ?? 0) < time) this.#order[place++] = next++
      this.#order[place++] = line
    }
    while (next < this.#count) this.#order[place++] = next++
    return low
  }

  #grow(): void {
    const size = this.#time.length * 2
    const copy = <T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(
      to: T,
      from: T,
    ): T => {
      to.set(from)
      return to
    }
    this.#from = copy(new Uint32Array(size), this.#from)
    this.#to = copy(new Uint32Array(size), this.#to)
    this.#time = copy(new Float64Array(size), this.#time)
    this.#source = copy(new Uint16Array(size), this.#source)
    this.#level = copy(new Uint8Array(size), this.#level)
    this.#order = copy(new Uint32Array(size), this.#order)
  }
}

/** One pod, or one container of it. */
export interface LogSource {
  /** The step, with its container where there are several. */
  readonly name: string
  readonly pod: string
  readonly tryNumber: number
  count: number
  /** Of its last line. */
  time: number
  /** Times were printed with its lines; else the one it has is only where it stands. */
  isTimed: boolean
}

const perPiece = 1000

/** The API server's time before a line, and the line. */
function withoutTime(line: string): readonly [time: number | undefined, line: string] {
  const match = /^(\d{4}-\d\d-\d\dT\S+) ?/.exec(line)
  const time = match?.[1] === undefined ? Number.NaN : Date.parse(match[1])
  if (match === null || Number.isNaN(time)) return [undefined, line]
  return [time, line.slice(match[0].length)]
}
