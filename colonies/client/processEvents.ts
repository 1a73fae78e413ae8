import { WebSocket } from "undici"
import { open } from "./envelope.ts"
import { type ProcessState, processState } from "./records.ts"
import type { ColoniesServer } from "./server.ts"

/** The server ends a subscription after so long by cutting the connection; a new one follows. */
const subscriptionSeconds = 600
const reconnectMs = [250, 500, 1_000, 2_000, 5_000]

/**
 * Calls `wake` whenever the process may have changed its state, until the signal is raised. It is
 * a hint and nothing more: whoever is woken reads the process. `isHeard` says whether hints are to
 * be expected, so that one can look more seldom.
 */
export function listenToProcess(
  server: ColoniesServer,
  colony: string,
  processId: string,
  wake: () => void,
  signal: AbortSignal,
): { readonly isHeard: () => boolean } {
  let isOpen = false
  let failures = 0

  function connect(): void {
    if (signal.aborted) return
    const socket = new WebSocket(server.webSocketUrl, { dispatcher: server.dispatcher })
    const stop = () => socket.close()
    signal.addEventListener("abort", stop, { once: true })
    socket.addEventListener("open", () => {
      for (const state of states)
        socket.send(server.seal(...subscription(colony, processId, state)))
      isOpen = true
      failures = 0
      // What happened between the last connection and this one was not heard.
      wake()
    })
    socket.addEventListener("message", ({ data }) => {
      try {
        open(String(data), server.address)
        wake()
      } catch {
        // A refused subscription: the reader's own requests will say why.
        socket.close()
      }
    })
    // An error is always followed by a close.
    socket.addEventListener("error", () => {})
    socket.addEventListener("close", () => {
      signal.removeEventListener("abort", stop)
      isOpen = false
      if (signal.aborted) return
      const pauseMs = reconnectMs[Math.min(failures, reconnectMs.length - 1)]
      failures += 1
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", cancel)
        connect()
      }, pauseMs)
      const cancel = () => clearTimeout(timer)
      signal.addEventListener("abort", cancel, { once: true })
    })
  }

  connect()
  return { isHeard: () => isOpen }
}

const states: readonly ProcessState[] = Object.values(processState)

function subscription(
  colonyname: string,
  processid: string,
  state: ProcessState,
): [type: string, fields: object] {
  return [
    "subscribeprocessmsg",
    { colonyname, processid, executortype: "", state, timeout: subscriptionSeconds },
  ]
}
