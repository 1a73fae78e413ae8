import type { Problem } from "../problem.ts"
import { trimmed } from "./cursor.ts"
import type { TaskItem } from "./taskItem.ts"

/** In JSON a comma stands between tasks. Each task is read without it, so its absence is told here. */
export function missingCommas(
  items: readonly TaskItem[],
): readonly { readonly item: TaskItem; readonly problem: Problem }[] {
  return items.slice(0, -1).flatMap((item) => {
    const end = trimmed(item.text, item.text.length)
    if (item.text.charAt(end - 1) === ",") return []
    const problem: Problem = {
      code: "syntax",
      severity: "error",
      message: "A comma is missing between this task and the next.",
      span: { start: end - 1, end },
    }
    return [{ item, problem }]
  })
}
