import { allowedSlips, distanceTo } from "./nearest.ts"

/**
 * Names among which the one nearest to a wrong one is found without comparing them all: a slip
 * changes at most two of the letters a name has, so names are kept by the letters they have and most
 * are ruled out together by two words of bits.
 */
export class NameIndex {
  readonly #places = new Map<number, number>()
  readonly #groups: Set<string>[] = []
  #letters = new Int32Array(1024)

  constructor(names: Iterable<string>) {
    for (const name of names) this.add(name)
  }

  add(name: string): void {
    const letters = lettersOf(name)
    const known = this.#places.get(letters)
    if (known !== undefined) {
      this.#groups[known]?.add(name)
      return
    }
    const place = this.#groups.length
    this.#places.set(letters, place)
    this.#groups.push(new Set([name]))
    if (place >= this.#letters.length) {
      const grown = new Int32Array(place * 2)
      grown.set(this.#letters)
      this.#letters = grown
    }
    this.#letters[place] = letters
  }

  remove(name: string): void {
    const letters = lettersOf(name)
    const place = this.#places.get(letters)
    const group = place === undefined ? undefined : this.#groups[place]
    if (place === undefined || !group?.delete(name) || group.size > 0) return
    this.#places.delete(letters)
    const last = this.#groups.pop()
    if (last === undefined || last === group) return
    const moved = this.#letters[this.#groups.length] ?? 0
    this.#groups[place] = last
    this.#letters[place] = moved
    this.#places.set(moved, place)
  }

  /** As `nearest` of all the names. */
  nearest(wrong: string): string | undefined {
    if (this.#has(wrong)) return wrong
    const most = allowedSlips(wrong)
    // Most slips are single ones, and the nearer a name must be, the fewer there are to compare.
    const near = most > 1 ? this.#within(1, wrong) : undefined
    return near ?? this.#within(most, wrong)
  }

  #has(name: string): boolean {
    const place = this.#places.get(lettersOf(name))
    return place !== undefined && this.#groups[place]?.has(name) === true
  }

  /** Of names that are not the wrong one, so none is nearer than one slip. */
  #within(limit: number, wrong: string): string | undefined {
    const letters = lettersOf(wrong)
    const distance = distanceTo(wrong)
    let best: string | undefined
    let least = limit
    for (let i = 0; i < this.#groups.length; i++) {
      if (ones((this.#letters[i] ?? 0) ^ letters) > 2 * least) continue
      for (const name of this.#groups[i] ?? []) {
        if (Math.abs(name.length - wrong.length) > least) continue
        if (least === 1 && best !== undefined && name > best) continue
        const slips = distance(name)
        if (slips > least) continue
        if (best === undefined || slips < least || name < best) best = name
        least = slips
      }
    }
    return best
  }
}

function lettersOf(name: string): number {
  let letters = 0
  for (let i = 0; i < name.length; i++) letters |= 1 << bitOf(name.charCodeAt(i))
  return letters
}

/** Numbered names differ in their digits, so each digit has a bit to itself; the letters share. */
function bitOf(letter: number): number {
  return letter >= 0x30 && letter <= 0x39 ? letter - 0x30 : 10 + ((letter & 31) % 22)
}

/** How many bits of a word are set. */
function ones(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
