import type { JobFacts } from "./observed.ts"
import type { Deletion } from "./stop.ts"
import { parseTime } from "./time.ts"

/**
 * The Jobs that came to be after the run had ended: a driver that was stopped for a while, and had
 * asked for them before, goes on where it was. Nobody waits for them, so whoever sees them deletes
 * them. What had begun before the end is none of these.
 */
export function strays(
  jobs: Iterable<JobFacts>,
  uid: string,
  finishedAt: string | undefined,
): readonly Deletion[] {
  const ended = finishedAt === undefined ? undefined : parseTime(finishedAt)
  if (ended === undefined || uid === "") return []
  const list: Deletion[] = []
  for (const job of jobs) {
    if (job.ownerUid !== uid || job.createdAt < ended) continue
    if (job.end ?? job.ending ?? job.deletedAt) continue
    list.push({ kind: "delete", job: job.name, uid: job.uid })
  }
  return list
}
