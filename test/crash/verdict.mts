import { setTimeout as pause } from "node:timers/promises"
import { readChanges } from "../cluster/judge/auditLog.mts"
import { judge } from "../cluster/judge/judge.mts"

const looks = 40
const pauseMs = 250

/**
 * What the judge has against the runs of a namespace, who knows nothing but the API server's log from
 * that size on. A line is written a moment after what it tells of was seen, so what is wrong is looked at
 * again; what is really wrong stays so.
 */
export async function verdictOf(
  log: string,
  namespace: string,
  from: number,
): Promise<readonly string[]> {
  for (let look = 1; ; look++) {
    const { stories, violations } = judge(await readChanges(log, namespace, from))
    const found = violations.map(
      ({ invariant, run, sentence }) => `${run} ${invariant}: ${sentence}`,
    )
    // A log in which nothing happened proves nothing.
    if (stories.length === 0) found.push("the log has no run")
    if (found.length === 0 || look === looks) return found
    await pause(pauseMs)
  }
}
