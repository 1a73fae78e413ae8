import { countOf, type PhaseCounts } from "./phase.ts"

interface Timed {
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly phase: string
  readonly counts: PhaseCounts
  readonly source: { readonly file: string; readonly document: number } | null
}

export interface TimeLeft {
  readonly milliseconds: number
  /** The run whose length it was taken from; undefined = from this run's own pace. */
  readonly from: string | undefined
}

/** How long the run still takes, from the last one of the same text, else from its pace so far. */
export function timeLeft(
  run: Timed,
  others: readonly (Timed & { readonly name: string })[],
  now: number,
): TimeLeft | undefined {
  if (run.startedAt === null || run.finishedAt !== null) return undefined
  const elapsed = now - Date.parse(run.startedAt)
  const last = others
    .filter((other) => other.phase === "succeeded" && isSameWork(run, other))
    .toSorted((a, b) => (b.startedAt ?? "").localeCompare(a.startedAt ?? ""))[0]
  if (last?.startedAt && last.finishedAt) {
    const length = Date.parse(last.finishedAt) - Date.parse(last.startedAt)
    if (length > elapsed) return { milliseconds: length - elapsed, from: last.name }
  }
  const done = countOf(run.counts, "succeeded", "skipped")
  const left = run.counts.total - countOf(run.counts, "succeeded", "skipped", "reused")
  // A pace out of two or three steps says nothing.
  if (!run.counts.isTotalKnown || done < 4 || left === 0) return undefined
  return { milliseconds: (elapsed / done) * left, from: undefined }
}

function isSameWork(a: Timed, b: Timed): boolean {
  return (
    a.source !== null &&
    a.source.file === b.source?.file &&
    a.source.document === b.source.document &&
    a.counts.total === b.counts.total &&
    countOf(b.counts, "reused") === countOf(a.counts, "reused")
  )
}
