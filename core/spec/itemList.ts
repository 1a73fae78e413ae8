import type { TaskItem } from "./taskItem.ts"

/**
 * The tasks of a document in order. Sums over blocks of them tell where each stands, so that
 * an edit inside one task costs a block and not the list.
 */
export class ItemList {
  #items: TaskItem[] = []
  /** Characters and line ends in each block. */
  #characters: number[] = []
  #lineEnds: number[] = []

  get items(): readonly TaskItem[] {
    return this.#items
  }

  get length(): number {
    return sum(this.#characters, this.#characters.length)
  }

  get lineEnds(): number {
    return sum(this.#lineEnds, this.#lineEnds.length)
  }

  /** Puts new tasks in the place of old ones. */
  replace(rank: number, count: number, added: readonly TaskItem[]): void {
    if (count === added.length) {
      added.forEach((item, i) => {
        this.#items[rank + i] = item
        item.rank = rank + i
      })
      const last = (rank + Math.max(count, 1) - 1) >> shift
      for (let block = rank >> shift; block <= last; block++) this.#addUp(block)
      return
    }
    this.#items =
      count === 0 && this.#items.length === 0
        ? [...added]
        : [...this.#items.slice(0, rank), ...added, ...this.#items.slice(rank + count)]
    for (let i = rank; i < this.#items.length; i++) {
      const item = this.#items[i]
      if (item) item.rank = i
    }
    const blocks = (this.#items.length + size - 1) >> shift
    this.#characters.length = blocks
    this.#lineEnds.length = blocks
    for (let block = rank >> shift; block < blocks; block++) this.#addUp(block)
  }

  /** Characters before a task, from the first task on. */
  offsetOf(rank: number): number {
    const block = rank >> shift
    let offset = sum(this.#characters, block)
    for (let i = block << shift; i < rank; i++) offset += this.#items[i]?.text.length ?? 0
    return offset
  }

  /** Lines before a task, from the first task on. */
  lineOf(rank: number): number {
    const block = rank >> shift
    let line = sum(this.#lineEnds, block)
    for (let i = block << shift; i < rank; i++) line += this.#items[i]?.lineEnds ?? 0
    return line
  }

  /** The task in which a line stands, counted from the first task's first line. */
  atLine(line: number): TaskItem | undefined {
    let left = line
    let block = 0
    for (; block < this.#lineEnds.length - 1; block++) {
      const here = this.#lineEnds[block] ?? 0
      if (left < here) break
      left -= here
    }
    for (let i = block << shift; i < this.#items.length; i++) {
      const item = this.#items[i]
      if (!item) return undefined
      if (left < item.lineEnds || i === this.#items.length - 1) return item
      left -= item.lineEnds
    }
    return undefined
  }

  /** The task in which a character stands, counted from the first task's first one. */
  atOffset(offset: number): TaskItem | undefined {
    let left = offset
    let block = 0
    for (; block < this.#characters.length - 1; block++) {
      const here = this.#characters[block] ?? 0
      if (left < here) break
      left -= here
    }
    for (let i = block << shift; i < this.#items.length; i++) {
      const item = this.#items[i]
      if (!item || left < item.text.length || i === this.#items.length - 1) return item
      left -= item.text.length
    }
    return undefined
  }

  #addUp(block: number): void {
    let characters = 0
    let lineEnds = 0
    const end = Math.min((block + 1) << shift, this.#items.length)
    for (let i = block << shift; i < end; i++) {
      const item = this.#items[i]
      characters += item?.text.length ?? 0
      lineEnds += item?.lineEnds ?? 0
    }
    this.#characters[block] = characters
    this.#lineEnds[block] = lineEnds
  }
}

const shift = 7
const size = 1 << shift

function sum(numbers: readonly number[], count: number): number {
  let total = 0
  for (let i = 0; i < count; i++) total += numbers[i] ?? 0
  return total
}
