import { type ViewPhase, worst, worstPhase } from "../phase.ts"
import type { SequenceItem, SequencePod } from "./items.ts"
import {
  figuresOf,
  mergedRow,
  rowOfPod,
  rowOfRest,
  rowsOfContainers,
  type SequenceRow,
} from "./row.ts"

export const rowsByList = ["pod", "container", "attempt", "step", "task"] as const
export type RowsBy = (typeof rowsByList)[number]
export const groupByList = ["job", "node", "phase", "none"] as const
export type GroupBy = (typeof groupByList)[number]
export const sortByList = [
  "start",
  "name",
  "index",
  "phase",
  "node",
  "waited",
  "cold",
  "work",
  "total",
] as const
export type SortBy = (typeof sortByList)[number]

export interface Arrangement {
  readonly rowsBy: RowsBy
  readonly groupBy: GroupBy
  readonly sortBy: SortBy
  readonly isDescending: boolean
  /** Part of a name; case does not count. */
  readonly find: string
  /** Empty: all of them. */
  readonly phases: readonly ViewPhase[]
}

export const plainArrangement: Arrangement = {
  rowsBy: "pod",
  groupBy: "job",
  sortBy: "start",
  isDescending: false,
  find: "",
  phases: [],
}

export interface RowGroup {
  readonly id: string
  readonly name: string
  readonly rows: readonly SequenceRow[]
}

/** Made once for each pod, however often rows are arranged anew. */
const known: Readonly<Record<"pod" | "container", WeakMap<SequenceItem, readonly SequenceRow[]>>> =
  {
    pod: new WeakMap(),
    container: new WeakMap(),
  }

/** The rows in no order yet. */
export function rowsOf(items: readonly SequenceItem[], by: RowsBy): readonly SequenceRow[] {
  switch (by) {
    case "pod":
    case "container": {
      const rows = items.flatMap((item) => (item.kind === "pod" ? rowsOfItem(item, by) : []))
      return [...rows, ...restRows(items)]
    }
    case "attempt":
      return merged(
        items,
        ({ group, job, id, step }) => [job || id, `${step ?? group}`],
        attemptName,
      )
    case "step":
      return merged(
        items,
        ({ step, group, job, index, id }) => {
          const own = index === undefined ? id : `${job}#${index}`
          return [step ?? own, step ?? group]
        },
        stepName,
      )
    case "task":
      return merged(
        items,
        ({ group }) => [group, group],
        ({ group }) => group,
      )
  }
}

function rowsOfItem(item: SequencePod, by: "pod" | "container"): readonly SequenceRow[] {
  const found = known[by].get(item)
  if (found) return found
  const rows = by === "pod" ? [rowOfPod(item)] : rowsOfContainers(item)
  known[by].set(item, rows)
  return rows
}

/** What has no pod is counted, not listed: one row for all of a group that are in the same phase. */
function restRows(items: readonly SequenceItem[]): readonly SequenceRow[] {
  const first = new Map<string, { readonly item: SequenceItem; count: number }>()
  for (const item of items) {
    if (item.kind !== "rest") continue
    const key = `${item.group}\n${item.phase}`
    const seen = first.get(key)
    if (seen) seen.count += item.count
    else first.set(key, { item, count: item.count })
  }
  return [...first.values()].map(({ item, count }) => rowOfRest(item, "", count))
}

function merged(
  items: readonly SequenceItem[],
  keyOf: (item: SequenceItem) => readonly [string, string],
  nameOf: (item: SequenceItem) => string,
): readonly SequenceRow[] {
  const byKey = new Map<string, SequenceItem[]>()
  for (const item of items) {
    const [key] = keyOf(item)
    const list = byKey.get(key)
    if (list) list.push(item)
    else byKey.set(key, [item])
  }
  return [...byKey].flatMap(([key, list]) => {
    const pods = list.filter((item) => item.kind === "pod")
    const rests = list.filter((item) => item.kind === "rest")
    const rows = pods.flatMap((item) => rowsOfItem(item, "pod"))
    const count = rests.reduce((sum, rest) => sum + rest.count, 0)
    const [one] = rests
    if (pods.length === 0) return one ? [rowOfRest(one, nameOf(one), count)] : []
    const [pod] = pods
    const row = pod && mergedRow(key, nameOf(pod), rows, phaseOf(pods, count))
    return row ? [{ ...row, count: row.count + count }] : []
  })
}

function attemptName(item: SequenceItem): string {
  return item.job === "" ? (item.step ?? item.group) : item.job
}

function stepName(item: SequenceItem): string {
  if (item.step !== undefined) return item.step
  if (item.index !== undefined) return `${item.job} ${item.index}`
  return item.kind === "pod" ? item.name : item.group
}

