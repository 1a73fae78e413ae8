import { viewPhases } from "#core/view/phase"
import {
  type Arrangement,
  groupByList,
  plainArrangement,
  rowsByList,
  sortByList,
} from "#core/view/sequence/rows"
import { type ColumnId, columnIds } from "#core/view/sequence/table"
import { type Look, looks } from "./protocol.ts"

/** How a person looks at it: what survives a reload. */
export interface Kept {
  readonly look: Look
  readonly by: Arrangement
  readonly cutsGaps: boolean
  readonly arrows: boolean
  readonly folded: readonly string[]
  readonly columns: readonly ColumnId[]
  readonly selected: string | undefined
  /** Between which times, in milliseconds since 1970; undefined: all of it, and following. */
  readonly zoomed: readonly [number, number] | undefined
  readonly top: number
}

const firstColumns: readonly ColumnId[] = [
  "name",
  "phase",
  "group",
  "node",
  "start",
  "waited",
  "cold",
  "work",
  "total",
  "reason",
]

/** What an earlier page kept, as far as it can be made sense of. */
export function readKept(kept: unknown, look: Look): Kept {
  const one = objectOf(kept)
  const by = objectOf(one.by)
  const zoomed = Array.isArray(one.zoomed) ? one.zoomed : []
  const [from, to] = zoomed
  const columns = listOf(one.columns).flatMap((id) => columnIds.find((known) => known === id) ?? [])
  return {
    look: looks.find((known) => known === one.look) ?? look,
    by: {
      rowsBy: rowsByList.find((known) => known === by.rowsBy) ?? plainArrangement.rowsBy,
      groupBy: groupByList.find((known) => known === by.groupBy) ?? plainArrangement.groupBy,
      sortBy: sortByList.find((known) => known === by.sortBy) ?? plainArrangement.sortBy,
      isDescending: by.isDescending === true,
      find: typeof by.find === "string" ? by.find : "",
      phases: listOf(by.phases).flatMap((phase) => viewPhases.find((one) => one === phase) ?? []),
    },
    cutsGaps: one.cutsGaps !== false,
    arrows: one.arrows === true,
    folded: listOf(one.folded).filter((id) => typeof id === "string"),
    columns: columns.length > 0 ? columns : firstColumns,
    selected: typeof one.selected === "string" ? one.selected : undefined,
    zoomed:
      typeof from === "number" && typeof to === "number" && to > from ? [from, to] : undefined,
    top: typeof one.top === "number" ? one.top : 0,
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
