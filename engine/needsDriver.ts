import { readExecutionMetadata } from "#core/plan/execution"
import { listOf, objectOf } from "#core/plan/json"
import { openWishes } from "#core/run/wishes"
import type { StoredExecution } from "./cluster.ts"

/**
 * Whether the run is not over, or a wish for it waits. Reads as little as it can: it is asked at
 * every pass, and a status may be long.
 */
export function needsDriver({ object }: Pick<StoredExecution, "object">): boolean {
  const { phase, finishedAt, observedWishes } = objectOf(object.status)
  const isOver =
    phase === "Error" || (typeof finishedAt === "string" && phase !== "Running" && phase !== "")
  if (!isOver) return true
  const done = listOf(observedWishes).filter((id) => typeof id === "string")
  return openWishes(readExecutionMetadata(object).annotations, done).length > 0
}
