import { ColonyError } from "../client/colonyError.ts"
import { followProcess } from "../client/followProcess.ts"
import { type ProcessRecord, processState, timeOf } from "../client/records.ts"
import type { ColoniesServer } from "../client/server.ts"
import { pause } from "../pause.ts"
import { attemptOf } from "./attempt.ts"
import { LeaseLost } from "./leaseLost.ts"

const againMs = 1_000
/** The server looks at its deadlines each second. */
const afterDeadlineMs = 1_500

/**
 * Watches until `over` is raised whether a process is still ours; calls `lost` once when it is not. A
 * server that cannot be reached says nothing about that: one waits for it.
 */
export function watchLease(
  server: ColoniesServer,
  colony: string,
  process: ProcessRecord,
  lost: (why: LeaseLost) => void,
  over: AbortSignal,
): void {
  const { jobName, processId } = attemptOf(process)
  const isOurs = (now: ProcessRecord) =>
    now.state === processState.running &&
    now.assignedexecutorid === server.id &&
    attemptOf(now).jobName === jobName

  const told = new AbortController()
  const ends = AbortSignal.any([over, told.signal])
  const tell = (now: ProcessRecord) => {
    if (isOurs(now)) return
    told.abort()
    // Ended as we ended it, or not ours.
    if (!over.aborted)
      lost(new LeaseLost(now.state === processState.cancelled ? "cancelled" : "lost"))
  }
  const again = async (look: () => Promise<void>) => {
    while (!ends.aborted) {
      try {
        await look()
      } catch (error) {
        if (ends.aborted) return
        if (error instanceof ColonyError && isGone(error)) {
          told.abort()
          lost(new LeaseLost("lost"))
          return
        }
        await pause(againMs, ends).catch(() => {})
      }
    }
  }
  void again(async () => {
    for await (const now of followProcess(server, colony, processId, ends)) tell(now)
  })
  // A server may tell of a process that was given back only when it is asked.
  const deadline = timeOf(process.execdeadline)?.getTime()
  if (deadline === undefined) return
  void again(async () => {
    await pause(Math.max(againMs, deadline + afterDeadlineMs - Date.now()), ends)
    tell(await server.call("getprocessmsg", { processid: processId }, { signal: ends }))
  })
}

function isGone({ kind }: ColonyError): boolean {
  return kind === "not-found" || kind === "forbidden"
}
