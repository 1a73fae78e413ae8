import type { RunStatus } from "./status.ts"
import { formatTime } from "./time.ts"

/** The status of an Execution that cannot be run as it is written; it ends there. */
export function refuse(reasons: readonly string[], status: RunStatus, now: number): RunStatus {
  if (status.phase === "Error" || status.finishedAt !== undefined) return status
  const [first = "it cannot be read", ...others] = reasons
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`
  const at = formatTime(now)
  return {
    ...status,
    phase: "Error",
    message: `${first}${more}`,
    startedAt: status.startedAt ?? at,
    finishedAt: at,
  }
}
