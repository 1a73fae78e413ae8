import { readExecutionMetadata } from "#core/plan/execution"
import { objectOf, textOf } from "#core/plan/json"
import type { JobFacts } from "#core/run/observed"
import { strays } from "#core/run/strays"
import type { Cluster, StoredExecution } from "./cluster.ts"
import { needsDriver } from "./needsDriver.ts"

/** Deletes the Jobs that came to be after the end of a run. */
export async function deleteStrays(cluster: Cluster, stored: StoredExecution): Promise<void> {
  const { key } = stored
  const seen = straysOf(stored, cluster.world(key).jobs.values())
  if (seen.length === 0) return
  // Of a run that is tried again its Jobs may be heard of before the wish for that is.
  const now = await cluster.readExecution(key)
  if (now === undefined || needsDriver(now)) return
  const namespace = key.slice(0, key.indexOf("/"))
  for (const { name, uid } of straysOf(now, seen)) await cluster.deleteJob(namespace, name, uid)
}

function straysOf({ uid, object }: StoredExecution, jobs: Iterable<JobFacts>): readonly JobFacts[] {
  // They go with it.
  if (readExecutionMetadata(object).deletedAt !== undefined) return []
  return strays(jobs, uid, textOf(objectOf(object.status).finishedAt))
}
