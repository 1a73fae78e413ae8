import type { ViewPhase } from "../phase.ts"
import { figuresOf, type SequenceRow } from "./row.ts"
import { workOf } from "./rows.ts"

/** A piece of work, in index order: what the grid draws a cell for. */
export interface Cell {
  readonly row: SequenceRow
  readonly phase: ViewPhase
  /** How many pods tried it. */
  readonly tries: number
  /** Which of the row's pieces of work, where it stands for many that have no pod. */
  readonly nth: number
}

/** From rows of pods, as they are sorted: tries of the same work share a cell, the last one shows. */
export function cellsOf(rows: readonly SequenceRow[]): readonly Cell[] {
  const byWork = new Map<string, { row: SequenceRow; tries: number }>()
  const rests: Cell[] = []
  for (const row of rows) {
    if (row.item.kind === "rest") {
      for (let nth = 0; nth < row.count; nth++) {
        rests.push({ row, phase: row.phase, tries: 0, nth })
      }
      continue
    }
    const key = workOf(row.item)
    const seen = byWork.get(key)
    if (seen === undefined) byWork.set(key, { row, tries: row.tries })
    else {
      seen.tries = Math.max(seen.tries + 1, row.tries)
      if ((row.begin ?? 0) >= (seen.row.begin ?? 0)) seen.row = row
    }
  }
  const cells = [...byWork.values()].map(({ row, tries }) => {
    return { row, phase: row.phase, tries, nth: 0 }
  })
  return [...cells, ...rests]
}

/** The middle of how long what succeeded worked; undefined while nothing did. */
export function medianWork(rows: readonly SequenceRow[]): number | undefined {
  const lengths = rows
    .filter(({ phase, end }) => phase === "succeeded" && end !== undefined)
    .map((row) => figuresOf(row, 0).work)
    .sort((a, b) => a - b)
  return lengths[lengths.length >> 1]
}

export interface ReasonGroup {
  readonly sentence: string
  readonly rows: readonly SequenceRow[]
}

/** Why rows of these phases are what they are, the commonest first. */
export function reasonGroups(
  rows: readonly SequenceRow[],
  phases: readonly ViewPhase[],
): readonly ReasonGroup[] {
  const bySentence = new Map<string, SequenceRow[]>()
  for (const row of rows) {
    if (!phases.includes(row.phase) || row.reason === undefined) continue
    const list = bySentence.get(row.reason)
    if (list) list.push(row)
    else bySentence.set(row.reason, [row])
  }
  return [...bySentence]
    .map(([sentence, list]) => ({ sentence, rows: list }))
    .sort((a, b) => b.rows.length - a.rows.length)
}

/** How long what is left takes if it goes on as it went; undefined while that is a guess. */
export function timeLeft(
  done: number,
  all: number,
  begin: number | undefined,
  now: number,
): number | undefined {
  if (done < 3 || begin === undefined || all <= done) return undefined
  return ((now - begin) / done) * (all - done)
}
