import { WebSocket } from "undici"
import { pause } from "../pause.ts"
import { open } from "./envelope.ts"
import { type ProcessRecord, type ProcessState, processState } from "./records.ts"
import type { ColoniesServer } from "./server.ts"

/** The server ends a subscription after so long by cutting the connection; a new one follows. */
const subscriptionSeconds = 600
const reconnectMs = [250, 500, 1_000, 2_000]
const longestReconnectMs = 5_000

export interface ProcessEvents {
  /** Whether hints are to be expected, so that one can look more seldom. */
  readonly isHeard: () => boolean
  /** From now on these, and no others. */
  readonly follow: (processIds: ReadonlySet<string>) => void
}

/**
 * Calls `wake` whenever the process may have changed its state, until the signal is raised. It is
 * a hint and nothing more: whoever is woken reads the process.
 */
export function listenToProcess(
  server: ColoniesServer,
  colony: string,
  processId: string,
  wake: () => void,
  signal: AbortSignal,
): Pick<ProcessEvents, "isHeard"> {
  const events = listenToProcesses(server, colony, wake, signal)
  events.follow(new Set([processId]))
  return events
}

/** As `listenToProcess` for many, over one connection that is there while any are followed. */
export function listenToProcesses(
  server: ColoniesServer,
  colony: string,
  wake: (processId: string) => void,
  signal: AbortSignal,
): ProcessEvents {
  let followed: ReadonlySet<string> = new Set()
  const subscribed = new Set<string>()
  let socket: WebSocket | undefined
  let isOpen = false
  let isWanted = false
  let failures = 0

  function subscribe(to: WebSocket): void {
    for (const id of followed) {
      if (subscribed.has(id)) continue
      subscribed.add(id)
      for (const state of states) to.send(server.seal(...subscription(colony, id, state)))
    }
  }

  function connect(): void {
    if (signal.aborted || followed.size === 0) {
      isWanted = false
      return
    }
    isWanted = true
    const made = new WebSocket(server.webSocketUrl, { dispatcher: server.dispatcher })
    socket = made
    const stop = () => made.close()
    signal.addEventListener("abort", stop, { once: true })
    made.addEventListener("open", () => {
      subscribe(made)
      isOpen = true
      failures = 0
      // What happened between the last connection and this one was not heard.
      for (const id of followed) wake(id)
    })
    made.addEventListener("message", ({ data }) => {
      try {
        const { processid } = open(String(data), server.address).value as Partial<ProcessRecord>
        if (processid !== undefined) wake(processid)
      } catch {
        // A refused subscription: the reader's own requests will say why.
        made.close()
      }
    })
    // An error is always followed by a close.
    made.addEventListener("error", () => {})
    made.addEventListener("close", () => {
      signal.removeEventListener("abort", stop)
      isOpen = false
      subscribed.clear()
      if (signal.aborted) return
      const pauseMs = reconnectMs[failures] ?? longestReconnectMs
      failures += 1
      pause(pauseMs, signal).then(connect, () => {})
    })
  }

  return {
    isHeard: () => isOpen,
    follow: (processIds) => {
      followed = processIds
      if (isOpen && socket) subscribe(socket)
      else if (!isWanted) connect()
    },
  }
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
