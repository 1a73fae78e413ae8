import { count, grouped } from "../check/count.ts"
import type { OpenDocument } from "../spec/openDocument.ts"
import type { TaskItem } from "../spec/taskItem.ts"

/** How many Jobs a document becomes: "128 Jobs", or "128 Jobs or more" where results decide. */
export function jobCount({ text }: OpenDocument): string {
  let known = 0
  let isOpen = false
  for (const { task } of text.items) {
    if (task.steps.kind === "known") known += task.steps.count
    else {
      known++
      isOpen = true
    }
  }
  return `${count(known, "Job")}${isOpen ? " or more" : ""}`
}

/** "waits for 2, needed by 3"; undefined for a task that stands alone. */
export function neighbours(item: TaskItem, document: OpenDocument): string | undefined {
  const { name, dependencies } = item.task
  const waits = new Set(dependencies.map(({ target }) => target.value)).size
  const needed = name
    ? (document.members?.waitingFor(name.value) ?? []).filter(({ task }) =>
        task.dependencies.some(({ target }) => target.value === name.value),
      ).length
    : 0
  const words = [
    ...(waits > 0 ? [`waits for ${grouped(waits)}`] : []),
    ...(needed > 0 ? [`needed by ${grouped(needed)}`] : []),
  ]
  return words.length > 0 ? words.join(", ") : undefined
}
