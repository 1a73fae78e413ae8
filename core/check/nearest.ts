/**
 * The candidate most like a wrong name: at most `limit` slips away, the first in the alphabet of
 * equals.
 */
export function nearest(
  wrong: string,
  candidates: Iterable<string>,
  limit = wrong.length < 4 ? 1 : 2,
): string | undefined {
  let best: string | undefined
  let bestDistance = limit
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wrong.length) > bestDistance) continue
    const distance = slips(wrong, candidate, bestDistance)
    if (distance > bestDistance) continue
    if (best === undefined || distance < bestDistance || candidate < best) best = candidate
    bestDistance = distance
  }
  return best
}

/** Letters added, left out, changed, or two swapped: how many slips make one of the other. */
function slips(a: string, b: string, limit: number): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    let least = i
    for (let j = 1; j <= b.length; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same)
      const swapped =
        j > 1 &&
        a.charCodeAt(i - 1) === b.charCodeAt(j - 2) &&
        a.charCodeAt(i - 2) === b.charCodeAt(j - 1)
      if (i > 1 && swapped) cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1)
      row.push(cost)
      least = Math.min(least, cost)
    }
    if (least > limit) return limit + 1
    beforeLast = last
    last = row
  }
  return last[b.length] ?? limit + 1
}
