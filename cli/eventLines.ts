import type { EventView } from "#engine/protocol"
import { age } from "./duration.ts"
import { oneLine } from "./runTable.ts"
import { table } from "./table.ts"

/** Events as a table, oldest first. */
export function eventLines(
  events: readonly EventView[],
  now: number,
  width: number | undefined,
): readonly string[] {
  const rows = events.map(({ about, type, reason, message, count, lastAt }) => [
    age(now - lastAt),
    type,
    reason,
    about,
    count > 1 ? `${oneLine(message)} (${count} times)` : oneLine(message),
  ])
  return table(columns, rows, width)
}

const columns = [
  { head: "LAST", isNumber: true },
  { head: "TYPE" },
  { head: "REASON" },
  { head: "ABOUT" },
  { head: "MESSAGE" },
]
