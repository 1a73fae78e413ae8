/** How long runs that are over are kept; both absent: for ever. */
export interface Retention {
  readonly ttlSeconds: number | undefined
  /** Of each namespace the runs that ended last. */
  readonly keepLast: number | undefined
}

export interface EndedRun {
  readonly namespace: string
  readonly name: string
  /** Milliseconds since 1970. */
  readonly endedAt: number
}

/** The runs that may go now, the oldest first. A run that another one may still be resumed from is no exception. */
export function expiredRuns<T extends EndedRun>(
  runs: readonly T[],
  { ttlSeconds, keepLast }: Retention,
  now: number,
): readonly T[] {
  const newestFirst = runs.toSorted((a, b) => b.endedAt - a.endedAt || (a.name < b.name ? -1 : 1))
  const kept = new Map<string, number>()
  const expired = newestFirst.filter(({ namespace, endedAt }) => {
    const place = kept.get(namespace) ?? 0
    kept.set(namespace, place + 1)
    const isOld = ttlSeconds !== undefined && now - endedAt >= ttlSeconds * 1_000
    return isOld || (keepLast !== undefined && place >= keepLast)
  })
  return expired.reverse()
}
