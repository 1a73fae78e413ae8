import type { LogLines } from "./logLines.ts"

/** What is shown of the lines: which of them, and what stands for those that are not. */
export type LogRow =
  | { readonly kind: "line"; readonly place: number }
  /** The try of a step that begins here. */
  | { readonly kind: "try"; readonly place: number }
  /** From place to place, the last one included. */
  | { readonly kind: "fold"; readonly from: number; readonly to: number }
  /** So many more that say the same as the line above. */
  | { readonly kind: "equal"; readonly from: number; readonly to: number }

export interface LogLook {
  /** Undefined: all of them match. */
  readonly matches: ((text: string) => boolean) | undefined
  /** What does not match is folded, but for its surroundings. */
  readonly foldsRest: boolean
  /** Names of sources that are not looked at. */
  readonly hidden: ReadonlySet<string>
  /** Folds that a person opened, by their first place. */
  readonly opened: ReadonlySet<number>
}

/** Lines that stay around one that matches. */
const context = 2
/** So many equal lines are told one by one. */
const mostEqual = 2

/** Rows in the order of their lines; a number for each, so that a million of them cost little. */
export class LogRows {
  readonly #lines: LogLines
  readonly #look: LogLook
  /** A place, with the kind in the lower two bits. */
  #rows = new Float64Array(1024)
  readonly #ends = new Map<number, number>()
  #count = 0
  /** What may still change with the next line begins here. */
  #firm = 0
  #done = 0
  #matches = 0
  #firmMatches = 0
  #run: number[] = []
  #isAfterMatch = false
  readonly #tried = new Set<number>()
  /** 1 for each place whose line matches. */
  #matched = new Uint8Array(1024)
  #isHidden: readonly boolean[] = []

  constructor(lines: LogLines, look: LogLook) {
    this.#lines = lines
    this.#look = look
    this.grow()
  }

  get count(): number {
    return this.#count
  }

  /** Lines that match. */
  get matches(): number {
    return this.#matches
  }

  isMatch(place: number): boolean {
    return this.#matched[place] === 1
  }

  /** Its step is not looked at. */
  isHidden(place: number): boolean {
    return this.#isHidden[this.#lines.source(place)] === true
  }

  /** Takes in the lines that were added at the end. */
  grow(): void {
    this.#count = this.#firm
    this.#matches = this.#firmMatches
    const { matches, foldsRest, hidden } = this.#look
    const isHidden = this.#lines.sources.map(({ name }) => hidden.has(name))
    this.#isHidden = isHidden
    this.#makeRoom()
    for (let place = this.#done; place < this.#lines.count; place++) {
      const source = this.#lines.source(place)
      if (isHidden[source]) continue
      if (!this.#tried.has(source)) {
        this.#tried.add(source)
        const tryNumber = this.#lines.sources[source]?.tryNumber ?? 1
        if (tryNumber > 1) {
          this.#endRun(false)
          this.#push(place, kinds.try)
        }
      }
      const isMatch = matches === undefined || matches(this.#lines.text(place))
      if (isMatch && matches !== undefined) {
        this.#matches++
        this.#matched[place] = 1
      }
      if (foldsRest && matches !== undefined) {
        if (!isMatch) this.#run.push(place)
        else {
          this.#endRun(true)
          this.#push(place, kinds.line)
          this.#isAfterMatch = true
        }
      } else if (this.#isEqual(place)) this.#run.push(place)
      else {
        this.#endRun(true)
        this.#run = [place]
      }
    }
    this.#done = this.#lines.count
    this.#firm = this.#count
    this.#firmMatches = this.#matches
    // What is at the end is shown as if nothing came after it.
    const [run, isAfter] = [this.#run, this.#isAfterMatch]
    this.#endRun(false)
    this.#run = run
    this.#isAfterMatch = isAfter
  }

  at(row: number): LogRow | undefined {
    if (row < 0 || row >= this.#count) return undefined
    const value = this.#rows[row] ?? 0
    const place = Math.floor(value / 4)
    const to = this.#ends.get(place) ?? place
    switch (value % 4) {
      case kinds.try:
        return { kind: "try", place }
      case kinds.fold:
        return { kind: "fold", from: place, to }
      case kinds.equal:
        return { kind: "equal", from: place, to }
      default:
        return { kind: "line", place }
    }
  }

  /** The row that shows this line, or the one that stands for it. */
  rowOf(place: number): number {
    let [low, high] = [0, this.#count - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (Math.floor((this.#rows[middle] ?? 0) / 4) <= place) low = middle
      else high = middle - 1
    }
    return low
  }

  #isEqual(place: number): boolean {
    const last = this.#run.at(-1)
    if (last === undefined || this.#lines.source(last) !== this.#lines.source(place)) return false
    return this.#lines.text(last) === this.#lines.text(place)
  }

  /** Lines that may be shown as one: shown, or folded where there are enough of them. */
  #endRun(isMatchNext: boolean): void {
    const run = this.#run
    this.#run = []
    const isFiltered = this.#look.foldsRest && this.#look.matches !== undefined
    const head = isFiltered ? (this.#isAfterMatch ? context : 0) : 1
    const tail = isFiltered && isMatchNext ? context : 0
    this.#isAfterMatch = false
    const from = run[head]
    const to = run[run.length - tail - 1]
    const least = isFiltered ? 2 : mostEqual
    const isFolded = from !== undefined && to !== undefined && run.length - head - tail >= least
    if (!isFolded || this.#look.opened.has(from)) {
      for (const place of run) this.#push(place, kinds.line)
      return
    }
    for (const place of run.slice(0, head)) this.#push(place, kinds.line)
    this.#push(from, isFiltered ? kinds.fold : kinds.equal)
    this.#ends.set(from, to)
    for (const place of tail === 0 ? [] : run.slice(-tail)) this.#push(place, kinds.line)
  }

  #makeRoom(): void {
    let size = this.#matched.length
    while (size < this.#lines.count) size *= 2
    if (size === this.#matched.length) return
    const more = new Uint8Array(size)
    more.set(this.#matched)
    this.#matched = more
  }

  #push(place: number, kind: number): void {
    if (this.#count === this.#rows.length) {
      const more = new Float64Array(this.#rows.length * 2)
      more.set(this.#rows)
      this.#rows = more
    }
    this.#rows[this.#count++] = place * 4 + kind
  }
}

const kinds = { line: 0, try: 1, fold: 2, equal: 3 } as const