/** A try that failed does not count once another one is made for the same work. */
function phaseOf(pods: readonly SequencePod[], waiting: number): ViewPhase {
  const last = new Map<string, SequencePod>()
  for (const pod of pods) last.set(workOf(pod), pod)
  const byPhase: Partial<Record<ViewPhase, number>> = waiting > 0 ? { waiting } : {}
  for (const { phase } of last.values()) byPhase[phase] = (byPhase[phase] ?? 0) + 1
  return worstPhase({ total: last.size + waiting, isTotalKnown: true, byPhase })
}

/** Tries of the same work have the same word; where nobody can tell, each pod is its own. */
export function workOf({ step, job, index, id }: SequenceItem): string {
  return step ?? (index === undefined ? id : `${job}#${index}`)
}

export function isShown({ name, item, phase, reason }: SequenceRow, by: Arrangement): boolean {
  if (by.phases.length > 0 && !by.phases.includes(phase)) return false
  const find = by.find.toLowerCase()
  if (find === "") return true
  const texts = [name, item.group, item.step ?? "", reason ?? "", nodeOf(item)]
  return texts.some((text) => text.toLowerCase().includes(find))
}

export function nodeOf(item: SequenceItem): string {
  return item.kind === "pod" ? (item.node ?? "") : ""
}

/** Filtered, sorted and grouped; groups stand in the order in which they begin. */
export function arrange(
  rows: readonly SequenceRow[],
  by: Arrangement,
  now: number,
): readonly RowGroup[] {
  const isPlain = by.phases.length === 0 && by.find === ""
  const shown = isPlain ? rows : rows.filter((row) => isShown(row, by))
  const sorted = sortRows(shown, by, now)
  if (by.groupBy === "none") return [{ id: "", name: "", rows: sorted }]
  const groups = new Map<string, SequenceRow[]>()
  for (const row of sorted) {
    const key = groupKey(row, by.groupBy)
    const list = groups.get(key)
    if (list) list.push(row)
    else groups.set(key, [row])
  }
  const first = new Map<string, number>()
  const all = by.groupBy === "job" ? rows : shown
  for (const [index, row] of all.entries()) {
    const key = groupKey(row, by.groupBy)
    const begin = row.begin ?? later + index
    first.set(key, Math.min(first.get(key) ?? begin, begin))
  }
  return [...groups]
    .map(([key, list]) => ({ id: key, name: key, rows: list }))
    .sort((a, b) => (first.get(a.id) ?? later) - (first.get(b.id) ?? later))
}

/** After every time there is. */
const later = 1e15

function groupKey(row: SequenceRow, by: Exclude<GroupBy, "none">): string {
  switch (by) {
    case "job":
      return row.item.group
    case "node":
      return nodeOf(row.item)
    case "phase":
      return row.phase
  }
}

function sortRows(rows: readonly SequenceRow[], by: Arrangement, now: number): SequenceRow[] {
  const sign = by.isDescending ? -1 : 1
  const start = (row: SequenceRow) => row.begin ?? later
  const tie = (a: SequenceRow, b: SequenceRow) =>
    start(a) - start(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  switch (by.sortBy) {
    case "start":
      return rows.toSorted((a, b) => restLast(a, b) || sign * (start(a) - start(b)) || tie(a, b))
    case "name":
      return rows.toSorted((a, b) => sign * compareNames(a.name, b.name) || tie(a, b))
    case "node":
      return rows.toSorted(
        (a, b) => sign * compareNames(nodeOf(a.item), nodeOf(b.item)) || tie(a, b),
      )
    case "phase":
      return rows.toSorted((a, b) => sign * (worst(a.phase) - worst(b.phase)) || tie(a, b))
    case "index":
      return rows.toSorted(
        (a, b) =>
          restLast(a, b) || sign * ((a.item.index ?? later) - (b.item.index ?? later)) || tie(a, b),
      )
    default: {
      const { sortBy } = by
      const lengths = new Map(rows.map((row) => [row, figuresOf(row, now)[sortBy]]))
      return rows.toSorted(
        (a, b) => sign * ((lengths.get(a) ?? 0) - (lengths.get(b) ?? 0)) || tie(a, b),
      )
    }
  }
}

/** What has not begun stands below what has, whichever way it is sorted. */
function restLast(a: SequenceRow, b: SequenceRow): number {
  return Number(a.begin === undefined) - Number(b.begin === undefined)
}

function compareNames(a: string, b: string): number {
  return collator.compare(a, b)
}

const collator = new Intl.Collator("en", { numeric: true })
