import type { JobFacts } from "./observed.ts"
import { parseTime } from "./time.ts"

/**
 * The Jobs that came to be after the run had ended: a driver that was stopped for a while, and had
 * asked for them before, goes on where it was. Nobody waits for them. What had begun before the end is
 * none of these.
 */
export function strays(
  jobs: Iterable<JobFacts>,
  uid: string,
  finishedAt: string | undefined,
): readonly JobFacts[] {
  const ended = finishedAt === undefined ? undefined : parseTime(finishedAt)
  if (ended === undefined || uid === "") return []
  return [...jobs].filter((job) => {
    const isEnding = job.end !== undefined || job.ending !== undefined
    return (
      job.ownerUid === uid && job.createdAt >= ended && !isEnding && job.deletedAt === undefined
    )
  })
}
