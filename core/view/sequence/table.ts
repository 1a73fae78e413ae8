import { phaseLooks } from "../phase.ts"
import { type Figures, figuresOf, isKnown, type SequenceRow } from "./row.ts"

/** A column of the table and of the CSV. */
export interface Column {
  readonly id: ColumnId
  readonly isNumber: boolean
  /** Milliseconds for lengths, text otherwise; undefined where there is nothing to say. */
  readonly value: (row: SequenceRow, now: number) => string | number | undefined
}

export const columnIds = [
  "name",
  "phase",
  "group",
  "step",
  "index",
  "try",
  "node",
  "start",
  "end",
  "waited",
  "cold",
  "work",
  "total",
  "reason",
] as const
export type ColumnId = (typeof columnIds)[number]

export const lengthColumns: readonly ColumnId[] = ["waited", "cold", "work", "total"]
export const timeColumns: readonly ColumnId[] = ["start", "end"]

export const columns: Readonly<Record<ColumnId, Column>> = {
  name: text("name", ({ name, count, item }) => name || `${count} × ${item.group}`),
  phase: text("phase", ({ phase }) => phaseLooks[phase].word),
  group: text("group", ({ item }) => item.group),
  step: text("step", ({ item }) => item.step),
  index: number("index", ({ item }) => item.index),
  try: number("try", ({ tries }) => (tries === 0 ? undefined : tries)),
  node: text("node", ({ item }) => (item.kind === "pod" ? item.node : undefined)),
  start: number("start", ({ begin }) => begin),
  end: number("end", ({ end }) => end),
  waited: figure("waited"),
  cold: figure("cold"),
  work: figure("work"),
  total: figure("total"),
  reason: text("reason", ({ reason }) => reason),
}

function figure(id: keyof Figures): Column {
  return number(id, (row, now) => (isKnown(row, id) ? figuresOf(row, now)[id] : undefined))
}

function text(id: ColumnId, value: Column["value"]): Column {
  return { id, isNumber: false, value }
}

function number(id: ColumnId, value: Column["value"]): Column {
  return { id, isNumber: true, value }
}

/** RFC 4180: lengths in seconds, times in RFC 3339, a line for each row. */
export function csvOf(
  rows: readonly SequenceRow[],
  chosen: readonly ColumnId[],
  titles: Readonly<Record<ColumnId, string>>,
  now: number,
): string {
  const lines = rows.map((row) => chosen.map((id) => csvCell(id, columns[id].value(row, now))))
  const head = chosen.map((id) =>
    quote(lengthColumns.includes(id) ? `${titles[id]} (s)` : titles[id]),
  )
  return [head, ...lines].map((cells) => `${cells.join(",")}\r\n`).join("")
}

function csvCell(id: ColumnId, value: string | number | undefined): string {
  if (value === undefined) return ""
  if (typeof value === "string") return quote(value)
  if (timeColumns.includes(id)) return new Date(value).toISOString().replace(".000Z", "Z")
  return String(lengthColumns.includes(id) ? value / 1000 : value)
}

/** A text that a spreadsheet would take for a formula is told to be text. */
function quote(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
