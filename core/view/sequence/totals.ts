import type { SequenceItem } from "./items.ts"
import { type Figures, figuresOf, type SequenceRow } from "./row.ts"
import { workOf } from "./rows.ts"

/** Sums over rows: what a group's line says is what its rows' columns add up to. */
export interface Totals extends Figures {
  readonly begin: number | undefined
  /** The last end, or now while something has not ended. */
  readonly end: number | undefined
  /** From the first beginning to the last end. */
  readonly span: number
  readonly isOpen: boolean
}

export function totalsOf(rows: readonly SequenceRow[], now: number): Totals {
  let waited = 0
  let cold = 0
  let work = 0
  let begin = Number.POSITIVE_INFINITY
  let end = Number.NEGATIVE_INFINITY
  let isOpen = false
  for (const row of rows) {
    const own = figuresOf(row, now)
    waited += own.waited
    cold += own.cold
    work += own.work
    if (row.begin === undefined) continue
    begin = Math.min(begin, row.begin)
    if (row.end === undefined) isOpen = true
    else end = Math.max(end, row.end)
  }
  if (isOpen) end = Math.max(end, now)
  const isAny = begin !== Number.POSITIVE_INFINITY && end !== Number.NEGATIVE_INFINITY
  return {
    waited,
    cold,
    work,
    total: waited + cold + work,
    begin: isAny ? begin : undefined,
    end: isAny ? end : undefined,
    span: isAny ? end - begin : 0,
    isOpen,
  }
}

export interface Done {
  readonly done: number
  readonly all: number
  /** Pods that failed, and runs of containers that were started again. */
  readonly failedTries: number
}

/** How much of the work is done, however many pods it took. */
export function doneOf(items: Iterable<SequenceItem>): Done {
  const work = new Map<string, boolean>()
  let rest = 0
  let restDone = 0
  let failedTries = 0
  for (const item of items) {
    if (item.kind === "rest") {
      rest += item.count
      if (item.phase === "reused" || item.phase === "skipped") restDone += item.count
      continue
    }
    if (item.phase === "failed") failedTries++
    failedTries += item.containers.reduce((most, one) => Math.max(most, one.restarts), 0)
    // Without an index nobody can tell which pod a failed one was made anew by, so that one counts.
    const isReplaced = item.step === undefined && item.index === undefined
    if (item.phase === "failed" && isReplaced) continue
    const key = workOf(item)
    work.set(key, work.get(key) === true || item.phase === "succeeded")
  }
  const done = [...work.values()].filter(Boolean).length
  return { done: done + restDone, all: work.size + rest, failedTries }
}
