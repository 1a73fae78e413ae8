import { allowedSlips, distanceTo } from "./nearest.ts"

/**
 * Names among which the one nearest to a wrong one is found without comparing them all: a slip
 * changes at most two of the letters a name has, so most names are ruled out by two words of bits.
 */
export class NameIndex {
  readonly #places = new Map<string, number>()
  readonly #names: string[] = []
  #letters = new Int32Array(1024)

  constructor(names: Iterable<string>) {
    for (const name of names) this.add(name)
  }

  add(name: string): void {
    if (this.#places.has(name)) return
    const place = this.#names.length
    this.#places.set(name, place)
    this.#names.push(name)
    if (place >= this.#letters.length) {
      const grown = new Int32Array(place * 2)
      grown.set(this.#letters)
      this.#letters = grown
    }
    this.#letters[place] = lettersOf(name)
  }

  remove(name: string): void {
    const place = this.#places.get(name)
    if (place === undefined) return
    this.#places.delete(name)
    const last = this.#names.pop()
    if (last === undefined || last === name) return
    this.#names[place] = last
    this.#letters[place] = lettersOf(last)
    this.#places.set(last, place)
  }

  /** As `nearest` of all the names. */
  nearest(wrong: string): string | undefined {
    const letters = lettersOf(wrong)
    const distance = distanceTo(wrong)
    let best: string | undefined
    let least = allowedSlips(wrong)
    for (let i = 0; i < this.#names.length; i++) {
      if (ones((this.#letters[i] ?? 0) ^ letters) > 2 * least) continue
      const name = this.#names[i] ?? ""
      if (Math.abs(name.length - wrong.length) > least) continue
      const slips = distance(name)
      if (slips > least) continue
      if (best === undefined || slips < least || name < best) best = name
      least = slips
    }
    return best
  }
}

function lettersOf(name: string): number {
  let letters = 0
  for (let i = 0; i < name.length; i++) letters |= 1 << (name.charCodeAt(i) & 31)
  return letters
}

/** How many bits of a word are set. */
function ones(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
