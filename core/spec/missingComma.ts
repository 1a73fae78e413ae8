import type { Problem } from "../problem.ts"
import { trimmed } from "./cursor.ts"
import type { TaskItem } from "./taskItem.ts"

/** In JSON a comma stands between tasks. Each task is read without it, so its absence is told here. */
export function missingComma(item: TaskItem): Problem {
  const end = endOf(item)
  return {
    code: "syntax",
    severity: "error",
    message: "A comma is missing between this task and the next.",
    span: { start: end - 1, end },
  }
}

export function endsWithComma(item: TaskItem): boolean {
  return item.text.charAt(endOf(item) - 1) === ","
}

/** Behind its last character that is no blank. */
export function endOf({ text }: TaskItem): number {
  return trimmed(text, text.length)
}
