import type { LogRecord } from "./records.ts"
import type { ColoniesServer } from "./server.ts"

/** The most that the server hands out at once. */
const page = 500

/**
 * Everything a process logged after `since` so far, in order and each entry once. Follow it up with
 * the last entry's time.
 */
export async function* readLog(
  server: ColoniesServer,
  colony: string,
  processId: string,
  since: bigint,
  signal: AbortSignal,
): AsyncGenerator<LogRecord, bigint> {
  let last = since
  while (true) {
    const entries = await server.call(
      "getlogsmsg",
      {
        colonyname: colony,
        processid: processId,
        executorname: "",
        count: page,
        since: last,
        latest: false,
      },
      { signal },
    )
    for (const entry of entries ?? []) {
      last = BigInt(entry.timestamp)
      yield entry
    }
    if ((entries?.length ?? 0) < page) return last
  }
}
