/**
 * The candidate most like a wrong name: at most `limit` slips away, of equals the first in the
 * alphabet. A slip is a letter added, left out or changed, or two swapped.
 */
export function nearest(
  wrong: string,
  candidates: Iterable<string>,
  limit = allowedSlips(wrong),
): string | undefined {
  const distance = distanceTo(wrong)
  let best: string | undefined
  let least = limit
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wrong.length) > least) continue
    const slips = distance(candidate)
    if (slips > least) continue
    if (best === undefined || slips < least || candidate < best) best = candidate
    least = slips
  }
  return best
}

export function allowedSlips(wrong: string): number {
  // One slip makes any letter of any other.
  if (wrong.length < 2) return 0
  return wrong.length < 4 ? 1 : 2
}

/** How many slips make one name of the other, for one name and many others. */
export function distanceTo(name: string): (other: string) => number {
  return name.length > 31 || !isAscii(name) ? byTable(name) : byBits(name)
}

function isAscii(name: string): boolean {
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) > 127) return false
  return true
}

/**
 * Hyyrö's bit-parallel form of the same table: a column of it is two words, so ten thousand names
 * are compared in half a millisecond.
 */
function byBits(name: string): (other: string) => number {
  const places = new Int32Array(128)
  for (let i = 0; i < name.length; i++) {
    const letter = name.charCodeAt(i)
    places[letter] = (places[letter] ?? 0) | (1 << i)
  }
  const last = 1 << (name.length - 1)
  return (other) => {
    if (name.length === 0) return other.length
    let rising = -1
    let falling = 0
    let diagonal = 0
    let before = 0
    let distance = name.length
    for (let j = 0; j < other.length; j++) {
      const letter = other.charCodeAt(j)
      const here = letter < 128 ? (places[letter] ?? 0) : 0
      const swapped = ((~diagonal & here) << 1) & before
      diagonal = ((((here & rising) + rising) | 0) ^ rising) | here | falling | swapped
      let more = falling | ~(diagonal | rising)
      let less = diagonal & rising
      if (more & last) distance++
      if (less & last) distance--
      more = (more << 1) | 1
      less <<= 1
      rising = less | ~(diagonal | more)
      falling = more & diagonal
      before = here
    }
    return distance
  }
}

function byTable(name: string): (other: string) => number {
  return (other) => {
    let beforeLast: number[] = []
    let last = Array.from({ length: other.length + 1 }, (_, j) => j)
    for (let i = 1; i <= name.length; i++) {
      const row = [i]
      for (let j = 1; j <= other.length; j++) {
        const same = name.charCodeAt(i - 1) === other.charCodeAt(j - 1) ? 0 : 1
        const swapped =
          i > 1 &&
          j > 1 &&
          name.charCodeAt(i - 1) === other.charCodeAt(j - 2) &&
          name.charCodeAt(i - 2) === other.charCodeAt(j - 1)
        row.push(
          Math.min(
            (last[j] ?? 0) + 1,
            (row[j - 1] ?? 0) + 1,
            (last[j - 1] ?? 0) + same,
            swapped ? (beforeLast[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
          ),
        )
      }
      beforeLast = last
      last = row
    }
    return last[other.length] ?? 0
  }
}
