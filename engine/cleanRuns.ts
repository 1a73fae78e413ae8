import { readExecutionMetadata } from "#core/plan/execution"
import { objectOf } from "#core/plan/json"
import { annotations } from "#core/plan/labels"
import { type DriverIdentity, mayDrive } from "#core/run/claim"
import { type EndedRun, expiredRuns, type Retention } from "#core/run/retention"
import type { Cluster, StoredExecution } from "./cluster.ts"
import { ClusterError } from "./clusterError.ts"
import { needsDriver } from "./needsDriver.ts"

export interface Cleaning {
  readonly cluster: Cluster
  /** Only runs that this driver may drive are deleted. */
  readonly self: DriverIdentity
  readonly retention: Retention
  readonly log: (line: string) => void
}

export const cleanMs = 30_000

/**
 * Deletes the runs that are over and that the settings do not keep; once more later is no harm. `now`
 * is of our clock; where a server has another one, the one that is behind counts, as a run that is
 * deleted too late is still there.
 */
export async function cleanRuns(
  { cluster, self, retention, log }: Cleaning,
  now: number,
): Promise<void> {
  const ended = [...cluster.runs()].flatMap((run): Ended[] => {
    const seen = cluster.execution(run)
    if (!seen || needsDriver(seen)) return []
    const { annotations: written, createdAt, deletedAt } = readExecutionMetadata(seen.object)
    const finishedAt = Date.parse(String(objectOf(seen.object.status).finishedAt))
    const isOurs = mayDrive(self, written[annotations.driver]) && deletedAt === undefined
    const slash = run.indexOf("/")
    if (!isOurs || Number.isNaN(finishedAt)) return []
    const endedAt = Math.max(finishedAt, createdAt ?? finishedAt)
    return [{ namespace: run.slice(0, slash), name: run.slice(slash + 1), endedAt, seen }]
  })
  const earliest = Math.min(now, cluster.serverTime?.() ?? now)
  for (const { namespace, name, seen } of expiredRuns(ended, retention, earliest)) {
    try {
      // By that name there may be another run by now, or somebody asked for a retry of this one.
      await cluster.deleteExecution(`${namespace}/${name}`, seen)
      log(`${namespace}/${name}: deleted, as the settings say of runs that are over`)
    } catch (error) {
      if (error instanceof ClusterError && error.kind === "conflict") continue
      log(`${namespace}/${name}: ${error instanceof Error ? error.message : error}`)
    }
  }
}

interface Ended extends EndedRun {
  readonly seen: StoredExecution
}
