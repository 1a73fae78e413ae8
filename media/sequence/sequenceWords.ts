import { exactLengthText, lengthText, percentText } from "#core/view/length"
import { phaseLooks } from "#core/view/phase"
import {
  figuresOf,
  type Segment,
  type SegmentKind,
  type SequenceRow,
} from "#core/view/sequence/row"
import type { RowsBy, SortBy } from "#core/view/sequence/rows"
import type { ColumnId } from "#core/view/sequence/table"
import type { Done, Totals } from "#core/view/sequence/totals"
import { countText, t } from "../shared/words.ts"

/** What stands at the left of a row. */
export function nameOf({ name, item, count }: SequenceRow): string {
  if (name !== "" || item.kind === "pod") return name
  if (item.step !== undefined) {
    return count === 1 ? item.step : t("{count} more steps", { count: countText(count) })
  }
  return count === 1 ? t("1 more pod") : t("{count} more pods", { count: countText(count) })
}

/** `8 of 8 · span 3 m 21 s · cold start 109 s of 387 s, 28 % · waiting 5 s, 1 %` */
export function totalsText(totals: Totals): string {
  if (totals.begin === undefined) return ""
  const span = { length: lengthText(totals.span) }
  const { cold, waited, total } = totals
  return [
    totals.isOpen ? t("{length} so far", span) : t("span {length}", span),
    t("cold start {part} of {whole}, {percent}", {
      part: sumText(cold),
      whole: sumText(total),
      percent: percentText(cold, total),
    }),
    t("waiting {part}, {percent}", {
      part: sumText(waited),
      percent: percentText(waited, total),
    }),
  ].join(" · ")
}

export function doneText({ done, all }: Done): string {
  return t("{done} of {all}", { done: countText(done), all: countText(all) })
}

/** Sums are read beside each other: in seconds as long as that is short. */
function sumText(length: number): string {
  return length < 600_000 ? `${Math.round(length / 1000)} s` : lengthText(length)
}

export function sinceText(length: number): string {
  return length === 0 ? "0" : `${length < 0 ? "−" : "+"}${exactLengthText(length)}`
}

export function clockText(time: number, withDay = false): string {
  const date = new Date(time)
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":")
  return withDay
    ? `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock}`
    : clock
}

function two(number: number): string {
  return String(number).padStart(2, "0")
}

export function segmentWord(kind: SegmentKind, row: SequenceRow, isFirst: boolean): string {
  switch (kind) {
    case "wait":
      return isFirst ? t("waited for a node") : t("waited to try again")
    case "setup":
      return t("set up the pod")
    case "pull":
      return t("pulled the image")
    case "init":
      return t("init containers")
    case "work":
      return row.phase === "running" ? t("works") : t("work")
    case "failed":
      return t("work, failed")
  }
}

/** A stretch of a bar in words: `init containers 7 s, 23:52:39 to 23:52:46`. */
export function segmentSentence(segment: Segment, row: SequenceRow, now: number): string {
  const { kind, from, to } = segment
  return t("{what} {length}, {from} to {to}", {
    what: segmentWord(kind, row, segment === row.segments[0]),
    length: lengthText((to ?? now) - from),
    from: clockText(from),
    to: to === undefined ? t("now") : clockText(to),
  })
}

export const columnTitles = (): Readonly<Record<ColumnId, string>> => ({
  name: t("Name"),
  phase: t("Phase"),
  group: t("Job or task"),
  step: t("Step"),
  index: t("Index"),
  try: t("Try"),
  node: t("Node"),
  start: t("Start"),
  end: t("End"),
  waited: t("Waited"),
  cold: t("Cold"),
  work: t("Work"),
  total: t("Total"),
  reason: t("Reason"),
})

export const rowsByWords = (): Readonly<Record<RowsBy, string>> => ({
  pod: t("Pod"),
  container: t("Container"),
  attempt: t("Attempt"),
  step: t("Step"),
  task: t("Task"),
})

export const sortWords = (): Readonly<Record<SortBy, string>> => ({
  start: t("Start"),
  name: t("Name"),
  index: t("Index"),
  phase: t("Phase"),
  node: t("Node"),
  waited: t("Waited"),
  cold: t("Cold"),
  work: t("Work"),
  total: t("Total"),
})

export function phaseWord(row: SequenceRow): string {
  return t(phaseLooks[row.phase].word)
}

/** What a row says in words, for who does not see the picture. */
export function rowWords(row: SequenceRow, now: number): string {
  const { waited, cold, work } = figuresOf(row, now)
  const parts = [
    nameOf(row),
    phaseWord(row),
    ...(row.segments.length === 0
      ? []
      : [
          t("waited {length}", { length: lengthText(waited) }),
          t("cold start {length}", { length: lengthText(cold) }),
          t("work {length}", { length: lengthText(work) }),
        ]),
    ...(row.reason === undefined ? [] : [row.reason]),
  ]
  return parts.join(", ")
}
