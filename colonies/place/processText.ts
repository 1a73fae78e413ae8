import { writeYaml } from "#core/spec/convertText"
import type { EventView } from "#engine/protocol"
import { type ExecutorRecord, type ProcessRecord, processState, timeOf } from "../client/records.ts"

/** A process as the server tells of it. */
export function processText(process: ProcessRecord): string {
  return writeYaml(process)
}

/** What became of a process and when, as far as its record says. */
export function processEvents(
  process: ProcessRecord,
  executors: readonly ExecutorRecord[],
): readonly EventView[] {
  const about = `Process/${process.processid}`
  const event = (at: string, type: string, reason: string, message: string): EventView[] => {
    const lastAt = timeOf(at)?.getTime()
    return lastAt === undefined ? [] : [{ about, type, reason, message, count: 1, lastAt }]
  }
  const { assignedexecutorid, initiatorname, retries, state } = process
  const executor = executors.find(({ executorid }) => executorid === assignedexecutorid)
  const name = executor?.executorname ?? assignedexecutorid
  return [
    ...event(process.submissiontime, "Normal", "Submitted", `by "${initiatorname}"`),
    ...(assignedexecutorid === ""
      ? []
      : event(process.starttime, "Normal", "Assigned", `to "${name}"${retried(retries)}`)),
    ...ends(state, process.errors ?? []).flatMap(([type, reason, message]) =>
      event(process.endtime, type, reason, message),
    ),
  ]
}

function retried(retries: number): string {
  return retries === 0 ? "" : `, retry ${retries}`
}

function ends(
  state: ProcessRecord["state"],
  errors: readonly string[],
): readonly [type: string, reason: string, message: string][] {
  switch (state) {
    case processState.waiting:
    case processState.running:
      return []
    case processState.successful:
      return [["Normal", "Succeeded", ""]]
    case processState.failed:
      return [["Warning", "Failed", errors.join("; ")]]
    case processState.cancelled:
      return [["Warning", "Cancelled", ""]]
  }
}
