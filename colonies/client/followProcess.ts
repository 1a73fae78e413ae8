import { listenToProcess } from "./processEvents.ts"
import { type ProcessRecord, processState } from "./records.ts"
import type { ColoniesServer } from "./server.ts"

/** How often one looks without being woken: seldom when the server tells, often when it cannot. */
const heardMs = 15_000
const unheardMs = 1_000

/**
 * The process as it is, then each time it changed, until it has ended or the signal is raised. A
 * subscription only wakes; the truth is read, so nothing that was missed stays missed.
 */
export async function* followProcess(
  server: ColoniesServer,
  colony: string,
  processId: string,
  signal: AbortSignal,
): AsyncGenerator<ProcessRecord, void> {
  const over = new AbortController()
  const ends = AbortSignal.any([signal, over.signal])
  const bell = newBell()
  const events = listenToProcess(server, colony, processId, bell.ring, ends)
  let last = ""
  try {
    while (true) {
      const heard = bell.next()
      const process = await server.call("getprocessmsg", { processid: processId }, { signal })
      const now = `${process.state} ${process.retries} ${process.assignedexecutorid} ${process.endtime}`
      if (now !== last) {
        last = now
        yield process
      }
      if (isOver(process)) return
      await heard(events.isHeard() ? heardMs : unheardMs, signal)
    }
  } finally {
    over.abort()
  }
}

export function isOver({ state }: Pick<ProcessRecord, "state">): boolean {
  return state !== processState.waiting && state !== processState.running
}

/** `next()` is taken before one looks, so a ring while looking is not lost. */
function newBell() {
  let ring = () => {}
  return {
    ring: () => ring(),
    next() {
      const rung = new Promise<void>((resolve) => {
        ring = resolve
      })
      return (ms: number, signal: AbortSignal) =>
        new Promise<void>((resolve, reject) => {
          const end = () => {
            clearTimeout(timer)
            signal.removeEventListener("abort", stop)
            resolve()
          }
          const stop = () => {
            clearTimeout(timer)
            reject(signal.reason)
          }
          const timer = setTimeout(end, ms)
          signal.addEventListener("abort", stop, { once: true })
          if (signal.aborted) stop()
          void rung.then(end)
        })
    },
  }
}
