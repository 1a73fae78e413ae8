import { setTimeout as pause } from "node:timers/promises"
import type { Api } from "../cluster/api.mts"
import { type Execution, executionsPath, type StoredStatus } from "../cluster/engine.mts"

/** What a person at the side sees of a run, past the engine and the proxy. */
export interface Followed {
  /** Resolves when the run is over and its steps are tried as often as they are meant to be. */
  ended(): Promise<StoredStatus>
  close(): void
}

/** Only ends what would never come true. */
const limitMs = 300_000

/**
 * Follows the run, and asks once for a retry when it has failed, as a person would. Deleted runs are
 * followed no further.
 */
export function followRun(api: Api, namespace: string, name: string): Followed {
  const stop = new AbortController()
  const waiters = new Set<(status: StoredStatus) => void>()
  let last: StoredStatus | undefined
  let isAsked = false
  const see = ({ status }: Execution) => {
    if (status === undefined) return
    last = status
    if (isFirstEnd(status) && !isAsked) {
      isAsked = true
      void askForRetry(api, namespace, name, stop.signal)
    }
    for (const waiter of [...waiters]) waiter(status)
  }
  void follow(api, executionsPath(namespace), name, stop.signal, see)
  return {
    ended: () =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          const seen = JSON.stringify(last ?? "nothing")
          reject(new Error(`"${name}" has not ended within ${limitMs / 1000} s; status: ${seen}`))
        }, limitMs)
        stop.signal.addEventListener("abort", () => clearTimeout(timer))
        const look = (status: StoredStatus) => {
          if (!status.finishedAt || isFirstEnd(status)) return
          clearTimeout(timer)
          waiters.delete(look)
          resolve(status)
        }
        waiters.add(look)
        if (last !== undefined) look(last)
      }),
    close: () => stop.abort(),
  }
}

/** The step that fails once has failed, and it is all over until somebody asks for more. */
function isFirstEnd({ finishedAt, vertices }: StoredStatus): boolean {
  const flaky = Object.values(vertices).find(({ id }) => id.endsWith(".flaky.0"))
  return typeof finishedAt === "string" && flaky?.phase === "Failed" && (flaky.attempt ?? 1) === 1
}

async function askForRetry(
  api: Api,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const wish = { id: crypto.randomUUID(), by: "anna" }
  const annotations = { "execution.kubegene.io/retry": JSON.stringify(wish) }
  await untilDone(signal, () => {
    return api.patch(executionsPath(namespace, name), { metadata: { annotations } })
  })
}

async function follow(
  api: Api,
  path: string,
  name: string,
  signal: AbortSignal,
  see: (run: Execution) => void,
): Promise<void> {
  const query = new URLSearchParams({ watch: "true", fieldSelector: `metadata.name=${name}` })
  while (!signal.aborted) {
    await untilDone(signal, () =>
      api.watch<Execution>(`${path}?${query}`, signal, ({ type, object }) => {
        if (type === "ADDED" || type === "MODIFIED") see(object)
      }),
    )
  }
}

/** Through whatever is done to the API server meanwhile. */
async function untilDone(signal: AbortSignal, request: () => Promise<unknown>): Promise<void> {
  while (!signal.aborted) {
    try {
      await request()
      return
    } catch {
      await pause(200)
    }
  }
}
