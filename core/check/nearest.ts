/**
 * The candidate a wrong name was most likely meant to be: the same but for capitals, or at most
 * `limit` slips of the hand away (a letter too many, too few, another one, or two swapped).
 */
export function nearest(
  wrong: string,
  candidates: Iterable<string>,
  limit = wrong.length <= 3 ? 1 : 2,
): string | undefined {
  const folded = wrong.toLowerCase()
  let best: string | undefined
  let bestDistance = limit + 1
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wrong.length) >= bestDistance) continue
    const other = candidate.toLowerCase()
    if (other === folded) return candidate
    const distance = slips(folded, other, bestDistance - 1)
    // Two names that share no letter are not each other's misspelling, however short they are.
    if (distance < bestDistance && distance < Math.max(wrong.length, candidate.length)) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** Damerau-Levenshtein distance (adjacent swaps), or limit + 1 as soon as it must be more. */
function slips(a: string, b: string, limit: number): number {
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    let smallest = i
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1
      let cost = Math.min(
        (previous[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + change,
      )
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1)
      }
      row.push(cost)
      if (cost < smallest) smallest = cost
    }
    if (smallest > limit) return limit + 1
    before = previous
    previous = row
  }
  return previous[b.length] ?? limit + 1
}
