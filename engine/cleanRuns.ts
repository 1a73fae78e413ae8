import { readExecutionMetadata } from "#core/plan/execution"
import { objectOf } from "#core/plan/json"
import { annotations } from "#core/plan/labels"
import { type DriverIdentity, mayDrive } from "#core/run/claim"
import { type EndedRun, expiredRuns, type Retention } from "#core/run/retention"
import type { Cluster } from "./cluster.ts"

export interface Cleaning {
  readonly cluster: Cluster
  /** Only runs that this driver may drive are deleted. */
  readonly self: DriverIdentity
  readonly retention: Retention
  readonly log: (line: string) => void
}

export const cleanMs = 30_000

/** Deletes the runs that are over and that the settings do not keep; once more later is no harm. */
export async function cleanRuns(
  { cluster, self, retention, log }: Cleaning,
  now: number,
): Promise<void> {
  const ended = [...cluster.runs()].flatMap((run): EndedRun[] => {
    const object = cluster.execution(run)?.object
    const { annotations: written, deletedAt } = readExecutionMetadata(object)
    const endedAt = Date.parse(String(objectOf(object?.status).finishedAt))
    const isOurs = mayDrive(self, written[annotations.driver]) && deletedAt === undefined
    const slash = run.indexOf("/")
    if (!isOurs || Number.isNaN(endedAt)) return []
    return [{ namespace: run.slice(0, slash), name: run.slice(slash + 1), endedAt }]
  })
  for (const { namespace, name } of expiredRuns(ended, retention, now)) {
    try {
      await cluster.deleteExecution(`${namespace}/${name}`)
      log(`${namespace}/${name}: deleted, as the settings say of runs that are over`)
    } catch (error) {
      log(`${namespace}/${name}: ${error instanceof Error ? error.message : error}`)
    }
  }
}
