import { createHash } from "node:crypto"
import type { ProcessRecord } from "../client/records.ts"

/**
 * One assignment of a process: the same process, given back and assigned again, is another one.
 * Whoever reads the process again comes to the same name, also after a restart.
 */
export interface Attempt {
  readonly processId: string
  /** Of its Job; a second creation of the same is refused by the cluster. */
  readonly jobName: string
}

export function attemptOf({ processid, starttime, retries }: ProcessRecord): Attempt {
  const which = createHash("sha256")
    .update(`${processid} ${Date.parse(starttime)} ${retries}`)
    .digest("hex")
  return {
    processId: processid,
    jobName: `kubeexecutor-${processid.slice(0, 16)}-${which.slice(0, 8)}`,
  }
}

/** A label of at most 63 characters for names that may be longer and have anything in them. */
export function labelOf(name: string): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 32)
}
