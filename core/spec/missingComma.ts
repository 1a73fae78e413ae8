import type { Problem } from "../problem.ts"
import { trimmed } from "./cursor.ts"
import type { TaskItem } from "./taskItem.ts"

/** In JSON a comma stands between tasks. Each task is read without it, so its absence is told here. */
export function missingComma(item: TaskItem): Problem {
  const end = trimmed(item.text, item.text.length)
  return {
    code: "syntax",
    severity: "error",
    message: "A comma is missing between this task and the next.",
    span: { start: end - 1, end },
  }
}

export function endsWithComma({ text }: TaskItem): boolean {
  return text.charAt(trimmed(text, text.length) - 1) === ","
}
