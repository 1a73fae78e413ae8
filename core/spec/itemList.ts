import type { TaskItem } from "./taskItem.ts"

/** Neighbours in the list, and what their texts add up to. */
export interface Block {
  readonly items: TaskItem[]
  /** How many tasks stand before it. */
  first: number
  characters: number
  lineEnds: number
}

/**
 * The tasks of a document in order. They stand in blocks that know where they begin and what they
 * add up to, so that an edit inside one task, or one that adds or takes tasks, costs a block and not
 * the list.
 */
export class ItemList {
  #items: TaskItem[] = []
  #blocks: Block[] = []

  get items(): readonly TaskItem[] {
    return this.#items
  }

  get length(): number {
    let length = 0
    for (const { characters } of this.#blocks) length += characters
    return length
  }

  get lineEnds(): number {
    let count = 0
    for (const { lineEnds } of this.#blocks) count += lineEnds
    return count
  }

  /** Puts new tasks in the place of old ones. */
  replace(rank: number, count: number, added: readonly TaskItem[]): void {
    if (count === added.length) this.#exchange(rank, added)
    else this.#splice(rank, count, added)
  }

  #exchange(rank: number, added: readonly TaskItem[]): void {
    for (const [i, item] of added.entries()) {
      const old = this.#items[rank + i]
      const block = old?.block
      if (!old || !block) continue
      this.#items[rank + i] = item
      block.items[old.slot] = item
      item.slot = old.slot
      item.block = block
      if (block !== this.#items[rank + i + 1]?.block || i === added.length - 1) addUp(block)
    }
  }

  #splice(rank: number, count: number, added: readonly TaskItem[]): void {
    const from = this.#blockOf(rank)
    const to = count > 1 ? this.#blockOf(rank + count - 1) : from
    const start = this.#blocks[from]?.first ?? 0
    const last = this.#blocks[to]
    const end = last ? last.first + last.items.length : 0
    const items = [
      ...this.#items.slice(start, rank),
      ...added,
      ...this.#items.slice(rank + count, end),
    ]
    if (added.length > mostAtOnce) {
      this.#items = [...this.#items.slice(0, rank), ...added, ...this.#items.slice(rank + count)]
    } else this.#items.splice(rank, count, ...added)
    this.#blocks.splice(from, to - from + 1, ...blocksOf(items, start))
    let first = start
    for (let i = from; i < this.#blocks.length; i++) {
      const block = this.#blocks[i]
      if (!block) break
      block.first = first
      first += block.items.length
    }
  }

  /** Characters before a task, from the first task on. */
  offsetOf(item: TaskItem): number {
    let offset = 0
    for (const block of this.#blocks) {
      if (block === item.block) break
      offset += block.characters
    }
    for (const other of item.block?.items ?? []) {
      if (other === item) break
      offset += other.text.length
    }
    return offset
  }

  /** Lines before a task, from the first task on. */
  lineOf(item: TaskItem): number {
    let line = 0
    for (const block of this.#blocks) {
      if (block === item.block) break
      line += block.lineEnds
    }
    for (const other of item.block?.items ?? []) {
      if (other === item) break
      line += other.lineEnds
    }
    return line
  }

  /** The task in which a line stands, counted from the first task's first line. */
  atLine(line: number): TaskItem | undefined {
    let left = line
    for (const block of this.#blocks) {
      if (left >= block.lineEnds && block !== this.#blocks.at(-1)) {
        left -= block.lineEnds
        continue
      }
      for (const item of block.items) {
        if (left < item.lineEnds || item === this.#items.at(-1)) return item
        left -= item.lineEnds
      }
    }
    return undefined
  }

  /** The task in which a character stands, counted from the first task's first one. */
  atOffset(offset: number): TaskItem | undefined {
    let left = offset
    for (const block of this.#blocks) {
      if (left >= block.characters && block !== this.#blocks.at(-1)) {
        left -= block.characters
        continue
      }
      for (const item of block.items) {
        if (left < item.text.length || item === this.#items.at(-1)) return item
        left -= item.text.length
      }
    }
    return undefined
  }

  /** The block in which a rank stands; behind the last task the last one. */
  #blockOf(rank: number): number {
    const block = this.#items[rank]?.block
    return block ? this.#blocks.indexOf(block) : Math.max(0, this.#blocks.length - 1)
  }
}

const size = 64

/** More at once than a call takes as its arguments. */
const mostAtOnce = 10_000

/** One block, or several of the usual size where that would be more than two of them. */
function blocksOf(items: readonly TaskItem[], first: number): Block[] {
  const each = items.length > 2 * size ? size : items.length
  const blocks: Block[] = []
  for (let start = 0; start < items.length; start += each) {
    const own = items.slice(start, start + each)
    const block: Block = { items: own, first: first + start, characters: 0, lineEnds: 0 }
    for (const [slot, item] of own.entries()) {
      item.block = block
      item.slot = slot
    }
    addUp(block)
    blocks.push(block)
  }
  return blocks
}

function addUp(block: Block): void {
  block.characters = 0
  block.lineEnds = 0
  for (const item of block.items) {
    block.characters += item.text.length
    block.lineEnds += item.lineEnds
  }
}
